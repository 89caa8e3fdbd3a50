"""Obligations that fall due for many on one day: carried out together, and nobody's trouble is another's."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relflow.builtins import Accounts
from relflow.builtins.accounts import AccountTable
from relflow.engine import Engine
from relflow.hooks import hookimpl
from relflow.policy import Policy, load
from relflow.results import Recorded
from relflow.stores import Link, MemoryStore, StoreUnit
from tests.strategies.engines import Moving

DAY = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
POLICY = """
policy: greetings
version: 1
timezone: Asia/Shanghai
facts: {size: {type: number}, boss: {type: string}}
roles: {chief: {from: boss}}
include: [greeting.yaml]
obligations:
  greet: {of: account, becomes: size > 1, do: [{open: greeting}, {notify: chief}]}
"""
GREETING = """
workflow: greeting
version: 1
roles: [chief]
owner: chief
initial: open
states: {open: {events: {send: {to: done}}}, done: {final: true}}
"""
MANY = {f"C-{number:03}": {"size": 2, "boss": f"u{number}"} for number in range(120)}


class Counting(MemoryStore):
    """A store that counts the transactions that write."""

    writes = 0

    def unit(self, tenant: str = "", *, write: bool = True) -> AbstractContextManager[StoreUnit]:
        """Count, then as ever."""
        self.writes += write
        return super().unit(tenant, write=write)


class Project:
    """A projection that raises for the cases of some accounts."""

    def __init__(self, *broken: str) -> None:
        self.broken = set(broken)

    @hookimpl
    def relflow_project(self, recorded: Recorded) -> None:
        """Refuse the step."""
        if recorded.case.account in self.broken and recorded.case.workflow == "greeting":
            raise ValueError("secret")


class Between(Accounts):
    """A host that lets another worker run when it is asked for the second time: after the look, before the step."""

    meanwhile: Engine | None = None
    asked = opened = 0

    @hookimpl
    def relflow_load_accounts(
        self, tenant: str, accounts: Sequence[str], facts: Sequence[str], at: datetime, link: Link | None
    ) -> AccountTable:
        """As ever, with the other worker in between."""
        self.asked += 1
        if self.asked == 2 and self.meanwhile is not None:
            self.opened = self.meanwhile.run_due().opened
        return super().relflow_load_accounts(tenant, accounts, facts, at, link)


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    """Everybody who is large is greeted once."""
    (tmp_path / "policy.yaml").write_text(POLICY, "utf-8")
    (tmp_path / "greeting.yaml").write_text(GREETING, "utf-8")
    return load(tmp_path)


def test_what_falls_due_on_one_day_is_carried_out_together(policy: Policy) -> None:
    """A hundred and twenty openings in a few transactions, each for its account, with owner and message, once."""
    store = Counting()
    with Engine(policy, store=store, plugins=[Accounts(MANY)], clock=Moving(DAY)) as engine:
        report = engine.run_due()
        assert (report.opened, report.errors) == (120, ())
        assert store.writes < 20
        cases = engine.cases(workflow="greeting")
        assert {case.account: case.owner for case in cases} == {name: row["boss"] for name, row in MANY.items()}
        assert len({notice.item.key for notice in engine.outbox()}) == 120
        assert engine.verify_all().damages == ()
        assert engine.run_due().opened == 0


@pytest.mark.parametrize("broken", [("C-000",), ("C-049", "C-050"), ("C-007", "C-031", "C-119")])
def test_whoever_cannot_be_carried_out_is_named_and_tried_again(policy: Policy, broken: tuple[str, ...]) -> None:
    """The others of the same transaction are not held up, and the next day those that failed are made up for."""
    clock, project = Moving(DAY), Project(*broken)
    with Engine(policy, plugins=[Accounts(MANY), project], clock=clock) as engine:
        report = engine.run_due()
        assert report.opened == 120 - len(broken)
        assert {problem.what for problem in report.errors} == set(broken)
        assert "secret" not in report.text()
        greeted = {case.account for case in engine.cases(workflow="greeting")}
        assert greeted == MANY.keys() - set(broken)
        project.broken = set()
        clock.on(days=1)
        assert engine.run_due().opened == len(broken)
        assert len(engine.cases(workflow="greeting")) == 120


def test_two_workers_at_one_page_open_everything_once(policy: Policy, tmp_path: Path) -> None:
    """One comes between the other's look and its steps: whoever is late opens nothing, and nobody is left out."""
    store = f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"

    between = Between(MANY)
    with (
        Engine(policy, store=store, plugins=[between], clock=Moving(DAY)) as engine,
        Engine(policy, store=store, plugins=[Accounts(MANY)], clock=Moving(DAY)) as other,
    ):
        between.meanwhile = other
        report = engine.run_due()
        assert (report.opened, report.errors, between.opened) == (0, (), 120)
        assert len(engine.cases(workflow="greeting")) == 120
        assert engine.verify_all().damages == ()
