"""Two writers at once on PostgreSQL, joined and owned, at both isolation levels that hosts use."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import errors
from relflow_postgres import Postgres, PostgresStore

from relflow.engine import Engine
from relflow.errors import ConflictError, StoreError
from relflow.hooks import hookimpl
from relflow.results import Recorded
from relflow.stores import SCHEMA_VERSION, Link
from relflow.testing.joined import CLERK, ERRAND, Watcher, errands
from relflow.testing.postgres import PostgresServer
from relflow.testing.store_samples import LEASE, MOMENT, sample_step


@pytest.fixture
def url(relflow_postgres: PostgresServer) -> str:
    """An empty place for a store."""
    return relflow_postgres.fresh()


@contextmanager
def made(url: str, *plugins: object) -> Iterator[Engine]:
    """An engine on it."""
    with Engine(errands(), store=url, plugins=[Postgres, Watcher(), *plugins]) as engine:
        engine.store.migrate()
        yield engine


@contextmanager
def host(url: str, isolation: psycopg.IsolationLevel) -> Iterator[psycopg.Connection[Any]]:
    """A host's connection."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.isolation_level = isolation
        yield connection


def aside(act: Callable[[], object]) -> Callable[[], object]:
    """Run in a thread of its own; what is returned waits for it and raises or returns what it did."""
    answers: list[object] = []

    def run() -> None:
        try:
            answers.append(act())
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets it
            answers.append(error)

    thread = threading.Thread(target=run)
    thread.start()

    def wait() -> object:
        thread.join(30)
        assert answers, "it hangs"
        if isinstance(answers[0], Exception):
            raise answers[0]
        return answers[0]

    return wait


def blocked(connection: psycopg.Connection[Any]) -> bool:
    """Whether somebody waits for a lock of this connection's transaction, within a few seconds."""
    for _ in range(200):
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        ).fetchone()
        if row is not None and row[0]:
            return True
        time.sleep(0.02)
    return False


COMMITTED, REPEATABLE = psycopg.IsolationLevel.READ_COMMITTED, psycopg.IsolationLevel.REPEATABLE_READ


@pytest.mark.parametrize(
    ("isolation", "expected"), [(COMMITTED, ConflictError), (REPEATABLE, errors.SerializationFailure)]
)
def test_of_two_joined_writers_one_wins(url: str, isolation: Any, expected: type[Exception]) -> None:
    """The other gets our conflict, or the database's own error unchanged; a whole new transaction succeeds."""
    with made(url) as engine, host(url, isolation) as first, host(url, isolation) as second:
        case = engine.open("errand", **ERRAND)

        def late() -> object:
            with second.transaction():
                second.execute("SELECT 1")
                return engine.on(second).fire(case.id, "begin", actor=CLERK)

        with first.transaction():
            engine.on(first).fire(case.id, "begin", actor=CLERK)
            answer = aside(late)
            assert blocked(first)
        with pytest.raises(expected):
            answer()
        with second.transaction():
            assert engine.on(second).fire(case.id, "end", actor=CLERK).version == 3
        assert engine.verify(case.id) == []


@pytest.mark.parametrize("isolation", [COMMITTED, REPEATABLE])
def test_a_key_that_two_open_at_once_is_one_case(url: str, isolation: Any) -> None:
    """The second waits for the first and gets its case, if need be in a transaction begun anew."""
    with made(url) as engine, host(url, isolation) as first, host(url, isolation) as second:

        def late() -> Any:
            for _ in range(2):
                try:
                    with second.transaction():
                        second.execute("SELECT 1")
                        return engine.on(second).open("errand", key="t-1", **ERRAND)
                except (ConflictError, errors.SerializationFailure):
                    continue
            raise AssertionError("it failed twice")

        with first.transaction():
            opened = engine.on(first).open("errand", key="t-1", **ERRAND)
            answer = aside(late)
            assert blocked(first)
        assert answer().id == opened.id  # type: ignore[attr-defined]
        assert len(engine.cases()) == 1


def test_an_event_that_two_fire_at_once_happens_once(url: str) -> None:
    """The second conflicts, and asked again learns what the first one led to."""
    with made(url) as engine, host(url, COMMITTED) as first:
        case = engine.open("errand", **ERRAND)
        with first.transaction():
            done = engine.on(first).fire(case.id, "begin", actor=CLERK, event_id="e-1")
            answer = aside(lambda: engine.fire(case.id, "begin", actor=CLERK, event_id="e-1"))
            assert blocked(first)
        assert answer() == done
        assert len(engine.history(case.id)) == 2


class Tickets:
    """A projection that touches a row of the host's."""

    @hookimpl
    def relflow_project(self, recorded: Recorded, link: Link) -> None:
        """The host's ticket follows."""
        link.execute("UPDATE tickets SET state = ?", (recorded.case.state,))


