"""The store in PostgreSQL passes the suite that any store must pass."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from relflow_postgres import PostgresStore

from relflow.stores import Store
from relflow.testing.postgres import PostgresServer
from relflow.testing.stores import ShortcutConformance, StoreConformance, store_machine


class TestPostgres(StoreConformance, ShortcutConformance):
    """A store on connections of its own."""

    @pytest.fixture(autouse=True)
    def _server(self, relflow_postgres: PostgresServer) -> None:
        self.server = relflow_postgres

    def make_store(self) -> Store:
        return PostgresStore(self.server.fresh())


def test_postgresql_agrees_with_its_model(relflow_postgres: PostgresServer) -> None:
    """Any order of calls leaves the database as the model says."""
    machine = store_machine(lambda: PostgresStore(relflow_postgres.fresh()))
    run_state_machine_as_test(machine, settings=settings(max_examples=15, stateful_step_count=20, deadline=None))
