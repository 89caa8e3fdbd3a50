"""Key figures: each period is worked out once when it is over, and what follows happens once for each group."""

from __future__ import annotations

import threading
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
policy: figures
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
include: [complaint.yaml, review.yaml]
records:
  purchase: {bought_on: {type: date}, amount: {type: number, unit: CNY}}
facts:
  manager: {type: string}
  region: {type: string}
  amount: {type: number}
  purchases: {type: [purchase]}
roles:
  account_manager: {from: manager}
  boss: {members: [wang]}
parameters:
  misses_before_move: {type: number, value: 2}
messages:
  missed: {text: {en: "{group}: {value} until {until}", zh: "{group}：{value}，截至 {until}"}}
kpis:
  in_time:
    of: complaint
    at: closed_at
    by: owner
    period: 1 month
    value: count(items[clocks.resolution.breached = false]) / count(items)
    goal: ">= 95%"
    misses:
      - {in_a_row: 1, do: [{open: review, with: {person: = group, result: coaching}}, {notify: boss, message: missed}]}
      - {in_a_row: = misses_before_move, do: [{open: review, with: {person: = group, result: move}}]}
    meets: {in_a_row: 3, do: [{open: review, with: {person: = group, result: reward}}]}
  volume: {of: account, by: region, period: 3 months, value: sum(items.amount), goal: ">= 100"}
  sales: {of: purchases, at: bought_on, period: 1 month, value: sum(items.amount)}
  open_ones: {of: complaint, period: 1 week, value: count(items)}
"""
COMPLAINT = """
workflow: complaint
version: 1
roles: [account_manager, boss]
data: {}
initial: received
owner: account_manager
states:
  received: {events: {solve: {to: closed, by: [account_manager, boss]}}}
  closed: {final: true, events: {reopen: {to: received, by: [boss]}}}
clocks:
  resolution: {from: received, until: closed, within: 2 days}
"""
REVIEW = """
workflow: review
version: 1
roles: [boss]
data: {person: {type: string}, result: {type: string}}
initial: due
states:
  due: {events: {end: {to: done, by: [boss]}}}
  done: {final: true}
