"""Units of work on the store's own connections: begun with the first statement, committed at the end."""

from __future__ import annotations

from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

import psycopg

from relflow.errors import StoreError
from relflow.results import Recorded, Step
from relflow.stores import SqlUnit
from relflow_postgres.own_link import READS, OwnLink
from relflow_postgres.troubles import store_error

if TYPE_CHECKING:
    from relflow_postgres.store import PostgresStore

__all__ = ["AloneUnit", "OwnUnit"]


class AloneUnit(SqlUnit):
    """A unit on a connection of the store's: no host is in its transaction, so that one step can do without."""

    link: OwnLink

    def write_alone(
        self, step: Step, personal: frozenset[str] = frozenset(), *, under: tuple[str, str] | None = None
    ) -> Recorded | None:
        """Write a step whole in one statement, at once and for good, or nothing of it.

        The statement checks everything that `write` checks. What is read before it, the secret of a case with personal
        values, is as safe as in a transaction at READ COMMITTED: nothing was locked there either, and whoever else
        gives the case a secret moves it, so that this step is not written.
        """
        link = self.link
        if not link.write or link.begun or link.kept or not link.connection.usual:
            return None
        with link.alone():
            recorded = self._write_at_once(step, personal, under)
        if recorded is not None:
            link.keep()
        return recorded


class OwnUnit:
    """A transaction of one tenant as a context manager; a class, because every step pays for it."""

    __slots__ = ("_apart", "_connection", "_link", "_store", "_tenant", "_write")

    def __init__(self, store: PostgresStore, tenant: str, *, write: bool, glance: bool = False) -> None:
        self._store = store
        self._tenant = tenant
        self._write = write
        self._apart = READS if glance else ()

    def __enter__(self) -> AloneUnit:
        self._connection = self._store.enter(write=self._write)
        self._link = OwnLink(self._connection, self._store.check, write=self._write, apart=self._apart)
        return AloneUnit(self._link, self._tenant)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, trace
        link = self._link
        try:
            if link.begun:
                if error is None:
                    self._connection.commit()
                else:
                    with suppress(psycopg.Error):
                        self._connection.rollback()
        except psycopg.Error as broken:
            raise store_error(broken, self._store.place) from broken
        finally:
            self._store.leave(self._connection, write=self._write)
        if isinstance(error, StoreError):
            self._store.doubt()
        if isinstance(error, psycopg.Error):
            raise store_error(error, self._store.place) from error
        if error is None:
            for call in link.calls:
                call()
