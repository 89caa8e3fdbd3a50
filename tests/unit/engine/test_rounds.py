"""Rounds: what happens by itself is looked at daily, after steps and signals, and in a rhythm of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relflow.builtins import Accounts
from relflow.engine import Engine
from relflow.policy import Policy, load
from relflow.results import Actor
from tests.strategies.engines import Moving, Postbox

ZONE = ZoneInfo("Asia/Shanghai")
POLICY = """
policy: rounds
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
include: [offer.yaml, visit.yaml]
parameters:
  look_every: {type: duration, value: 4 hours}
facts:
  overdue: {type: number}
  amount: {type: number}
roles: {boss: {members: [wang]}}
decisions:
  size: {expression: 'if amount >= 100 then "large" else "small"', output: {levels_of: tier}}
tiers:
  tier: {from: size, levels: [large, small], review_every: 1 month, lower_after: 2 reviews}
events: {paid: {}}
messages:
  late: {text: {en: late, zh: 逾期}}
obligations:
  dunning: {of: account, becomes: overdue > 30, do: [{notify: boss, message: late}]}
  hourly: {of: account, becomes: overdue > 60, check_every: = look_every, do: [{notify: boss, message: late}]}
  key_visit: {of: account, becomes: tier = "large", do: [{open: visit}]}
  monthly: {of: account, every: 1 month, when: overdue > 1000, do: [{notify: boss, message: late}]}
  note: {of: offer, becomes: price > 10, do: [{notify: boss, message: late}]}
"""
OFFER = """
workflow: offer
version: 1
roles: [boss]
data: {price: {type: number}, valid_until: {type: date}, answer_by: {type: datetime}}
initial: draft
check_every: 15 minutes
states:
  draft:
    events:
      change: {may: [price], by: [boss]}
      lapse: {to: lapsed, when: today() > valid_until, by: system}
      miss: {to: missed, when: now() >= answer_by, by: system}
  lapsed: {final: true}
  missed: {final: true}
"""
VISIT = """
workflow: visit
version: 1
roles: [boss]
data: {stop: {type: date}}
initial: due
states:
  due: {events: {end: {to: done, when: today() >= stop, by: system}}}
  done: {final: true}
