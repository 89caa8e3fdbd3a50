"""The Link over a connection of the store's: its transaction begins with the first statement that needs one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from relflow.errors import NoTransactionError
from relflow_postgres.connections import OwnConnection
from relflow_postgres.link import PsycopgLink, Row, Value

__all__ = ["READS", "OwnLink"]

READS: Final = ("SELECT",)
_WRITES: Final = (*READS, "WITH")
_CHANGES: Final = ("INSERT", "UPDATE", "DELETE")
_BEGIN_READING: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_BEGIN_WRITING: Final = "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE"


class OwnLink(PsycopgLink):
    """A connection of the store; `check` looks at the schema and is asked once, before the first change.

    The statement that writes steps begins with `WITH` and looks for itself. A statement that begins with one of `apart`
    is a transaction of its own where none was begun.
    """

    connection: OwnConnection

    def __init__(
        self, connection: OwnConnection, check: Callable[[OwnLink], None], *, write: bool, apart: tuple[str, ...] = ()
    ) -> None:
        super().__init__(connection, connection.cursor_of_units)
        self._check: Callable[[OwnLink], None] | None = check
        self.write = write
        self.apart = apart
        self.begun = False
        self.kept = False
        self.calls: list[Callable[[], None]] = []

    def execute(self, sql: str, params: Sequence[Value] = ()) -> tuple[Sequence[Row], int]:
        """Run one statement; the first one that is not `apart` begins the transaction."""
        if not self.begun and not sql.startswith(self.apart):
            self.begin()
        if self._check is not None and sql.startswith(_CHANGES):
            check, self._check = self._check, None
            check(self)
        return super().execute(sql, params)

    def trust(self) -> None:
        """Look at the schema no more: whoever holds the link is about to make it."""
        self._check = None

    def begin(self) -> None:
        """Begin the transaction. Raises NoTransactionError where the one step of the unit is kept already."""
        if self.kept:
            raise NoTransactionError.of(
                "step-kept",
                "this unit of work has written its one step and kept it: open another one for further changes",
                "此工作单元唯一的一步已写入并保留：其他更改请另开一个工作单元",
            )
        self._cursor.execute(_BEGIN_WRITING if self.write else _BEGIN_READING, prepare=False)
        self.begun = True

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let statements be transactions of their own meanwhile, those that write steps too."""
        self.apart = _WRITES
        try:
            yield
        finally:
            self.apart = ()

    def keep(self) -> None:
        """Take no change from now on: what there was to write is written and kept. Reading goes on."""
        self.apart, self.kept = READS, True

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
