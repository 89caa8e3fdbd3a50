"""Clocks of machines and of the store that disagree: nothing early, nothing in the future, no lease cut short."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest

from relflow.engine import Engine, Retry, instants
from relflow.hooks import hookimpl
from relflow.results import Delivered, Failed, Outgoing
from relflow.stores.sql import SqlUnit
from tests.strategies.engines import CLERK, START, Moving, Postbox, engine

HOURS = timedelta(hours=1)


class World:
    """The store's clock, how far this machine's is ahead of it, and a count of seconds that nothing disturbs."""

    def __init__(self) -> None:
        self.store = Moving(START)
        self.ahead = timedelta()
        self.count = 0.0

    def on(self, **length: float) -> None:
        """Time passes everywhere."""
        before = self.store.at
        self.count += (self.store.on(**length) - before).total_seconds()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Clocks under control, for engines that are given none."""
    made = World()

    class Machine(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return (made.store.at + made.ahead).astimezone(tz)

    monkeypatch.setattr(instants, "datetime", Machine)
    monkeypatch.setattr(instants, "time", type("Count", (), {"monotonic": staticmethod(lambda: made.count)}))
    monkeypatch.setattr(SqlUnit, "now", lambda self: made.store.at.astimezone(UTC))
    return made


@pytest.fixture
def running(world: World, tmp_path: Path) -> Iterator[Engine]:
    """An engine without a clock of its own."""
    with clockless(f"sqlite:///{tmp_path}/cases.db?synchronous=OFF", Postbox()) as made:
        yield made


def clockless(url: str, *plugins: object, **fields: Any) -> Engine:
    """An engine that goes by the store's clock and the machine's."""
    made = engine(url, plugins=plugins, **fields)
    made._core.instants.clock = None
    return made


def opened(running: Engine) -> str:
    """A case with a clock of four working hours, from ten in the morning."""
    return running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK).id


@pytest.mark.parametrize("days", [-3, 0, 3])
def test_steps_are_dated_by_the_clock_that_all_workers_share(world: World, running: Engine, days: int) -> None:
    """Whatever this machine's clock says."""
    world.ahead = timedelta(days=days)
    case = opened(running)
    world.on(hours=1)
    running.fire(case, "acknowledge", actor=CLERK)
    assert [entry.at for entry in running.history(case)] == [START, START + HOURS]


def test_a_machine_ahead_of_the_store_fires_no_timer_early(world: World, running: Engine) -> None:
    """Neither in its clockwork nor on the way to an event, which comes before the timer."""
    case = opened(running)
    world.ahead = timedelta(days=30)
    world.on(hours=1)
    assert running.run_due().fired == 0
    running.fire(case, "acknowledge", actor=CLERK)
    assert [entry.trigger.kind for entry in running.history(case)] == ["open", "event"]


def test_a_machine_behind_the_store_fires_none_either(world: World, running: Engine) -> None:
    """What is late by the store's clock alone waits for a machine that agrees; an event before it is no breach."""
    case, other = opened(running), opened(running)
    world.ahead = timedelta(days=-1)
    world.on(hours=8)
    assert running.run_due().fired == 0
    after = running.fire(case, "acknowledge", actor=CLERK)
    assert [entry.trigger.kind for entry in running.history(case)] == ["open", "event"]
    assert not after.clocks["first_response"].breached
    world.ahead = timedelta()
    assert running.run_due().fired == 2
    assert running.case(other).clocks["first_response"].breached


@pytest.mark.parametrize("days", [-3, 3])
def test_a_wrong_machine_delivers_and_leases_like_any_other(world: World, tmp_path: Path, days: int) -> None:
    """Its leases are as long as others', and what it fails to deliver is tried again in time."""
    url = f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"
    box = Postbox(Failed("busy"))
    with clockless(url, box, retry=Retry(jitter=0)) as wrong:
        case = opened(wrong)
        world.on(hours=5)
        wrong.run_due()
        world.ahead = timedelta(days=days)
        wrong.fire(case, "acknowledge", actor=CLERK)
        assert wrong.run_due().delivered > 0
        world.on(seconds=10)
        wrong.run_due()
        assert {notice.status for notice in wrong.outbox()} == {"sent"}


def test_a_lease_of_a_machine_that_lags_is_not_cut_short(world: World, tmp_path: Path) -> None:
    """While it delivers, a worker whose clock is right finds nothing to take over."""
    url = f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"
    sent: list[str] = []

    class Slow:
        @hookimpl
        def relflow_deliver(self, message: Outgoing) -> Delivered:
            sent.append(message.key)
            world.on(minutes=4)
            ahead, world.ahead = world.ahead, timedelta()
            assert right.dispatch().delivered == 0
            world.ahead = ahead
            return Delivered()

    with clockless(url, Slow()) as lagging, clockless(url, Postbox()) as right:
        opened(lagging)
        world.on(hours=5)
        lagging.run_due()
        world.ahead = timedelta(hours=-2)
        lagging.dispatch()
    assert len(sent) == 1


def test_the_store_is_asked_now_and_then(world: World, running: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two questions its clock is carried on by a count; after ten seconds it is asked again."""
    asked: list[datetime] = []
    before = SqlUnit.now

    def now(self: SqlUnit) -> datetime:
        asked.append(before(self))
        return asked[-1]

    monkeypatch.setattr(SqlUnit, "now", now)
    opened(running)
    assert len(asked) == 1
    for _ in range(4):
        world.on(seconds=2)
        opened(running)
    assert len(asked) == 1
    world.on(seconds=2)
    opened(running)
    assert len(asked) == 2
    assert sorted(case.opened_at for case in running.cases()) == [START + timedelta(seconds=2 * n) for n in range(6)]
