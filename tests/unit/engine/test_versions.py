"""Cases and versions: they stay on theirs, move on purpose and whole, and a policy is adopted knowingly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relflow.builtins import Accounts
from relflow.engine import Engine
from relflow.errors import RefusedError, StoreError
from relflow.policy import Policy, load
from relflow.results import Actor, Case
from tests.strategies.engines import Moving

START = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
CLERK, ADMIN = Actor("zhang", ("clerk",)), Actor("root")
POLICY = """
policy: shop
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
facts: {annual: {type: number}}
parameters: {answer: {type: duration, value: 8 working hours}}
roles: {clerk: {}, chief: {}}
decisions:
  says:
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | annual  || tier    |
      |---------||---------|
      | >= LIMIT || key     |
      | -       || regular |
tiers: {tier: {from: says, levels: [key, regular]}}
"""
FIRST = """
workflow: claim
version: 1
roles: [clerk, chief]
expects: {answer: {type: duration}}
data:
  text: {type: string, required: true, label: {en: What is wrong, zh: 问题}}
  phone: {type: string, personal: true}
  note: {type: string}
initial: new
states:
  new: {events: {take: {to: work, by: [clerk], may: [phone, note]}}}
  work:
    events:
      finish: {to: done, by: {all: [clerk, chief]}, not_by: []}
      drop: {to: done, after: 5 days}
  done: {final: true}
clocks:
  respond: {from: new, until: [done], within: = answer, steps: [{at: 50%, do: [{notify: clerk}]}]}
"""
SECOND = """
workflow: claim
version: 2
roles: [clerk, chief]
data:
  text: {type: string, required: true, label: {en: What is wrong, zh: 问题}}
  telephone: {type: string, personal: true}
  remark: {type: string}
  cause: {type: string, required: true, label: {en: The cause, zh: 原因}}
initial: fresh
states:
  fresh: {events: {accept: {to: doing, by: [clerk]}}}
  doing:
    events:
      finish: {to: done, by: {all: [clerk, chief]}}
      drop: {to: done, after: 5 days}
  done: {final: true}
clocks:
  answering: {from: fresh, until: [done], within: 4 working hours, steps: [{at: 25%, do: [{notify: chief}]}]}
  working: {from: doing, until: [done], within: 3 working days}
always: [{in: doing, needs: [cause]}]
"""
ROUTE: dict[str, Any] = {
    "states": {"new": "fresh", "work": "doing"},
    "data": {"phone": "telephone", "note": "remark"},
    "clocks": {"respond": "answering"},
    "events": {"take": "accept"},
}


def policy(folder: Path, workflow: str, *, limit: int = 5000) -> Policy:
    """The policy with one version of the workflow."""
    folder.mkdir(exist_ok=True)
    (folder / "policy.yaml").write_text(POLICY.replace("LIMIT", str(limit)), encoding="utf-8")
    (folder / "claim.yaml").write_text(workflow, encoding="utf-8")
    return load(folder)


@pytest.fixture
def clock() -> Moving:
    """Nine o'clock on a Monday."""
    return Moving(START)


