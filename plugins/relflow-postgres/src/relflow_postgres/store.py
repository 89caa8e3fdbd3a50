"""The store in a PostgreSQL database, for any number of workers on any number of machines."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from relflow.errors import ReentryError, StoreError
from relflow.stores import Link, SqlStore, refuse_other_version, schema_version
from relflow_postgres.connections import Connections, OwnConnection
from relflow_postgres.own import AloneUnit, OwnUnit
from relflow_postgres.troubles import store_error

__all__ = ["PostgresStore"]

# how long a reader may take the schema's version for what it was; whoever changes something looks every time
_TRUSTED: Final = 1.0


class PostgresStore(SqlStore):
    """Cases in a PostgreSQL database, version 12 or newer.

    `url` is libpq's `postgresql://user:password@host:port/database?…`; `options=-csearch_path%3Dcrm` puts the tables
    into a schema of their own. Nothing is connected before the first use, and a forked process connects for itself.
    The first use makes the tables where there are none. `prepare=False` is for poolers that cannot keep prepared
    statements. Raises StoreError for an address that is none.
    """

    def __init__(self, url: str, *, prepare: bool = True) -> None:
        super().__init__(self._transaction)
        self.place = _place(url)
        self._connections = Connections(url, prepare=prepare)
        self._local = threading.local()
        self._looked = -_TRUSTED

    def unit(self, tenant: str = "", *, write: bool = True) -> AbstractContextManager[AloneUnit]:
        """A transaction of our own: committed at the end, rolled back when an exception leaves it.

        One that only reads sees one moment.
        """
        self._look_again()
        return OwnUnit(self, tenant, write=write)

    def glance(self, tenant: str = "") -> AbstractContextManager[AloneUnit]:
        """A unit that only reads, each statement at its own moment: nothing is begun and committed for it."""
        self._look_again()
        return OwnUnit(self, tenant, write=False, glance=True)

    def version(self) -> int:
        """The schema's version in the store, 0 where there is none."""
        with OwnUnit(self, "", write=False, glance=True) as unit:
            return schema_version(unit.link)

    @contextmanager
    def _transaction(self, tenant: str, write: bool) -> Iterator[Link]:
        """A transaction without a look at the schema, for whoever is about to make it."""
        with OwnUnit(self, tenant, write=write) as unit:
            unit.link.trust()
            yield unit.link

    def _look_again(self) -> None:
        if time.monotonic() - self._looked >= _TRUSTED:
            self._look()

    def _look(self) -> None:
        """Make the tables where there are none. Raises StoreError if they are of another version."""
        version = self.version()
        if version == 0:
            version = self.migrate()
        refuse_other_version(version)
        self._looked = time.monotonic()

    def check(self, link: Link) -> None:
        """Refuse to change anything under another version of the tables than ours."""
        refuse_other_version(schema_version(link))

    def doubt(self) -> None:
        """Look at the version again before the next unit, a reading one too."""
        self._looked = -_TRUSTED

    def enter(self, *, write: bool) -> OwnConnection:
        """A connection for a unit. Raises ReentryError in a thread that has one open that writes."""
        if write and getattr(self._local, "writing", False):
            raise ReentryError.of(
                "reentry",
                "a unit of work is already open in this thread: use that unit",
                "本线程已打开一个工作单元：请使用该单元",
            )
        try:
            connection = self._connections.take()
        except psycopg.Error as error:
            raise store_error(error, self.place) from error
        self._local.writing = write or getattr(self._local, "writing", False)
        return connection

    def leave(self, connection: OwnConnection, *, write: bool) -> None:
        """Let go of a unit's connection."""
        if write:
            self._local.writing = False
        self._connections.give(connection)

    def close(self) -> None:
        """Close every idle connection; those in use close when their unit ends."""
        self._connections.close()


def _place(url: str) -> str:
    """Where the store is, for messages: without the password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise StoreError.of(
            "bad-url",
            "the address of the store is not one of PostgreSQL: write `postgresql://user@host/database`",
            "存储地址不是 PostgreSQL 地址：应写成 `postgresql://user@host/database`",
        ) from error
    host = parts.get("host") or "localhost"
    return f"{parts.get('dbname') or parts.get('user') or 'postgres'} @ {host}:{parts.get('port') or 5432}"
