"""Units of work on the store's own connections: begun with the first statement, committed at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Final

import psycopg

from relflow.errors import StoreError
from relflow.stores import SqlUnit
from relflow_postgres.connections import OwnConnection
from relflow_postgres.link import PsycopgLink, Row, Value
from relflow_postgres.troubles import store_error

if TYPE_CHECKING:
    from relflow_postgres.store import PostgresStore

__all__ = ["OwnLink", "OwnUnit"]

_CHANGES: Final = ("INSERT", "UPDATE", "DELETE")
_BEGIN_READING: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_BEGIN_WRITING: Final = "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE"


class OwnLink(PsycopgLink):
    """A connection of the store; `check` looks at the schema and is asked once, before the first change.

    The statement that writes steps begins with `WITH` and looks for itself.
    """

    def __init__(self, connection: OwnConnection, begin: str, check: Callable[[OwnLink], None]) -> None:
        super().__init__(connection, connection.cursor_of_units)
        self._begin = begin
        self._check: Callable[[OwnLink], None] | None = check
        self.begun = False
        self.calls: list[Callable[[], None]] = []

    def execute(self, sql: str, params: Sequence[Value] = ()) -> tuple[Sequence[Row], int]:
        """Run one statement; the first one begins the transaction."""
        if not self.begun:
            self.begin()
        if self._check is not None and sql.startswith(_CHANGES):
            check, self._check = self._check, None
            check(self)
        return super().execute(sql, params)

    def trust(self) -> None:
        """Look at the schema no more: whoever holds the link is about to make it."""
        self._check = None

    def begin(self) -> None:
        """Begin the transaction."""
        self._cursor.execute(self._begin, prepare=False)
        self.begun = True

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A savepoint; what was to be called after the commit goes with it when it is rolled back."""
        if not self.begun:
            self.begin()
        kept = len(self.calls)
        try:
            with self.connection.transaction():
                yield
        except BaseException:
            del self.calls[kept:]
            raise

    def after_commit(self, call: Callable[[], None]) -> bool:
        """Call after our own commit."""
        self.calls.append(call)
        return True


class OwnUnit:
    """A transaction of one tenant as a context manager; a class, because every step pays for it."""

    __slots__ = ("_connection", "_link", "_store", "_tenant", "_write")

    def __init__(self, store: PostgresStore, tenant: str, *, write: bool) -> None:
        self._store = store
        self._tenant = tenant
        self._write = write

    def __enter__(self) -> SqlUnit:
        begin = _BEGIN_WRITING if self._write else _BEGIN_READING
        self._connection = self._store.enter(write=self._write)
        self._link = OwnLink(self._connection, begin, self._store.check)
        return SqlUnit(self._link, self._tenant)

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