@pytest.fixture(params=["memory:", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh store of either kind."""
    return "memory:" if request.param == "memory:" else f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"


@pytest.fixture
def running(tmp_path: Path, url: str, clock: Moving) -> Iterator[Engine]:
    """An engine under the first version."""
    accounts = Accounts({"C-1": {"annual": 6000}, "C-2": {"annual": 10}})
    with Engine(policy(tmp_path / "one", FIRST), store=url, plugins=[accounts], clock=clock) as made:
        yield made


def opened(running: Engine, **data: object) -> Case:
    """A claim."""
    return running.open("claim", account="C-1", data={"text": "leak", **data}, actor=CLERK)


def taken(running: Engine, **data: object) -> Case:
    """A claim somebody works on."""
    return running.fire(opened(running).id, "take", actor=CLERK, data=data)


def adopted(running: Engine, folder: Path, workflow: str = SECOND) -> None:
    """Put the other version in force."""
    running.adopt(policy(folder / "two", workflow))


def test_a_case_stays_on_its_version_until_it_is_moved(running: Engine, tmp_path: Path) -> None:
    """After an adoption an old case goes on as it began; a new one begins as the new version says."""
    old = taken(running, phone="139 tel 1")
    adopted(running, tmp_path)
    new = running.open("claim", account="C-1", data={"text": "x", "cause": "rust"}, actor=CLERK)

    assert (new.state, new.workflow_version) == ("fresh", "2")
    again = running.fire(old.id, "finish", actor=CLERK)
    assert (again.workflow_version, again.state) == ("1", "work")


def test_a_case_moves_whole(running: Engine, tmp_path: Path, clock: Moving) -> None:
    """Data under their new names, clocks with what they have consumed and were promised, signatures, who fired what."""
    case = taken(running, phone="139 tel 1", note="urgent")
    case = running.fire(case.id, "finish", actor=CLERK)
    clock.on(hours=1)
    adopted(running, tmp_path)
    report = running.migrate("claim", actor=ADMIN, because="version 2", approver="wang", **ROUTE)

    assert report.done
    (moved,) = report.moved
    assert (moved.before, moved.after) == (("1", "work"), ("2", "doing"))
    after = running.case(case.id)
    assert (after.state, after.workflow_version) == ("doing", "2")
    assert after.data == {
        "text": "leak",
        "telephone": "139 tel 1",
        "remark": "urgent",
        "cause": None,
    } or after.data == {
        "text": "leak",
        "telephone": "139 tel 1",
        "remark": "urgent",
    }
    assert after.fired_by == {"accept": ("zhang",)}
    assert after.approvals == {"finish": (("clerk", "zhang"),)}
    assert after.clocks["answering"].due_at == case.clocks["respond"].due_at
    assert after.clocks["answering"].running
    assert after.clocks["working"].started_at == clock.at
    assert after.clocks["after doing.drop"].due_at == case.clocks["after work.drop"].due_at
    entry = running.history(case.id)[-1]
    assert entry.trigger.data == {"from": "1", "to": "2", "because": "version 2", "approver": "wang"}
    assert entry.changes == {"telephone": "139 tel 1", "remark": "urgent", "phone": None, "note": None}
    assert [one.kind for one in moved.remarks] == ["needs"]
    assert "from version 1 to version 2" in running.timeline(case.id)[-1].render("en")
    assert "由版本 1 迁移到版本 2" in running.timeline(case.id)[-1].render("zh")
    assert running.verify(case.id) == []
    chief = Actor("wang", ("chief",))
    assert running.fire(case.id, "finish", actor=chief).closed


def test_personal_values_stay_apart_on_the_way(running: Engine, tmp_path: Path) -> None:
    """What is personal in the new version is sealed there, and can be erased."""
    case = taken(running, phone="139 tel 1")
    adopted(running, tmp_path)
    running.migrate("claim", actor=ADMIN, because="v2", **ROUTE)
    with running.store.unit(write=False) as unit:
        assert "139 tel 1" not in unit.history(case.id)[-1].body
    running.erase("C-1", actor=ADMIN, because="asked")
    assert running.case(case.id).data["telephone"] is None


def test_whatever_would_be_lost_is_a_problem_and_nothing_moves(running: Engine, tmp_path: Path) -> None:
    """A state, data and clocks without a place, all in one pass, in both languages; a whole migration moves none."""
    ready, stuck = opened(running), taken(running, phone="139 tel 1", note="x")
    adopted(running, tmp_path)
    route = {"states": {"new": "fresh"}, "clocks": {"respond": "answering"}}
    report = running.migrate("claim", actor=ADMIN, because="v2", **route)

    assert not report.done
    assert [one.case for one in report.moved] == [ready.id]
    (refused,) = report.refused
    assert sorted((one.kind, one.subject) for one in refused.problems) == [
        ("clock", "after work.drop"),
        ("datum", "note"),
        ("datum", "phone"),
        ("state", "work"),
    ]
    assert refused.problems[0].text("en").startswith("the new version has no state `work`: say where it goes")
    assert "新版本没有计时 `after work.drop`" in refused.problems[-1].text("zh")
    assert report.text("en").splitlines()[0] == "nothing was moved: 1 of 2 cannot"
    assert {running.case(one).workflow_version for one in (ready.id, stuck.id)} == {"1"}
    assert all(len(running.history(one.id)) == one.version for one in (ready, stuck))


def test_case_by_case_those_without_problems_move(running: Engine, tmp_path: Path) -> None:
    """The report names the others; what is given up on purpose no longer holds them back."""
    ready, stuck = opened(running), taken(running, phone="139 tel 1", note="x")
    adopted(running, tmp_path)
    less = {"states": ROUTE["states"], "clocks": ROUTE["clocks"]}
    report = running.migrate("claim", actor=ADMIN, because="v2", whole=False, **less)
    assert ([one.case for one in report.moved], [one.case for one in report.refused]) == ([ready.id], [stuck.id])
    assert report.text("zh").splitlines()[0] == "已迁移 1 件，未迁移 1 件"
    given_up = {**less, "data": {"phone": None, "note": None}}
    running.migrate("claim", actor=ADMIN, because="v2", **given_up)

    assert running.case(stuck.id).data["text"] == "leak"
    assert [one for one in running.history(stuck.id)[-1].findings if one.startswith("gave_up")] == [
        "gave_up:phone",
        "gave_up:note",
    ]
    assert running.migrate("claim", actor=ADMIN, because="v2").text("en") == "no case has to move"


def test_a_dry_run_says_the_same_and_changes_nothing(running: Engine, tmp_path: Path) -> None:
    """With what would be due at once: the new version warns earlier than the old one did."""
    case = opened(running)
    adopted(running, tmp_path)
    report = running.migrate(
        "claim", actor=ADMIN, because="v2", dry_run=True, recompute=True, at=START + timedelta(hours=2), **ROUTE
    )

    assert (report.done, report.dry_run) == (False, True)
    assert [(one.kind, one.subject) for one in report.moved[0].remarks] == [("needs", "cause"), ("due", "answering")]
    assert "would move: 1, cannot: 0 (nothing was changed)" in report.text("en")
    assert running.case(case.id) == case


def test_a_clock_gets_the_new_duration_if_one_says_so(running: Engine, tmp_path: Path, clock: Moving) -> None:
    """What it has consumed counts."""
    case = opened(running)
    clock.on(hours=1)
    adopted(running, tmp_path)
    running.migrate("claim", actor=ADMIN, because="v2", recompute=True, **ROUTE)

    # nine to twelve and half past one to half past two are four working hours
    assert running.case(case.id).clocks["answering"].due_at == START + timedelta(hours=5, minutes=30)


def test_what_fell_due_before_happens_by_the_old_version(running: Engine, tmp_path: Path, clock: Moving) -> None:
    """A reminder that nobody fired in time is not lost with the version that has it."""
    case = opened(running)
    clock.on(days=1)
    adopted(running, tmp_path)
    running.migrate("claim", actor=ADMIN, because="v2", **ROUTE)

    names = [(entry.trigger.kind, entry.trigger.name) for entry in running.history(case.id)]
    assert names[1:3] == [("timer", "respond:50%"), ("admin", "migrate")]


def test_a_clock_that_would_stop_is_a_problem(running: Engine, tmp_path: Path) -> None:
    """Moving into a state that ends the clock is no way to get rid of it."""
    opened(running)
    adopted(running, tmp_path)
    route = {**ROUTE, "states": {"new": "done"}}
    (refused,) = running.migrate("claim", actor=ADMIN, because="v2", dry_run=True, **route).refused
    assert [one.text("en") for one in refused.problems] == ["the clock `answering` is running and would stop in `done`"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"because": " "}, "because"),
        ({"states": {"new": "fersh"}}, "route"),
        ({"data": {"phone": "telefone"}}, "route"),
        ({"clocks": {"respond": "nothing_like_it"}}, "route"),
        ({"events": {"take": "accpt"}}, "route"),
    ],
)
def test_a_route_to_nowhere_is_refused(running: Engine, tmp_path: Path, fields: dict[str, Any], reason: str) -> None:
    """Before any case is looked at, with the name that was meant."""
    adopted(running, tmp_path)
    with pytest.raises(RefusedError) as caught:
        running.migrate("claim", actor=ADMIN, **{"because": "v2", **fields})
    assert caught.value.reason == reason
    assert caught.value.text("zh")


def test_only_the_listed_cases_of_a_version_move(running: Engine, tmp_path: Path) -> None:
    """By ids and by version."""
    one, other = opened(running), opened(running)
    adopted(running, tmp_path)
    assert running.migrate("claim", actor=ADMIN, because="v2", from_version="7", **ROUTE).cases == ()
    running.migrate("claim", actor=ADMIN, because="v2", cases=[one.id], from_version="1", **ROUTE)
    assert [running.case(case.id).workflow_version for case in (one, other)] == ["2", "1"]


def test_an_adoption_says_what_it_means(running: Engine, tmp_path: Path, clock: Moving) -> None:
    """Open cases by version, what cannot run any more, whose level would change; a dry run changes nothing."""
    opened(running)
    running.reassess()
    broken = POLICY.replace("{type: duration, value: 8 working hours}", "{type: number, value: 8}")
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "policy.yaml").write_text(broken.replace("LIMIT", "5"), encoding="utf-8")
    (folder / "claim.yaml").write_text(SECOND, encoding="utf-8")
    candidate = load(folder)
    would = running.adopt(candidate, dry_run=True)

    assert would.cases_by_version == {("claim", "1"): 1}
    assert would.on_retired == 1
    assert would.moved == {"tier": {("regular", "key"): 1}}
    (one,) = would.broken_expects
    assert (one.workflow, one.version, one.cases, one.stuck) == ("claim", "1", 1, True)
    assert "claim 1: 1 cannot run under this policy" in would.text("en")
    assert "claim 1：1 件无法在此制度下运行" in would.text("zh")
    with pytest.raises(RefusedError) as caught:
        running.adopt(candidate)
    assert caught.value.reason == "broken-expects"
    opened(running)  # the old policy is still in force
    done = running.adopt(candidate, accept_broken=True, levels=False)
    assert (done.dry_run, done.moved, done.before == would.before) == (False, {}, True)
    # the cases stand still, and moving them is the way out
    moved = running.migrate("claim", actor=ADMIN, because="v2", **ROUTE)
    assert (moved.done, len(moved.moved)) == (True, 2)


def test_an_adoption_names_what_is_no_longer_answered(running: Engine, tmp_path: Path) -> None:
    """The cases run on, with clocks whose due is unknown; that is said, and does not stand in the way."""
    opened(running)
    without = tmp_path / "two"
    without.mkdir()
    text = POLICY.replace("parameters: {answer: {type: duration, value: 8 working hours}}", "").replace("LIMIT", "5000")
    (without / "policy.yaml").write_text(text, encoding="utf-8")
    (without / "claim.yaml").write_text(FIRST, encoding="utf-8")
    done = running.adopt(load(without))
    assert [(one.lost, one.stuck) for one in done.broken_expects] == [(("answer",), False)]
    assert "the policy no longer gives `answer`" in done.text("en")
    assert "此制度不再给出 `answer`" in done.text("zh")
    assert opened(running).clocks["respond"].unset == "answer"


def test_a_process_with_the_old_policy_may_read_and_not_write(tmp_path: Path, clock: Moving) -> None:
    """Steps, levels, signals, erasures and the clockwork are refused; what it cannot fire it does not claim."""
    url = f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"
    accounts = Accounts({"C-1": {"annual": 6000}})
    old = policy(tmp_path / "one", FIRST)
    with (
        Engine(old, store=url, plugins=[accounts], clock=clock) as stale,
        Engine(old, store=url, plugins=[accounts], clock=clock) as fresh,
    ):
        case = opened(stale)
        adopted(fresh, tmp_path)
        clock.on(days=3)
        for write in (
            lambda: stale.fire(case.id, "take", actor=CLERK),
            lambda: opened(stale),
            lambda: stale.reassess(["C-1"]),
            lambda: stale.erase("C-1", actor=ADMIN, because="x"),
            lambda: stale.assign(case.id, "li", actor=ADMIN),
        ):
            with pytest.raises(StoreError) as caught:
                write()
            assert caught.value.reason == "other-policy"
        report = stale.run_due()
        assert [one.reason for one in report.errors] == ["other-policy"]
        assert stale.case(case.id) == case
        assert stale.timeline(case.id)
        assert fresh.run_due().fired > 0
