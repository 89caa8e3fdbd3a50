"""Two who keep the same thing at the same moment: the second one waits for the first, and finds it there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from relflow_postgres import PostgresStore

from relflow.errors import StoreError
from relflow.results import Definition
from relflow.stores import SqlUnit
from relflow.testing.postgres import PostgresServer
from relflow.testing.stores import MOMENT

FLOW = Definition("d" * 64, "complaint", "1", "workflow: complaint\n")


@pytest.fixture
def store(relflow_postgres: PostgresServer) -> Iterator[PostgresStore]:
    """A fresh store."""
    made = PostgresStore(relflow_postgres.fresh())
    made.migrate()
    yield made
    made.close()


def meanwhile(store: PostgresStore, first: Callable[[SqlUnit], object], second: Callable[[SqlUnit], object]) -> object:
    """What the second one gets, who begins before the first one commits."""
    found: list[object] = []
    begun = threading.Event()

    def other() -> None:
        try:
            with store.unit() as unit:
                unit.now()
                begun.set()
                found.append(second(unit))
        except StoreError as error:
            found.append(error.reason)

    thread = threading.Thread(target=other)
    with store.unit() as unit:
        first(unit)
        thread.start()
        begun.wait(10)
        # the other one is inside its statement, or about to be: it finds the row locked or committed
        thread.join(0.2)
    thread.join()
    return found[0]


def test_a_signal_told_twice_at_once_counts_once(store: PostgresStore) -> None:
    """The second one is given what the first one kept."""
    told = meanwhile(
        store,
        lambda unit: unit.mark("order-1", MOMENT, {"by": "first"}),
        lambda unit: unit.mark("order-1", MOMENT, {"by": "second"}),
    )
    assert told == {"by": "first"}


@pytest.mark.parametrize(("digest", "told"), [("d" * 64, None), ("e" * 64, "other-content")])
def test_a_definition_kept_twice_at_once(store: PostgresStore, digest: str, told: str | None) -> None:
    """The same content is no trouble; another under the same id and version is refused."""
    assert (
        meanwhile(store, lambda unit: unit.define(FLOW), lambda unit: unit.define(replace(FLOW, digest=digest))) == told
    )


def test_a_policy_put_in_force_twice_at_once(store: PostgresStore) -> None:
    """No worker of the first hour fails because another one was as quick."""
    assert meanwhile(store, lambda unit: unit.in_force("oil", "p1"), lambda unit: unit.in_force("oil", "p1")) == "p1"
