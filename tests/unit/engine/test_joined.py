"""Units of work inside a host's own transaction on a sqlite3 connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from relflow.engine import Engine
from relflow.errors import (
    ConflictError,
    NoTransactionError,
    PluginError,
    ReentryError,
    RefusedError,
    StoreError,
)
from relflow.hooks import hookimpl
from relflow.results import Recorded
from relflow.stores import Link
from tests.strategies.engines import ACCOUNTS, BOSS, CLERK, Moving, Postbox, engine, program

COMPLAINT = {"account": "C-17", "data": {"description": "leak"}, "actor": CLERK}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A host's database with a table of its own."""
    found = tmp_path / "crm.db"
    with closing(sqlite3.connect(found)) as host, host:
        host.execute("CREATE TABLE tickets (id INTEGER PRIMARY KEY, state TEXT)")
    return found


@pytest.fixture
def running(path: Path) -> Iterator[Engine]:
    """An engine on the host's database."""
    with engine(f"sqlite:///{path}") as made:
        made.store.migrate()
        yield made


@pytest.fixture
def host(path: Path) -> Iterator[sqlite3.Connection]:
    """The host's connection."""
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def states(connection: sqlite3.Connection) -> list[str]:
    """The host's tickets."""
    return [row[0] for row in connection.execute("SELECT state FROM tickets ORDER BY id")]


def test_host_and_case_commit_together(running: Engine, host: sqlite3.Connection) -> None:
    """One commit of the host keeps its own row and the case."""
    with host:
        host.execute("INSERT INTO tickets (state) VALUES ('new')")
        unit = running.on(host)
        case = unit.open("complaint", **COMPLAINT)
        unit.fire(case.id, "acknowledge", actor=CLERK)
    assert running.case(case.id).state == "investigating"
    assert states(host) == ["new"]
    with pytest.raises(NoTransactionError):
        unit.case(case.id)


def test_a_rollback_of_the_host_leaves_nothing(running: Engine, host: sqlite3.Connection) -> None:
    """Neither its row nor the case, its messages or its key."""
    host.execute("INSERT INTO tickets (state) VALUES ('new')")
    unit = running.on(host)
    unit.open("complaint", key="t-1", **COMPLAINT)
    assert unit.case(workflow="complaint", key="t-1").state == "received"
    host.rollback()

    assert running.cases() == []
    assert states(host) == []
    assert running.open("complaint", key="t-1", **COMPLAINT).version == 1


def test_a_refused_step_is_undone_alone_and_the_host_goes_on(running: Engine, host: sqlite3.Connection) -> None:
    """What the host did before and does afterwards stays."""
    with host:
        unit = running.on(host)
        case = unit.open("complaint", **COMPLAINT)
        host.execute("INSERT INTO tickets (state) VALUES ('before')")
        with pytest.raises(RefusedError):
            unit.fire(case.id, "accept", actor=CLERK)
        host.execute("INSERT INTO tickets (state) VALUES ('after')")
        unit.fire(case.id, "acknowledge", actor=CLERK)
    assert states(host) == ["before", "after"]
    assert running.case(case.id).version == 2
    assert running.verify(case.id) == []


def test_a_failing_loader_or_projection_leaves_the_host_usable(path: Path, host: sqlite3.Connection) -> None:
    """A plugin that raises in the unit, after writing to the host's table, takes only its own writes back."""

    class Plugin:
        fail = ""

        @hookimpl
        def relflow_load_accounts(self, link: Link | None) -> object:
            assert link is not None
            assert link.in_transaction()
            if self.fail == "load":
                link.execute("SELECT * FROM no_such_table")
            return ACCOUNTS

        @hookimpl
        def relflow_project(self, recorded: Recorded, link: Link) -> None:
            link.execute("INSERT INTO tickets (state) VALUES (?)", (recorded.case.state,))
            if self.fail == "project":
                raise ZeroDivisionError

    plugin = Plugin()
    with Engine(program(), store=f"sqlite:///{path}", plugins=[plugin], clock=Moving()) as running, host:
        running.store.migrate()
        for plugin.fail in ("load", "project"):
            unit = running.on(host)
            with pytest.raises((sqlite3.OperationalError, ZeroDivisionError)):
                unit.open("complaint", **COMPLAINT)
        plugin.fail = ""
        running.on(host).open("complaint", **COMPLAINT)
    assert states(host) == ["received"]


