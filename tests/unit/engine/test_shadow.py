"""A policy in shadow beside the one in force: it meets the same events and sends nothing; what differs is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relflow.builtins import Accounts
from relflow.engine import Engine, Shadow
from relflow.errors import ReentryError
from relflow.hooks import hookimpl
from relflow.policy import Policy, load
from relflow.results import Actor, Recorded
from relflow.stores import Link
from tests.strategies.engines import Moving, Postbox

START = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
CLERK, ROOT = Actor("zhang", ("clerk",)), Actor("root")
POLICY = """
policy: shop
version: 1
timezone: Asia/Shanghai
facts: {size: {type: number}}
roles: {clerk: {members: [zhang]}, chief: {members: [wang]}}
events: {moved: {}}
obligations: {hello: {of: account, event: moved, do: [{open: todo, with: {title: hello}}]}}
"""
TODO = """
workflow: todo
version: 1
data: {title: {type: string}}
roles: [clerk]
initial: open
states: {open: {events: {do: {to: done, by: clerk}}}, done: {final: true}}
"""
CLAIM = """
workflow: claim
version: 1
roles: [clerk, chief]
owner: clerk
data: {text: {type: string}, cause: {type: string}}
initial: new
states:
  new:
    events:
      take: {to: work, by: clerk, may: [cause]NEEDS, do: [{open: todo, with: {title: look}}, {notify: WHOM}]}
  work: {events: {finish: {to: done, by: clerk}, late: {to: done, after: 3 days}}}
  done: {final: true}
clocks: {answer: {from: new, until: done, within: LENGTH, steps: [{at: due, do: [{notify: clerk}]}]}}
"""


def policy(folder: Path, *, needs: str = "", whom: str = "clerk", length: str = "2 days") -> Policy:
    """A version of the policy."""
    folder.mkdir()
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (folder / "todo.yaml").write_text(TODO, encoding="utf-8")
    claim = CLAIM.replace("NEEDS", needs).replace("WHOM", whom).replace("LENGTH", length)
    (folder / "claim.yaml").write_text(claim, encoding="utf-8")
    return load(folder)


class Host:
    """Notes whatever goes out."""

    def __init__(self) -> None:
        self.projected: list[str] = []

    @hookimpl
    def relflow_project(self, tenant: str, recorded: Recorded, link: Link | None) -> None:
        """Keep columns in step."""
        self.projected.append(recorded.key)


@pytest.fixture
def clock() -> Moving:
    """Nine o'clock on a Monday."""
    return Moving(START)


def beside(tmp_path: Path, clock: Moving, candidate: Policy) -> tuple[Engine, Shadow, Postbox, Host]:
    """An engine with a candidate in its shadow; both on files."""
    postbox, host = Postbox(), Host()
    hosts = [Accounts({"C-1": {"size": 1}}), postbox, host]
    url = f"sqlite:///{tmp_path}/{{}}.db?synchronous=OFF"
    shadow = Shadow(candidate, store=url.format("shadow"), plugins=hosts, clock=clock)
    engine = Engine(policy(tmp_path / "one"), store=url.format("cases"), plugins=hosts, clock=clock, shadow=shadow)
    return engine, shadow, postbox, host


@pytest.fixture
def same(tmp_path: Path, clock: Moving) -> Iterator[tuple[Engine, Shadow, Postbox, Host]]:
    """The policy in the shadow of itself."""
    made = beside(tmp_path, clock, policy(tmp_path / "two"))
    yield made
    made[0].close()


