"""A Link over one psycopg connection: the host's, joined as it is, or one of the store's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

import psycopg
from psycopg import errors, pq
from psycopg.rows import tuple_row
from psycopg.types.numeric import Int8Dumper, IntLoader
from psycopg.types.string import StrDumperUnknown, TextLoader

from relflow.errors import NoTransactionError
from relflow.stores import Link

__all__ = ["PsycopgLink", "marked", "plain_cursor", "psycopg_link"]

Value = int | str | bytes | None
Row = Sequence[Value]
_TEXTS: Final = ("text", "varchar", "name", "bpchar")
_NUMBERS: Final = ("int2", "int4", "int8")


@lru_cache(maxsize=512)
def marked(sql: str) -> bytes:
    """A statement with psycopg's marks: relflow marks parameters with `?` and writes `%` for itself."""
    return sql.replace("%", "%%").replace("?", "%s").encode()


def plain_cursor(connection: psycopg.Connection[Any]) -> psycopg.Cursor[tuple[Any, ...]]:
    """A cursor that gives tuples of ints and texts, whatever row factory, cursor class and adapters the host set."""
    cursor = psycopg.Cursor(connection, row_factory=tuple_row)
    adapters = cursor.adapters
    # one width for all numbers, else the same statement is prepared anew for small and large ones
    adapters.register_dumper(int, Int8Dumper)
    adapters.register_dumper(str, StrDumperUnknown)
    for name in _TEXTS:
        adapters.register_loader(name, TextLoader)
    for name in _NUMBERS:
        adapters.register_loader(name, IntLoader)
    return cursor


class PsycopgLink:
    """One psycopg connection inside a transaction of the host."""

    dialect: Final = "postgresql"

    def __init__(
        self, connection: psycopg.Connection[Any], cursor: psycopg.Cursor[tuple[Any, ...]] | None = None
    ) -> None:
        self.connection = connection
        self._cursor = cursor or plain_cursor(connection)

    def identity(self) -> object:
        """The connection itself."""
        return self.connection

    def execute(self, sql: str, params: Sequence[Value] = ()) -> tuple[Sequence[Row], int]:
        """Run one statement; its rows and the number of rows it changed."""
        cursor = self._cursor
        cursor.execute(marked(sql) if params else sql.encode(), tuple(params) if params else None)
        # its description would make an object of each column
        result = cursor.pgresult
        return (cursor.fetchall() if result is not None and result.nfields else ()), cursor.rowcount

    def in_transaction(self) -> bool:
        """Whether the host has a transaction open."""
        return self.connection.info.transaction_status in {pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR}

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A savepoint by psycopg's own means."""
        with self.connection.transaction():
            yield

    def after_commit(self, call: Callable[[], None]) -> bool:
        """Psycopg tells nobody of a commit."""
        del call
        return False

    def is_conflict(self, error: BaseException) -> bool:
        """Whether a unique key was taken; a deadlock or a serialization failure is the host's to retry."""
        return isinstance(error, errors.UniqueViolation)


def psycopg_link(connection: object) -> Link | None:
    """A Link on a host's psycopg connection, None for any other object.

    Raises NoTransactionError for a connection without an open transaction. One that is not in autocommit begins with
    its first statement, as every psycopg program expects: there it is begun here, as the host's own.
    """
    if not isinstance(connection, psycopg.Connection):
        return None
    link = PsycopgLink(connection)
    if not link.in_transaction():
        if connection.autocommit:
            raise NoTransactionError.of(
                "no-transaction",
                "the connection has no open transaction: begin one (`with connection.transaction():`) before "
                "`engine.on(connection)`",
                "该连接没有打开的事务：请在 `engine.on(connection)` 之前开始一个事务"
                "（`with connection.transaction():`）",
            )
        link.execute("SELECT 1")
    return link
