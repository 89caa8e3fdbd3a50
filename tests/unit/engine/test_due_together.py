"""Timers of many cases in one transaction: the same as one by one, only together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from relflow import Engine, load
from relflow.errors import StoreError
from relflow.hooks import hookimpl
from relflow.results import Actor, Recorded
from relflow.stores import MemoryStore, StoreUnit
from relflow.stores.memory_cases import MemoryCases
from tests.strategies.engines import ACCOUNTS, CLERK, START, Moving, engine, program

FAMILY = {
    "policy.yaml": """
policy: family
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-18:00"}
roles: {boss: {members: [wang]}}
include: [parent.yaml, child.yaml]
""",
    "parent.yaml": """
workflow: parent
version: 1
roles: [boss]
initial: waiting
states:
  waiting:
    events:
      begin: {do: [{open: child}]}
      go_on: {to: done, by: system, when: count(children) > 0 and every c in children satisfies c.closed}
  done: {final: true}
clocks:
  patience: {from: waiting, until: done, within: 25 hours, steps: [{at: due, do: [{notify: boss}]}]}
""",
    "child.yaml": """
workflow: child
version: 1
roles: [boss]
initial: open
states:
  open: {events: {lapse: {to: over, after: 24 hours}}}
  over: {final: true}
""",
}


class Observing:
    """Hears of every step."""

    def __init__(self) -> None:
        self.seen: list[Recorded] = []

    @hookimpl
    def relflow_observe(self, recorded: Recorded) -> None:
        """Note the step."""
        self.seen.append(recorded)


class Racing:
    """A host that lets something happen once while it is asked about accounts."""

    meanwhile: Callable[[], object] | None = None

    @hookimpl
    def relflow_load_accounts(self, accounts: Sequence[str]) -> Mapping[str, object]:
        """Whose manager is always the same."""
        call, self.meanwhile = self.meanwhile, None
        if call is not None:
            call()
        return {one: {"account_manager_id": "li"} for one in accounts}


class Counting(MemoryStore):
    """A store that counts the transactions that write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0

    def unit(self, tenant: str = "", *, write: bool = True) -> AbstractContextManager[StoreUnit]:
        """Count, then as ever."""
        self.writes += write
        return super().unit(tenant, write=write)


def opened(running: Engine, count: int, account: str = "C-17") -> list[str]:
    """Complaints with three timers each."""
    data = {"description": "x", "severity": "general"}
    return [running.open("complaint", account=account, data=data, actor=CLERK).id for _ in range(count)]


def test_a_batch_is_one_transaction_and_each_case_has_its_timers_in_order() -> None:
    """Forty cases with three timers each take a transaction a step of the ladder, and every host hears of each step."""
    clock, told, store = Moving(), Observing(), Counting()
    with engine(store, clock=clock, plugins=[told]) as running:
        cases = opened(running, 40)
        clock.on(days=2)
        told.seen.clear()
        before = store.writes
        report = running.run_due(limit=120)
        assert (report.fired, report.errors, len(report.missed)) == (120, (), 120)
        fired = store.writes - before
        names = {case: [entry.trigger.name for entry in running.history(case)][1:] for case in cases}
    ladder = ["first_response:80%", "first_response:due", "first_response:due + 4 working hours"]
    assert list(names.values()) == [ladder] * 40
    assert [one.entry.trigger.kind for one in told.seen] == ["timer"] * 120
    lines = report.text().splitlines()
    assert lines[21] == "… and 100 more"
    assert len(lines) == 23
    assert report.text("zh").splitlines()[21] == "……另有 100 项"
    # the claim, the three steps of the ladder, and a few for the daily look
    assert fired < 12


def test_facts_of_a_batch_are_asked_for_at_once() -> None:
    """One question about all accounts, not one for each case."""

    class Host:
        asked: list[int] = []  # noqa: RUF012 - of this test alone

        @hookimpl
        def relflow_load_accounts(self, accounts: Sequence[str], facts: Sequence[str]) -> Mapping[str, object]:
            self.asked.append(len(accounts))
            return {one: {"account_manager_id": "li"} for one in accounts}

    clock, host = Moving(), Host()
    with Engine(program(), store="memory:", clock=clock, plugins=[host]) as running:
        for number in range(30):
            opened(running, 1, f"C-{number}")
        host.asked.clear()
        clock.at = START + timedelta(hours=5)
        assert running.run_due().fired == 30
    # the second one is the daily look at open cases
    assert host.asked == [30, 30]