def test_the_same_policy_in_shadow_does_the_same_and_sends_nothing(
    same: tuple[Engine, Shadow, Postbox, Host], clock: Moving
) -> None:
    """Openings, events at the case and at what it opened, signals, timers, moves past the rules."""
    engine, shadow, postbox, host = same
    one = engine.open("claim", account="C-1", data={"text": "x"}, actor=CLERK)
    clock.on(hours=5)
    one = engine.fire(one.id, "take", actor=CLERK, data={"cause": "rust"})
    engine.fire(one.children[0].id, "do", actor=CLERK)
    engine.signal("moved", account="C-1", event_id="s-1")
    two = engine.open("claim", account="C-1", data={"text": "y"}, actor=CLERK)
    engine.force(two.id, "work", actor=ROOT, because="x", approver="wang")
    engine.assign(two.id, "li", actor=ROOT)
    clock.on(days=2)
    engine.run_due()
    report = shadow.compare(engine)

    # two that the host opened, one that an obligation did
    assert report.text("en") == "cases compared: 3, the same: 3, from before the shadow: 0"
    assert report.text("zh") == "对照工单 3 件，其中一致 3 件；试行开始前的 0 件未对照"
    assert (report.cases, report.same, report.counts, report.differences) == (3, 3, {}, ())
    assert len(shadow.engine.cases()) == len(engine.cases()) == 4
    mirrored = shadow.engine.case(workflow="claim", key=one.id)
    assert [child.closed for child in mirrored.children] == [True]
    assert len(postbox.sent) == 3 == len({sent.key for sent in postbox.sent})
    assert all(sent.case in {one.id, two.id} for sent in postbox.sent)
    assert [notice.status for notice in shadow.engine.outbox()] == ["ready"] * 3
    assert not [key for key in host.projected if key.startswith(mirrored.id)]
    assert all(recorded.case.id != mirrored.id for recorded in postbox.seen)


def test_what_a_candidate_would_do_otherwise_is_reported(tmp_path: Path, clock: Moving) -> None:
    """Another due, another recipient, an event that it refuses; the policy in force goes on undisturbed."""
    candidate = policy(tmp_path / "two", needs=", needs: [cause]", whom="chief", length="1 day")
    engine, shadow, _, _ = beside(tmp_path, clock, candidate)
    with engine:
        late = engine.open("claim", account="C-1", data={"text": "x"}, actor=CLERK)
        good = engine.open("claim", account="C-1", data={"text": "y"}, actor=CLERK)
        engine.fire(late.id, "take", actor=CLERK)
        engine.fire(good.id, "take", actor=CLERK, data={"cause": "rust"})
        report = shadow.compare(engine)
        first = shadow.compare(engine, limit=1)

    assert (report.cases, report.same) == (2, 0)
    assert report.counts == {"refused": 1, "state": 1, "due": 3, "messages": 3, "opened": 1}
    said = [one.text("en") for one in report.differences]
    assert f"{late.id} state: in force work, in shadow new" in said
    assert f"{good.id} answer: in force 2026-03-04 09:00, in shadow 2026-03-03 09:00" in said
    assert f"{good.id} new.take → wang: in force 0, in shadow 1" in said
    assert any("needs cause" in one and one.startswith(late.id) for one in said)
    assert any("试行 “take”需要填写：cause" in one.text("zh") for one in report.differences)
    assert (len(first.differences), first.counts) == (1, report.counts)


DUTIES = """
policy: shop
version: 1
timezone: Asia/Shanghai
facts: {size: {type: number}}
roles: {clerk: {members: [zhang]}, chief: {members: [wang]}}
events: {moved: {}}
obligations:
  hello: {of: account, event: moved, do: [{open: todo, with: {title: hello}}]}
  tell: {of: account, event: moved, do: [{notify: WHOM}]}
  big: {of: account, becomes: size > LEAST, do: [{open: todo, with: {title: big}}]}
  watched: {of: claim, becomes: state = "work", do: [{open: todo, with: {title: watched}}]}
"""


def duties(folder: Path, *, whom: str = "clerk", least: int = 0, without: str = "no such line") -> Policy:
    """A policy whose obligations open cases, about accounts and about cases."""
    policy(folder)
    text = DUTIES.replace("WHOM", whom).replace("LEAST", str(least))
    lines = [line for line in text.splitlines() if not line.strip().startswith(f"{without}:")]
    (folder / "policy.yaml").write_text("\n".join(lines), encoding="utf-8")
    return load(folder)