"""
BOSS = Actor("wang", ("boss",))


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """A policy whose figures count cases, accounts and the items of a list."""
    folder = tmp_path_factory.mktemp("figures")
    (folder / "policy.yaml").write_text(POLICY, "utf-8")
    (folder / "complaint.yaml").write_text(COMPLAINT, "utf-8")
    (folder / "review.yaml").write_text(REVIEW, "utf-8")
    return load(folder)


@pytest.fixture
def clock() -> Moving:
    """A clock that stands on a Monday of January."""
    return Moving(datetime(2026, 1, 5, 10, tzinfo=ZONE))


def host() -> Accounts:
    """Two customers with managers of their own."""
    purchase = {"bought_on": date(2026, 1, 20), "amount": 7}
    return Accounts(
        {
            "C-1": {"manager": "li", "region": "north", "amount": 60, "purchases": [purchase]},
            "C-2": {"manager": "zhao", "region": "north", "amount": 50, "purchases": [{**purchase, "amount": 5}]},
        }
    )


@pytest.fixture(params=["memory:", "sqlite"])
def engine(request: pytest.FixtureRequest, policy: Policy, clock: Moving, tmp_path: Path) -> Iterator[Engine]:
    """An engine on each store that is built in."""
    store = f"sqlite:///{tmp_path / 'cases.db'}" if request.param == "sqlite" else "memory:"
    with Engine(policy, store=store, plugins=[host(), Postbox()], clock=clock) as made:
        yield made


def complaint(engine: Engine, clock: Moving, account: str, opened: datetime, days: int) -> None:
    """A complaint that takes so many days."""
    clock.at = opened
    engine.run_due()
    case = engine.open("complaint", account=account)
    clock.at = opened + timedelta(days=days)
    engine.run_due()
    engine.fire(case.id, "solve", actor=BOSS, event_id=f"solved {case.id}")


def reviews(engine: Engine) -> list[tuple[object, object]]:
    """For whom which review was opened."""
    return [(case.data["person"], case.data["result"]) for case in engine.cases(workflow="review")]


def test_a_month_is_worked_out_once_when_it_is_over(engine: Engine, clock: Moving) -> None:
    """One figure for each owner, kept with its history; what follows from a missed goal happens once."""
    complaint(engine, clock, "C-1", datetime(2026, 1, 6, 10, tzinfo=ZONE), 1)
    complaint(engine, clock, "C-2", datetime(2026, 1, 8, 10, tzinfo=ZONE), 3)
    clock.at = datetime(2026, 1, 31, 23, 59, tzinfo=ZONE)
    assert engine.run_due().next_due == datetime(2026, 2, 1, tzinfo=ZONE)
    assert engine.figures("in_time") == ()

    clock.at = datetime(2026, 2, 1, tzinfo=ZONE)
    assert engine.run_due().figures >= 2
    assert engine.run_due().figures == 0

    found = {
        figure.group: (figure.value, figure.met, figure.misses, figure.meets) for figure in engine.figures("in_time")
    }
    assert found == {"li": (1, True, 0, 1), "zhao": (0, False, 1, 0)}
    assert reviews(engine) == [("zhao", "coaching")]
    letters = [one.item.text.text() for one in engine.outbox() if "until" in one.item.text.text()]
    assert letters == ["zhao: 0 until 2026-01-31"]


def test_what_follows_after_two_in_a_row_follows_at_the_second(engine: Engine, clock: Moving) -> None:
    """A met goal between two missed ones begins the count anew; months without complaints do not count."""
    complaint(engine, clock, "C-2", datetime(2026, 1, 8, 10, tzinfo=ZONE), 3)
    complaint(engine, clock, "C-2", datetime(2026, 3, 9, 10, tzinfo=ZONE), 3)
    clock.at = datetime(2026, 4, 2, tzinfo=ZONE)
    engine.run_due()

    assert [(f.since.month, f.met, f.misses) for f in engine.figures("in_time")] == [
        (1, False, 1),
        (2, None, 1),
        (3, False, 2),
    ]
    assert reviews(engine)[-1] == ("zhao", "move")


def test_periods_that_nobody_looked_at_are_caught_up_in_order(engine: Engine, clock: Moving) -> None:
    """After three months without a worker each month is worked out by itself, and the report counts them."""
    engine.run_due()
    clock.at = datetime(2026, 4, 10, 9, tzinfo=ZONE)
    engine.run_due()

    assert [(f.since, f.value) for f in engine.figures("sales")] == [
        (date(2026, 1, 1), 12),
        (date(2026, 2, 1), None),
        (date(2026, 3, 1), None),
    ]
    volume = engine.figures("volume")
    assert [(f.group, f.since, f.until, f.value, f.met) for f in volume] == [
        ("north", date(2026, 1, 1), date(2026, 3, 31), 110, True)
    ]


def test_a_run_that_stops_at_its_limit_goes_on_later(engine: Engine, clock: Moving) -> None:
    """Nothing is worked out twice, and the report says that more is due."""
    engine.run_due()
    clock.at = datetime(2026, 4, 10, 9, tzinfo=ZONE)
    runs = 0
    while engine.run_due(limit=2).more:
        runs += 1
    assert runs > 2
    assert len(engine.figures("sales")) == 3
    assert len(engine.figures("open_ones")) == 13


def test_only_open_cases_count_where_no_date_says_otherwise(engine: Engine, clock: Moving) -> None:
    """Without `at`, the items are the cases that are open when the period ends, also where it is looked at late."""
    complaint(engine, clock, "C-1", datetime(2026, 1, 9, 10, tzinfo=ZONE), 5)
    clock.at = datetime(2026, 1, 26, 8, tzinfo=ZONE)
    engine.run_due()
    assert [f.value for f in engine.figures("open_ones")] == [1, 0, 0]


def test_workers_at_the_same_time_work_a_period_out_once(policy: Policy, clock: Moving, tmp_path: Path) -> None:
    """Four threads meet at the end of a month: one figure, one review."""
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    with Engine(policy, store=url, plugins=[host(), Postbox()], clock=clock) as engine:
        complaint(engine, clock, "C-2", datetime(2026, 1, 8, 10, tzinfo=ZONE), 3)
        clock.at = datetime(2026, 2, 1, 1, tzinfo=ZONE)
        threads = [threading.Thread(target=engine.run_due) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        engine.run_due()
        assert reviews(engine) == [("zhao", "coaching")]
        assert len(engine.figures("in_time")) == 1