def test_a_host_savepoint_that_is_rolled_back_takes_the_step_along(running: Engine, host: sqlite3.Connection) -> None:
    """Steps follow the host's nesting."""
    with host:
        unit = running.on(host)
        kept = unit.open("complaint", **COMPLAINT)
        host.execute("SAVEPOINT mine")
        lost = unit.open("complaint", **COMPLAINT)
        host.execute("ROLLBACK TO mine")
        host.execute("RELEASE mine")
    assert [case.id for case in running.cases()] == [kept.id] != [lost.id]


def test_two_units_on_one_connection_are_one(running: Engine, host: sqlite3.Connection) -> None:
    """The second sees what the first did."""
    with host:
        case = running.on(host).open("complaint", **COMPLAINT)
        assert running.on(host).fire(case.id, "acknowledge", actor=CLERK).version == 2
    assert running.case(case.id).version == 2


def test_a_unit_needs_an_open_transaction(running: Engine, path: Path) -> None:
    """In autocommit the host must begin one; an unknown kind of connection needs a plugin."""
    with closing(sqlite3.connect(path, isolation_level=None)) as autocommit:
        with pytest.raises(NoTransactionError) as caught:
            running.on(autocommit)
        assert caught.value.reason == "no-transaction"
        autocommit.execute("BEGIN IMMEDIATE")
        running.on(autocommit).open("complaint", **COMPLAINT)
        autocommit.execute("COMMIT")
    assert len(running.cases()) == 1
    with pytest.raises(PluginError, match="`int`"):
        running.on(1)


def test_a_store_in_memory_or_without_tables_cannot_be_joined(path: Path, host: sqlite3.Connection) -> None:
    """The error says what to do."""
    with engine() as running, pytest.raises(StoreError) as caught:
        running.on(host)
    assert caught.value.reason == "cannot-join"
    with closing(sqlite3.connect(":memory:")) as other, engine(f"sqlite:///{path}") as running:
        with pytest.raises(StoreError) as caught:
            running.on(other)
        assert caught.value.reason == "no-schema"


def test_a_joined_unit_does_not_retry_for_the_host(running: Engine, host: sqlite3.Connection) -> None:
    """A conflict of versions comes through; the host decides."""
    case = running.open("complaint", **COMPLAINT)
    with host:
        unit = running.on(host)
        with pytest.raises(ConflictError):
            unit.fire(case.id, "acknowledge", actor=CLERK, expected_version=7)
        assert unit.fire(case.id, "acknowledge", actor=CLERK, expected_version=1).version == 2


def test_a_hook_may_not_come_back_on_the_same_connection(path: Path, host: sqlite3.Connection) -> None:
    """The echo of a projection is stopped, on an old unit and on a new one."""

    class Echo:
        act = None

        @hookimpl
        def relflow_project(self, recorded: Recorded) -> None:
            assert self.act is not None
            with suppress(AttributeError):
                self.act(recorded)

    echo = Echo()
    with engine(f"sqlite:///{path}", plugins=[echo]) as running, host:
        running.store.migrate()
        unit = running.on(host)
        for act in (
            lambda recorded: running.on(host),
            lambda recorded: unit.fire(recorded.case.id, "acknowledge", actor=BOSS),
            lambda recorded: running.run_due(),
        ):
            echo.act = act
            with pytest.raises(ReentryError):
                unit.open("complaint", **COMPLAINT)
        echo.act = lambda recorded: None
        unit.open("complaint", **COMPLAINT)


def test_messages_wait_for_the_hosts_commit(path: Path, host: sqlite3.Connection) -> None:
    """Nothing is delivered before the commit, everything after it."""
    box = Postbox()
    with engine(f"sqlite:///{path}", plugins=[box]) as running:
        running.store.migrate()
        host.execute("BEGIN")
        unit = running.on(host)
        case = unit.open("complaint", **COMPLAINT)
        unit.fire(case.id, "acknowledge", actor=CLERK)
        assert running.outbox() == []
        host.commit()
        assert running.run_due().delivered == 2
    assert {message.case for message in box.sent} == {case.id}
