"""The stores that come with relflow pass the suite that any store must pass."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from relflow.stores import MemoryStore, SqliteStore, Store
from relflow.testing.stores import StoreConformance, store_machine


class TestMemory(StoreConformance):
    """The store in memory."""

    def make_store(self) -> Store:
        return MemoryStore()


class TestSqlite(StoreConformance):
    """The store in a SQLite file."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.paths = (tmp_path / f"{number}.db" for number in count())

    def make_store(self) -> Store:
        return SqliteStore(next(self.paths), synchronous="OFF")


def test_memory_agrees_with_its_model() -> None:
    """Any order of calls leaves the store in memory as the model says."""
    run_state_machine_as_test(store_machine(MemoryStore), settings=settings(max_examples=60, deadline=None))


def test_sqlite_agrees_with_its_model(tmp_path: Path) -> None:
    """Any order of calls leaves a SQLite file as the model says."""
    paths = (tmp_path / f"{number}.db" for number in count())
    machine = store_machine(lambda: SqliteStore(next(paths), synchronous="OFF"))
    run_state_machine_as_test(machine, settings=settings(max_examples=30, stateful_step_count=25, deadline=None))
