"""A step without a transaction around it, where something comes between: the same is said and kept as with one."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from relflow_postgres import PostgresStore

from relflow.builtins import Accounts
from relflow.engine import Engine
from relflow.errors import StoreError
from relflow.hooks import hookimpl
from relflow.results import Recorded
from relflow.testing.joined import CLERK, ERRAND, errands
from relflow.testing.postgres import PostgresServer
from relflow.testing.store_samples import sample_step


class Project:
    """A host that keeps something in step, so that a step is a transaction."""

    @hookimpl
    def relflow_project(self, recorded: Recorded) -> None:
        """Nothing to do."""
        assert not recorded.replayed


@contextmanager
def engine_on(url: str, *, alone: bool) -> Iterator[Engine]:
    """An engine whose steps are alone, or each in a transaction."""
    plugins: list[object] = [Accounts({"C-1": {"size": 1}})]
    store = PostgresStore(url, prepare=False)
    with Engine(errands(), store=store, plugins=plugins if alone else [*plugins, Project()]) as engine:
        engine.open("errand", **ERRAND)
        yield engine


def blocked(connection: psycopg.Connection[Any]) -> int:
    """Who waits for a lock of this connection's transaction, within a few seconds."""
    for _ in range(400):
        row = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        ).fetchone()
        if row is not None:
            return int(row[0])
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def aside(act: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Run in a thread of its own; what it raises or answers is in the list afterwards."""
    answers: list[object] = []

    def run() -> None:
        try:
            answers.append(act())
        except Exception as error:  # noqa: BLE001 - whatever it is, the test looks at it
            answers.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, answers


@pytest.mark.parametrize("alone", [True, False])
def test_a_connection_that_is_cut_in_a_step_is_said_alike(relflow_postgres: PostgresServer, alone: bool) -> None:
    """The store is gone, nothing is written, and whoever asks again is served."""
    url = relflow_postgres.fresh()
    with engine_on(url, alone=alone) as engine, psycopg.connect(url, autocommit=True) as other:
        case = engine.open("errand", **ERRAND).id
        with other.transaction():
            other.execute("SELECT FROM relflow_cases WHERE id = %s FOR UPDATE", (case,))
            thread, answers = aside(lambda: engine.fire(case, "begin", actor=CLERK, event_id="e-1"))
            other.execute("SELECT pg_terminate_backend(%s)", (blocked(other),))
            thread.join(30)
        assert isinstance(answers[0], StoreError)
        assert (answers[0].reason, engine.case(case).version) == ("gone", 1)
        assert engine.fire(case, "begin", actor=CLERK, event_id="e-1").version == 2


class Cutting:
    """A line to a server on a socket that hangs up instead of bringing the answer to a statement."""

    def __init__(self, server: PostgresServer) -> None:
        self.cut: bytes | None = None
        self._there = f"{server.folder}/.s.PGSQL.5432"
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        here = f"host=127.0.0.1&port={self._listening.getsockname()[1]}&sslmode=disable"
        self.url = server.fresh().replace(f"host={quote(str(server.folder), safe='')}", here)
        self._start(self._accept)

    def _start(self, act: Callable[..., None], *arguments: object) -> None:
        self._threads.append(threading.Thread(target=act, args=arguments))
        self._threads[-1].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self._listening.accept()[0]
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._there)
                due = threading.Event()
                self._start(self._pump, client, server, due, True)
                self._start(self._pump, server, client, due, False)

    def _pump(self, source: socket.socket, sink: socket.socket, due: threading.Event, asking: bool) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 20):
                if asking and self.cut is not None and self.cut in data:
                    self.cut = None
                    due.set()
                elif not asking and due.is_set():
                    # the server has answered: whatever it was asked for is done
                    break
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        source.close()

    def close(self) -> None:
        """Take no more calls, once the callers have hung up."""
        self._listening.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(30)
        self._listening.close()


@pytest.mark.parametrize(("alone", "last"), [(True, b"WITH i AS"), (False, b"COMMIT\0")])
def test_a_lost_answer_leaves_open_what_was_kept(relflow_postgres: PostgresServer, alone: bool, last: bytes) -> None:
    """The error is that of a lost commit; the step is there, and the same event id is told so."""
    line = Cutting(relflow_postgres)
    with engine_on(line.url, alone=alone) as engine:
        case = engine.open("errand", **ERRAND).id
        engine.store.version()
        line.cut = last
        with pytest.raises(StoreError) as caught:
            engine.fire(case, "begin", actor=CLERK, event_id="e-1")
        assert (caught.value.reason, line.cut) == ("gone", None)
        assert engine.case(case).version == 2
        assert engine.fire(case, "begin", actor=CLERK, event_id="e-1").version == 2
        assert len(engine.history(case)) == 2
        assert engine.verify(case) == []
    line.close()


def test_an_interrupt_takes_a_step_back_that_still_waits(relflow_postgres: PostgresServer) -> None:
    """The statement is cancelled, nothing is written, and the engine goes on."""
    url = relflow_postgres.fresh()
    with engine_on(url, alone=True) as engine, psycopg.connect(url, autocommit=True) as other:
        case = engine.open("errand", **ERRAND).id

        def interrupt() -> None:
            blocked(other)
            os.kill(os.getpid(), signal.SIGINT)

        with other.transaction():
            other.execute("SELECT FROM relflow_cases WHERE id = %s FOR UPDATE", (case,))
            thread, answers = aside(interrupt)
            with pytest.raises(KeyboardInterrupt):
                engine.fire(case, "begin", actor=CLERK)
            thread.join(30)
        assert answers == [None]
        assert engine.case(case).version == 1
        assert engine.fire(case, "begin", actor=CLERK).version == 2


def test_a_step_that_waited_for_a_migration_is_not_written(relflow_postgres: PostgresServer) -> None:
    """The statement looks at the tables when its turn has come, also once the server has planned it for good."""
    url = relflow_postgres.fresh()
    store = PostgresStore(url)
    for version in range(1, 12):
        with store.unit() as unit:
            unit.write_alone(sample_step("A", version)) or unit.write(sample_step("A", version))

    def write() -> object:
        with store.unit() as unit:
            assert unit.write_alone(sample_step("A", 12)) is None
            return unit.write(sample_step("A", 12))

    with psycopg.connect(url, autocommit=True) as admin:
        store.version()
        store._looked += 1000  # noqa: SLF001 - or it is the look before the unit that waits
        with admin.transaction():
            admin.execute("LOCK TABLE relflow_meta IN ACCESS EXCLUSIVE MODE")
            thread, answers = aside(write)
            blocked(admin)
            admin.execute("UPDATE relflow_meta SET value = '99' WHERE name = 'schema'")
        thread.join(30)
        assert isinstance(answers[0], StoreError)
        assert answers[0].reason == "newer-schema"
        assert admin.execute("SELECT count(*) FROM relflow_history").fetchone() == (11,)
    store.close()


def test_a_store_that_was_empty_when_it_was_looked_at_is_gone_through_by_its_keys(
    relflow_postgres: PostgresServer,
) -> None:
    """The server plans a step for tables that hold nothing; once they hold something it plans anew."""
    store = PostgresStore(relflow_postgres.fresh())
    store.migrate()
    with store.unit() as unit:
        unit.link.execute("ANALYZE relflow_timers")
        unit.write_all([sample_step(f"K{number}") for number in range(560)])
    for number in range(560):
        with store.unit() as unit:
            step = sample_step(f"K{number}", 2, timers={"due": timedelta(hours=1)})
            assert unit.write_alone(step) is not None
    with store.unit() as unit:
        ((name, count),), _ = unit.link.execute(
            "SELECT name, array_length(parameter_types, 1) FROM pg_prepared_statements"
            " WHERE statement LIKE 'WITH i AS%' ORDER BY generic_plans + custom_plans DESC LIMIT 1"
        )
        plan, _ = unit.link.execute(f"EXPLAIN EXECUTE {name}({', '.join(['NULL'] * int(str(count)))})")
    said = "\n".join(str(row[0]) for row in plan)
    assert "Seq Scan on relflow_timers" not in said
    assert "relflow_timers_pkey" in said
    store.close()