"""
BOSS = Actor("wang", ("boss",))


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """Obligations and workflows with conditions that turn true by themselves."""
    folder = tmp_path_factory.mktemp("rounds")
    (folder / "policy.yaml").write_text(POLICY, "utf-8")
    (folder / "offer.yaml").write_text(OFFER, "utf-8")
    (folder / "visit.yaml").write_text(VISIT, "utf-8")
    return load(folder)


@pytest.fixture
def accounts() -> dict[str, dict[str, object]]:
    """What the host knows."""
    return {"C-1": {"overdue": 0, "amount": 5}}


@pytest.fixture
def clock() -> Moving:
    """Monday morning."""
    return Moving(datetime(2026, 3, 2, 10, tzinfo=ZONE))


@pytest.fixture(params=["memory:", "sqlite"])
def engine(
    request: pytest.FixtureRequest,
    policy: Policy,
    clock: Moving,
    accounts: dict[str, dict[str, object]],
    tmp_path: Path,
) -> Iterator[Engine]:
    """An engine on each store that is built in."""
    store = f"sqlite:///{tmp_path / 'cases.db'}" if request.param == "sqlite" else "memory:"
    with Engine(policy, store=store, plugins=[Accounts(accounts), Postbox()], clock=clock) as made:
        yield made


def duties(engine: Engine, name: str) -> int:
    """How often an obligation was carried out."""
    return len(engine.cases(workflow=f"~{name}"))


def test_a_guard_over_days_is_looked_at_every_day(engine: Engine, clock: Moving) -> None:
    """Nobody touches the case, and its event happens on its day all the same."""
    case = engine.open("visit", account="C-1", data={"stop": date(2026, 3, 5)}, actor=BOSS)
    engine.run_due()
    clock.at = datetime(2026, 3, 4, 23, tzinfo=ZONE)
    engine.run_due()
    assert not engine.case(case.id).closed
    clock.at = datetime(2026, 3, 5, 0, tzinfo=ZONE)
    engine.run_due()
    assert engine.case(case.id).state == "done"
    assert engine.verify(case.id) == []


def test_check_every_of_a_workflow_sets_the_rhythm(engine: Engine, clock: Moving) -> None:
    """A guard over the instant is looked at every quarter of an hour, and the report asks to be called then."""
    case = engine.open("offer", account="C-1", data={"answer_by": datetime(2026, 3, 2, 11, tzinfo=ZONE)}, actor=BOSS)
    engine.run_due()
    clock.at = datetime(2026, 3, 2, 10, 50, tzinfo=ZONE)
    assert engine.run_due().next_due == datetime(2026, 3, 2, 11, tzinfo=ZONE)
    assert engine.case(case.id).state == "draft"
    clock.at = datetime(2026, 3, 2, 11, tzinfo=ZONE)
    engine.run_due()
    assert engine.case(case.id).state == "missed"


def test_check_every_of_an_obligation_comes_from_a_parameter(
    engine: Engine, clock: Moving, accounts: dict[str, dict[str, object]]
) -> None:
    """Four hours: the daily round does not see it, its own does, once each turn."""
    engine.run_due()
    accounts["C-1"]["overdue"] = 70
    clock.at = datetime(2026, 3, 2, 11, 59, tzinfo=ZONE)
    engine.run_due()
    assert (duties(engine, "hourly"), duties(engine, "dunning")) == (0, 0)
    clock.at = datetime(2026, 3, 2, 12, tzinfo=ZONE)
    engine.run_due()
    engine.run_due()
    assert (duties(engine, "hourly"), duties(engine, "dunning")) == (1, 0)
    clock.at = datetime(2026, 3, 3, 0, 1, tzinfo=ZONE)
    engine.run_due()
    assert (duties(engine, "hourly"), duties(engine, "dunning")) == (1, 1)


def test_a_signal_is_a_look_at_its_subject(engine: Engine, accounts: dict[str, dict[str, object]]) -> None:
    """What has become true meanwhile is carried out with the signal, once."""
    engine.run_due()
    accounts["C-1"]["overdue"] = 40
    engine.signal("paid", account="C-1", event_id="1")
    engine.signal("paid", account="C-1", event_id="2")
    assert duties(engine, "dunning") == 1


def test_a_step_is_a_look_at_its_case(engine: Engine) -> None:
    """An obligation about the case begins in the unit of work that makes its condition true, and is armed again."""
    case = engine.open("offer", account="C-1", data={"price": 5}, actor=BOSS)
    told = []
    for number, price in enumerate((11, 12, 3, 20)):
        engine.fire(case.id, "change", actor=BOSS, data={"price": price}, event_id=str(number))
        told.append(duties(engine, "note"))
    assert told == [1, 1, 1, 2]


def test_levels_are_reviewed_before_anything_reads_them(
    engine: Engine, clock: Moving, accounts: dict[str, dict[str, object]]
) -> None:
    """A higher level holds on the day; a lower one after the reviews that the policy asks for."""
    engine.run_due()
    accounts["C-1"]["amount"] = 500
    clock.on(days=1)
    engine.run_due()
    assert engine.standings("tier", ["C-1"])["C-1"].level == "large"
    assert duties(engine, "key_visit") == 1
    accounts["C-1"]["amount"] = 5
    levels = []
    for _ in range(4):
        clock.on(days=20)
        engine.run_due()
        levels.append(engine.standings("tier", ["C-1"])["C-1"].level)
    assert levels == ["large", "large", "large", "small"]


def test_what_is_caught_up_stands_in_the_report(
    engine: Engine, clock: Moving, accounts: dict[str, dict[str, object]]
) -> None:
    """After weeks without a worker the report says which obligation was due when."""
    accounts["C-1"]["overdue"] = 2000
    engine.run_due()
    clock.on(days=40)
    report = engine.run_due()
    assert [(late.what, late.subject, late.due_on) for late in report.caught_up] == [
        ("monthly", "C-1", date(2026, 4, 2))
    ]
    assert "was due on 2026-04-02 and was caught up 9 days late" in report.text()
    assert "晚了 9 天补办" in report.text("zh")


def test_a_round_stops_at_its_limit_and_goes_on(policy: Policy, clock: Moving) -> None:
    """A thousand accounts in runs of 200 each: everybody is looked at once, whatever the limit."""
    table: dict[str, dict[str, object]] = {f"C-{number:04}": {"overdue": 40, "amount": 5} for number in range(1000)}
    with Engine(policy, store="memory:", plugins=[Accounts(table), Postbox()], clock=clock) as engine:
        runs = 1
        while engine.run_due(limit=200).more:
            runs += 1
        assert runs > 5
        found: list[str] = []
        while page := engine.cases(workflow="~dunning", after=found[-1] if found else None):
            found += [case.id for case in page]
        assert len(found) == len(set(found)) == 1000
        clock.on(hours=1)
        assert not engine.run_due(limit=200).more
        assert engine.run_due().next_due == clock.at.replace(minute=15)


def test_one_bad_account_does_not_keep_the_others_from_their_review(policy: Policy, clock: Moving) -> None:
    """Its trouble is told by its id and without its values; everybody else is assessed."""
    table: dict[str, dict[str, object]] = {"C-1": {"amount": "many"}, "C-2": {"amount": 500}}
    with Engine(policy, store="memory:", plugins=[Accounts(table), Postbox()], clock=clock) as engine:
        report = engine.run_due()
        assert {problem.what for problem in report.errors} == {"C-1"}
        assert not any("many" in problem.text() for problem in report.errors)
        assert engine.standings("tier", ["C-2"])["C-2"].level == "large"
        assert timedelta() < clock.on(days=1) - datetime(2026, 3, 2, 10, tzinfo=ZONE)


PROMISE = """
policy: promises
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"%s}
include: [request.yaml]
parameters: {answer_within: {type: duration, value: %s}}
facts: {amount: {type: number}}
decisions:
  size: {expression: 'if amount >= 100 then "large" else "small"', output: {levels_of: tier}}
  limit: {expression: 'if tier = "large" then duration("PT4H") else duration("PT48H")', output: {type: duration}}