@pytest.mark.parametrize("version", [None, 1])
def test_a_deadlock_in_a_unit_of_our_own_is_taken_again(url: str, version: int | None) -> None:
    """Also where the caller said which version it saw: a deadlock says nothing about the case."""
    with made(url, Tickets()) as engine, host(url, COMMITTED) as other:
        other.execute("CREATE TABLE tickets (state TEXT)")
        other.execute("INSERT INTO tickets VALUES ('new')")
        case = engine.open("errand", **ERRAND)
        # the server looks for deadlocks where somebody waits long; the host here waits longer than we do
        other.execute("SET deadlock_timeout = '30s'")
        with other.transaction():
            other.execute("UPDATE tickets SET state = 'held'")
            answer = aside(lambda: engine.fire(case.id, "begin", actor=CLERK, expected_version=version))
            assert blocked(other)
            other.execute("SELECT * FROM relflow_cases FOR UPDATE")
        assert answer().version == 2  # type: ignore[attr-defined]
        assert len(engine.history(case.id)) == 2


def test_workers_claim_different_rows_without_waiting(url: str) -> None:
    """What another one is claiming is skipped; nothing is claimed twice and nothing is left."""
    store = PostgresStore(url)
    due = MOMENT + LEASE
    with store.unit() as unit:
        unit.write_all([sample_step(f"K{n:02d}", timers={"due": LEASE / 2}) for n in range(20)])
    other = PostgresStore(url)
    with store.unit() as unit:
        mine = [claim.timer.case for claim in unit.due(due, 8, LEASE)]
        mail = [claim.key for claim in unit.messages(due, 8, LEASE)]

        def elsewhere() -> tuple[list[str], list[str]]:
            with other.unit() as theirs:
                timers = [claim.timer.case for claim in theirs.due(due, 99, LEASE)]
                return timers, [claim.key for claim in theirs.messages(due, 99, LEASE)]

        timers, messages = aside(elsewhere)()  # type: ignore[misc]
    assert sorted(mine + timers) == [f"K{n:02d}" for n in range(20)]
    assert sorted(mail + messages) == [f"K{n:02d}:1:1" for n in range(20)]
    for one in (store, other):
        one.close()


CHANGES: dict[str, Callable[[Any], object]] = {
    "write": lambda unit: unit.write(sample_step("A", 2)),
    "write_all": lambda unit: unit.write_all([sample_step("A", 2), sample_step("B")]),
    "due": lambda unit: unit.due(MOMENT + LEASE, 9, LEASE),
    "mark": lambda unit: unit.mark("s", MOMENT, {}),
    "erase": lambda unit: unit.erase(["A"], MOMENT),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_old_worker_does_not_write_to_newer_tables(url: str, change: str) -> None:
    """It is refused in the statement that would write, and leaves nothing; also one that reads soon is."""
    store = PostgresStore(url)
    with store.unit() as unit:
        unit.write(sample_step("A", timers={"due": LEASE}))
    with host(url, COMMITTED) as admin:
        admin.execute("UPDATE relflow_meta SET value = %s WHERE name = 'schema'", (str(SCHEMA_VERSION + 1),))
        with pytest.raises(StoreError) as caught, store.unit() as unit:
            CHANGES[change](unit)
        assert caught.value.reason == "newer-schema"
        with pytest.raises(StoreError), store.unit(write=False):
            pass
        admin.execute("UPDATE relflow_meta SET value = %s WHERE name = 'schema'", (str(SCHEMA_VERSION),))
    with store.unit() as unit:
        assert {case: held.case.version for case, held in unit.read(("A", "B")).cases.items()} == {"A": 1}
        assert len(unit.due(MOMENT + LEASE, 9, LEASE)) == 1
    store.close()


def test_a_migration_waits_for_those_who_write_and_they_for_it(url: str) -> None:
    """Whoever looked at the version before goes on to its commit; whoever comes later finds the new one."""
    store = PostgresStore(url)
    store.migrate()
    with host(url, COMMITTED) as admin:

        def migrate() -> None:
            with admin.transaction():
                admin.execute("LOCK TABLE relflow_meta IN ACCESS EXCLUSIVE MODE")
                admin.execute("UPDATE relflow_meta SET value = '99' WHERE name = 'schema'")

        with store.unit() as unit:
            unit.write(sample_step("A"))
            answer = aside(migrate)
            with host(url, COMMITTED) as onlooker:
                assert any(_waits(onlooker) for _ in range(200))
            unit.write(sample_step("A", 2))
        answer()
    with pytest.raises(StoreError) as caught, store.unit() as unit:
        unit.write(sample_step("A", 3))
    assert caught.value.reason == "newer-schema"
    store.close()


def _waits(onlooker: psycopg.Connection[Any]) -> bool:
    """Whether somebody waits for a table."""
    time.sleep(0.02)
    row = onlooker.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'").fetchone()
    return row is not None and row[0] > 0