def busy(tmp_path: Path, clock: Moving, candidate: Policy) -> tuple[Engine, Shadow]:
    """A day on which obligations open cases by a signal, by a condition and about a case, and people work on them."""
    hosts = [Accounts({"C-1": {"size": 1}})]
    shadow = Shadow(candidate, plugins=hosts, clock=clock)
    engine = Engine(duties(tmp_path / "one"), plugins=hosts, clock=clock, shadow=shadow)
    engine.run_due()
    for number in (1, 2):
        engine.signal("moved", account="C-1", event_id=f"s-{number}")
        (hello,) = [case for case in engine.cases(workflow="todo", open_only=True) if case.data["title"] == "hello"]
        clock.on(hours=1)
        if number == 1:
            engine.fire(hello.id, "do", actor=CLERK)
    claim = engine.open("claim", account="C-1", data={"text": "x"}, actor=CLERK)
    engine.fire(claim.id, "take", actor=CLERK)
    (watched,) = [case for case in engine.cases(workflow="todo") if case.data["title"] == "watched"]
    engine.fire(watched.id, "do", actor=CLERK)
    return engine, shadow


def test_what_obligations_open_is_compared_pair_by_pair(tmp_path: Path, clock: Moving) -> None:
    """By account and by case, what people do to them included; the same policy does the same."""
    engine, shadow = busy(tmp_path, clock, duties(tmp_path / "two"))
    with engine:
        report = shadow.compare(engine)
    # big, hello twice, the claim, and what watches it
    assert (report.cases, report.same, report.unknown, report.counts) == (5, 5, 0, {}), report.text()


@pytest.mark.parametrize(
    ("changed", "counts", "said"),
    [
        ({"without": "hello"}, {"opened": 2}, "hello/todo C-1: in force 1, in shadow 0"),
        ({"without": "watched"}, {"opened": 1}, "watched/todo"),
        ({"least": 5}, {"opened": 1}, "big/todo C-1: in force 1, in shadow 0"),
        ({"whom": "chief"}, {"messages": 4}, "→ wang: in force 0, in shadow 1"),
    ],
)
def test_what_obligations_would_do_otherwise_is_reported(
    tmp_path: Path, clock: Moving, changed: dict[str, Any], counts: dict[str, int], said: str
) -> None:
    """A case that only one side opened, a message that another person gets, each named with what it is about."""
    engine, shadow = busy(tmp_path, clock, duties(tmp_path / "two", **changed))
    with engine:
        report = shadow.compare(engine)
    assert report.counts == counts, report.text()
    assert any(said in one.text("en") for one in report.differences), report.text()


LEVELS = """
decisions:
  says:
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | size || tier |
      | >= 9 || high |
      | -    || low  |
tiers: {tier: {from: says, levels: [high, low], lower_after: 2 years}}
"""


def test_a_shadow_inherits_what_is_known_of_accounts(tmp_path: Path, clock: Moving) -> None:
    """Levels and rhythms go on where they stand in force, so that the same policy does the same; once is enough."""
    made = []
    text = DUTIES.replace("WHOM", "clerk").replace("becomes: size > LEAST", "every: 6 months")
    for name in ("one", "two"):
        duties(tmp_path / name)
        (tmp_path / name / "policy.yaml").write_text(text + LEVELS, encoding="utf-8")
        made.append(load(tmp_path / name))
    accounts: dict[str, dict[str, object]] = {"C-1": {"size": 9}}
    url = f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"
    with Engine(made[0], store=url, plugins=[Accounts(accounts)], clock=clock) as before:
        before.reassess()
        before.run_due()
    accounts["C-1"]["size"] = 1
    clock.on(days=30)
    shadow = Shadow(made[1], plugins=[Accounts(accounts)], clock=clock)
    with Engine(made[0], store=url, plugins=[Accounts(accounts)], clock=clock, shadow=shadow) as engine:
        assert (shadow.has_begun(), shadow.inherit(engine), shadow.has_begun()) == (False, 2, True)
        assert shadow.inherit(engine) == 0
        engine.run_due()
        assert shadow.engine.cases() == []
        assert shadow.engine.standings("tier", ["C-1"])["C-1"].level == "high"
        clock.on(days=160)
        engine.run_due()
        report = shadow.compare(engine)
    assert (report.cases, report.same, report.counts) == (1, 1, {}), report.text()