tiers:
  tier: {from: size, levels: [large, small]}
"""
REQUEST = """
workflow: request
version: 1
expects: {answer_within: {type: duration}, limit: {type: duration}}
roles: [boss]
initial: received
states:
  received: {events: {touch: {by: [boss]}, end: {to: done, by: [boss]}}}
  done: {final: true}
clocks:
  kept: {from: received, until: done, within: = limit}
  moving: {from: received, until: done, within: = limit, when_changed: recompute}
  worked: {from: received, until: done, within: = answer_within}
  next: {from: received, until: done, within: = answer_within, when_changed: recompute}
"""


def promises(folder: Path, within: str, more: str = "") -> Policy:
    """A policy with clocks that keep their limit and clocks that take on a new one."""
    folder.mkdir(exist_ok=True)
    (folder / "policy.yaml").write_text(PROMISE % (more, within), "utf-8")
    (folder / "request.yaml").write_text(REQUEST, "utf-8")
    return load(folder)


def test_the_author_says_whether_a_new_tier_moves_a_running_clock(tmp_path: Path, clock: Moving) -> None:
    """The daily look recomputes what is to be recomputed, as a recorded step; time that has passed counts."""
    table: dict[str, dict[str, object]] = {"C-1": {"amount": 5}}
    with Engine(promises(tmp_path, "3 working days"), plugins=[Accounts(table)], clock=clock) as engine:
        engine.run_due()
        case = engine.open("request", account="C-1", actor=BOSS)
        due = {name: one.due_at for name, one in case.clocks.items()}
        assert due["kept"] == due["moving"] == clock.at + timedelta(hours=48)
        table["C-1"]["amount"] = 500
        clock.at = datetime(2026, 3, 3, 0, 5, tzinfo=ZONE)
        engine.run_due()
        after = engine.case(case.id)
        assert after.clocks["kept"].due_at == due["kept"]
        assert after.clocks["moving"].due_at == datetime(2026, 3, 2, 14, tzinfo=ZONE)
        engine.run_due()
        assert engine.case(case.id).clocks["moving"].breached
        assert [entry.trigger.name for entry in engine.history(case.id)][:2] == ["request", "recompute"]
        assert engine.verify(case.id) == []


def test_another_calendar_moves_open_clocks_once(tmp_path: Path, clock: Moving) -> None:
    """A company's day off that was not known moves what rests on it; what keeps its limit keeps the length."""
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    host = Accounts({"C-1": {"amount": 5}})
    with Engine(promises(tmp_path / "a", "3 working days"), store=url, plugins=[host], clock=clock) as engine:
        engine.run_due()
        case = engine.open("request", account="C-1", actor=BOSS)
        assert case.clocks["worked"].due_at == datetime(2026, 3, 5, 10, tzinfo=ZONE)
    changed = promises(tmp_path / "b", "2 working days", ", holidays: [2026-03-04]")
    with Engine(changed, store=url, plugins=[host], clock=clock, adopt=True) as engine:
        engine.run_due()
        clocks = engine.case(case.id).clocks
        assert clocks["worked"].due_at == datetime(2026, 3, 6, 10, tzinfo=ZONE)
        assert clocks["next"].due_at == datetime(2026, 3, 5, 10, tzinfo=ZONE)
        assert clocks["kept"].due_at == case.clocks["kept"].due_at
        steps = len(engine.history(case.id))
        engine.run_due()
        assert len(engine.history(case.id)) == steps == 2
