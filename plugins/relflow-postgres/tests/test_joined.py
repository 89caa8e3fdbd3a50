"""Cases inside transactions of hosts that work with psycopg or SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy
from psycopg.rows import dict_row
from psycopg.types.numeric import FloatLoader
from relflow_postgres import Postgres, PostgresStore
from sqlalchemy import event
from sqlalchemy.orm import Session

from relflow.stores import SqliteStore, Store
from relflow.testing.joined import JoinedConformance
from relflow.testing.postgres import PostgresServer

TICKETS = "CREATE TABLE tickets (state TEXT)"


class PsycopgHost:
    """A host that works with psycopg, plain or with everything changed that a host can change."""

    tells = False
    plugins = (Postgres,)

    def __init__(self, url: str, *, odd: bool = False) -> None:
        self.url = url
        self.odd = odd
        with psycopg.connect(url) as connection:
            connection.execute(TICKETS)

    def store(self) -> Store:
        return PostgresStore(self.url)

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection[Any]]:
        with closing(psycopg.connect(self.url, autocommit=True)) as connection:
            if self.odd:
                connection.row_factory = dict_row
                connection.cursor_factory = psycopg.ClientCursor
                connection.adapters.register_loader("int8", FloatLoader)
            yield connection

    def transaction(self, connection: psycopg.Connection[Any]) -> Any:
        return connection.transaction()

    nested = transaction

    def run(self, connection: psycopg.Connection[Any], sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        cursor = connection.execute(sql.replace("?", "%s").encode(), tuple(params))
        rows = cursor.fetchall() if cursor.description else []
        return [tuple(row.values()) if isinstance(row, dict) else row for row in rows]


class CoreHost:
    """A host that works with SQLAlchemy's connections."""

    tells = False
    plugins = (Postgres,)

    def __init__(self, engine: sqlalchemy.Engine, store: Store) -> None:
        self.engine = engine
        self._store = store
        with engine.begin() as connection:
            connection.exec_driver_sql(TICKETS)

    def store(self) -> Store:
        return self._store

    @contextmanager
    def connect(self) -> Iterator[Any]:
        with self.engine.connect() as connection:
            yield connection

    def transaction(self, connection: Any) -> Any:
        return connection.begin()

    def nested(self, connection: Any) -> Any:
        return connection.begin_nested()

    def run(self, connection: Any, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        marks = [f":p{number}" for number in range(len(params))]
        for mark in marks:
            sql = sql.replace("?", mark, 1)
        result = connection.execute(
            sqlalchemy.text(sql), {mark[1:]: value for mark, value in zip(marks, params, strict=True)}
        )
        return [tuple(row) for row in result.fetchall()] if result.returns_rows else []


class SessionHost(CoreHost):
    """A host that works with SQLAlchemy's sessions."""

    tells = True

    @contextmanager
    def connect(self) -> Iterator[Any]:
        with Session(self.engine) as session:
            yield session


def alchemy(url: str) -> sqlalchemy.Engine:
    """SQLAlchemy on the schema that an address of psycopg names."""
    return sqlalchemy.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url))


class TestPsycopg(JoinedConformance):
    """psycopg as it comes."""

    @pytest.fixture(autouse=True)
    def _server(self, relflow_postgres: PostgresServer) -> None:
        self.server = relflow_postgres

    def make_host(self) -> PsycopgHost:
        return PsycopgHost(self.server.fresh())


class TestOddPsycopg(TestPsycopg):
    """psycopg with rows as dictionaries, client-side binding and numbers as floats."""

    def make_host(self) -> PsycopgHost:
        return PsycopgHost(self.server.fresh(), odd=True)


class TestCore(TestPsycopg):
    """SQLAlchemy's connections on PostgreSQL."""

    def make_host(self) -> CoreHost:  # type: ignore[override]
        url = self.server.fresh()
        self.engine = alchemy(url)
        return CoreHost(self.engine, PostgresStore(url))

    @pytest.fixture(autouse=True)
    def _dispose(self) -> Iterator[None]:
        yield
        self.engine.dispose()


class TestSession(TestCore):
    """SQLAlchemy's sessions on PostgreSQL."""

    def make_host(self) -> CoreHost:  # type: ignore[override]
        url = self.server.fresh()
        self.engine = alchemy(url)
        return SessionHost(self.engine, PostgresStore(url))


class TestCoreOnSqlite(JoinedConformance):
    """SQLAlchemy's connections on SQLite, with the driver's habit to begin late."""

    kind = CoreHost

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> Iterator[None]:
        self.path = tmp_path / "crm.db"
        yield
        self.engine.dispose()

    def make_host(self) -> CoreHost:
        self.engine = sqlalchemy.create_engine(f"sqlite:///{self.path}")
        return self.kind(self.engine, SqliteStore(self.path, synchronous="OFF"))


class TestSessionOnSqlite(TestCoreOnSqlite):
    """SQLAlchemy's sessions on SQLite."""

    kind = SessionHost


class TestBeginningSqlite(TestCoreOnSqlite):
    """SQLAlchemy on SQLite as its documentation advises: the driver begins nothing, SQLAlchemy does."""

    def make_host(self) -> CoreHost:
        host = super().make_host()

        @event.listens_for(self.engine, "connect")
        def _(connection: Any, _record: Any) -> None:
            connection.isolation_level = None

        @event.listens_for(self.engine, "begin")
        def _(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN")

        return host