@pytest.mark.parametrize("bad", [(0,), (7, 8), (3, 19, 11)])
def test_bad_cases_are_named_and_hold_up_nobody(bad: tuple[int, ...], tmp_path: Path) -> None:
    """Projections that raise for some of twenty: the others fire, each once, and what failed leaves nothing behind."""

    class Project:
        broken: frozenset[str] = frozenset()
        kept: list[str] = []  # noqa: RUF012 - of this test alone

        @hookimpl
        def relflow_project(self, recorded: Recorded) -> None:
            if recorded.case.id in self.broken and recorded.entry.trigger.kind == "timer":
                raise ValueError("secret name")

    clock, project, told = Moving(), Project(), Observing()
    with engine(f"sqlite:///{tmp_path}/c.db?synchronous=OFF", clock=clock, plugins=[project, told]) as running:
        cases = opened(running, 20)
        project.broken = frozenset(cases[place] for place in bad)
        clock.at = START + timedelta(hours=5)
        report = running.run_due()
        assert report.fired == 20 - len(bad)
        assert {problem.what for problem in report.errors} == project.broken
        assert "secret" not in report.text()
        versions = {case: running.case(case).version for case in cases}
        assert {case for case, version in versions.items() if version == 1} == project.broken
        assert set(versions.values()) == {1, 2}
        assert sum(one.entry.trigger.kind == "timer" for one in told.seen) == 20 - len(bad)


def test_an_account_that_is_gone_holds_up_its_own_case_only() -> None:
    """What cannot be computed is left out of the batch and said with the case's name."""
    clock, accounts = Moving(), dict(ACCOUNTS)
    with engine("memory:", clock=clock, accounts=accounts) as running:
        (gone,) = opened(running, 1, "C-18")
        others = opened(running, 5)
        del accounts["C-18"]
        clock.at = START + timedelta(hours=5)
        report = running.run_due()
        assert report.fired == 5
        assert [(problem.what, problem.reason) for problem in report.errors] == [(gone, "account")]
        assert {running.case(case).version for case in others} == {2}


def test_a_case_that_somebody_moves_meanwhile_is_left_to_them(tmp_path: Path) -> None:
    """Between reading and writing another worker fires one of the cases: its timer happens once, the rest go on."""
    clock, racing = Moving(), Racing()
    store = f"sqlite:///{tmp_path}/c.db?synchronous=OFF"
    mine = Engine(program(), store=store, clock=clock, plugins=[racing])
    with mine as running, engine(store, clock=clock) as other:
        cases = opened(running, 6)
        clock.at = START + timedelta(hours=5)
        racing.meanwhile = lambda: other.fire(cases[2], "acknowledge", actor=CLERK)
        report = running.run_due()
        assert (report.fired, report.errors) == (5, ())
        names = [[entry.trigger.name for entry in running.history(case)][1:] for case in cases]
    assert names[2] == ["first_response:80%", "acknowledge"]
    assert [one for place, one in enumerate(names) if place != 2] == [["first_response:80%"]] * 5


def test_a_timer_that_lost_to_another_timer_of_its_case_still_fires(tmp_path: Path) -> None:
    """Two workers hold different timers of the same cases: whoever is overtaken looks again, and nothing waits."""
    clock, racing = Moving(), Racing()
    store = f"sqlite:///{tmp_path}/c.db?synchronous=OFF"
    mine = Engine(program(), store=store, clock=clock, plugins=[racing])
    with mine as running, engine(store, clock=clock) as other:
        cases = opened(running, 2)
        clock.on(days=2)
        overtaken: list[int] = []
        racing.meanwhile = lambda: overtaken.append(other.run_due().fired)
        report = running.run_due(limit=2)
        assert (overtaken, report.fired, report.errors) == ([4], 2, ())
        names = [[entry.trigger.name for entry in running.history(case)][1:] for case in cases]
    assert names == [["first_response:due", "first_response:due + 4 working hours", "first_response:80%"]] * 2


def test_a_childs_timer_that_ends_its_parents_wait_comes_first(tmp_path: Path) -> None:
    """Parent and child in one batch are taken one after the other, in the order in which they fell due."""
    for name, text in FAMILY.items():
        (tmp_path / name).write_text(text, "utf-8")
    clock = Moving()
    with Engine(load(tmp_path), store=f"sqlite:///{tmp_path}/c.db?synchronous=OFF", clock=clock) as running:
        parents = [running.open("parent", actor=Actor("wang")).id for _ in range(4)]
        for parent in parents[:2]:
            running.fire(parent, "begin", actor=Actor("wang"))
        clock.on(days=3)
        report = running.run_due()
        assert report.errors == ()
        told = {parent: [entry.trigger.name for entry in running.history(parent)][1:] for parent in parents}
        states = [running.case(parent).state for parent in parents]
    assert states[:2] == ["done", "done"]
    assert all("patience:due" not in names for names in list(told.values())[:2])
    assert all(names == ["patience:due"] for names in list(told.values())[2:]), told


def test_a_store_that_serves_nobody_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is not tried again for each case; nothing is half done, and later everything fires."""
    clock, store = Moving(), MemoryStore()
    with engine(store, clock=clock) as running:
        cases = opened(running, 8)
        clock.at = START + timedelta(hours=5)
        tries: list[datetime] = []

        def full(*args: object, **named: object) -> None:
            tries.append(clock.at)
            raise StoreError.of("full", "no space", "磁盘已满")

        monkeypatch.setattr(MemoryCases, "write_all", full)
        with pytest.raises(StoreError, match="no space"):
            running.run_due()
        assert len(tries) == 1
        monkeypatch.undo()
        assert {running.case(case).version for case in cases} == {1}
        clock.on(minutes=6)
        assert running.run_due().fired == 8