def test_a_shadow_inherits_what_is_known_of_items(tmp_path: Path, clock: Moving) -> None:
    """What was carried out for an item of a list before the shadow began is not carried out again by the shadow."""
    duty = "person: {of: people, becomes: item.hot, do: [{open: todo, with: {title: = item.name}}]}"
    made = []
    for name in ("one", "two"):
        policy(tmp_path / name)
        text = POLICY.replace(
            "facts: {",
            "records: {person: {name: {type: string}, hot: {type: boolean}}}\nfacts: {people: {type: [person]}, ",
        )
        text = text[: text.index("obligations:")] + f"obligations: {{{duty}}}\n"
        (tmp_path / name / "policy.yaml").write_text(text, encoding="utf-8")
        made.append(load(tmp_path / name))
    people = [{"name": name, "hot": name != "Lin"} for name in ("Wu", "Lin", "Zhao")]
    accounts: dict[str, dict[str, object]] = {f"C-{n}": {"size": 9, "people": people} for n in range(3)}
    url = f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"
    with Engine(made[0], store=url, plugins=[Accounts(accounts)], clock=clock) as before:
        before.run_due()
        assert len(before.cases()) == 6
    clock.on(days=1)
    shadow = Shadow(made[1], plugins=[Accounts(accounts)], clock=clock)
    with Engine(made[0], store=url, plugins=[Accounts(accounts)], clock=clock, shadow=shadow) as engine:
        assert shadow.inherit(engine) == 6
        engine.run_due()
        assert shadow.engine.cases() == []


def test_a_shadow_that_begins_later_leaves_older_cases_aside(tmp_path: Path, clock: Moving) -> None:
    """Events of cases that it does not have are no difference."""
    url = f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"
    accounts = Accounts({"C-1": {"size": 1}})
    with Engine(policy(tmp_path / "zero"), store=url, plugins=[accounts], clock=clock) as before:
        old = before.open("claim", account="C-1", data={"text": "x"}, actor=CLERK)
    engine, shadow, _, _ = beside(tmp_path, clock, policy(tmp_path / "two"))
    with engine:
        engine.fire(old.id, "take", actor=CLERK)
        engine.open("claim", account="C-1", data={"text": "y"}, actor=CLERK)
        report = shadow.compare(engine)
    assert (report.cases, report.same, report.unknown) == (1, 1, 1)


def test_whatever_goes_wrong_in_shadow_stays_there(tmp_path: Path, clock: Moving) -> None:
    """A store that is closed, a loader that raises: the engine in force goes on."""
    engine, shadow, _, _ = beside(tmp_path, clock, policy(tmp_path / "two"))
    case = engine.open("claim", account="C-1", data={"text": "x"}, actor=CLERK)
    shadow.engine.store.close()
    assert engine.fire(case.id, "take", actor=CLERK).state == "work"
    engine.run_due()
    engine.close()


def test_a_rolled_back_step_leaves_no_shadow(same: tuple[Engine, Shadow, Postbox, Host]) -> None:
    """Only what was committed is mirrored, signals included."""
    engine, shadow, _, _ = same

    def broken_off() -> None:
        with engine.unit() as unit:
            unit.open("claim", account="C-1", data={"text": "x"}, actor=CLERK)
            unit.signal("moved", account="C-1", event_id="s-1")
            raise ReentryError("stop")

    with pytest.raises(ReentryError):
        broken_off()
    assert shadow.engine.cases() == []
