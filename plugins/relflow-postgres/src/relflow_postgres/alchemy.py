"""Links over SQLAlchemy: a Core connection or an ORM session, on PostgreSQL or SQLite, in the host's transaction.

SQLAlchemy is the host's: nothing is imported before the host has.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from relflow.errors import NoTransactionError
from relflow.stores import Link

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import Session, SessionTransaction

__all__ = ["AlchemyLink", "SessionLink", "alchemy_link"]

Value = int | str | bytes | None
Row = Sequence[Value]
Call = Callable[[], None]


@lru_cache(maxsize=512)
def _marked(sql: str, style: str) -> str:
    """A statement with the driver's marks in the place of `?`; SQLAlchemy always passes parameters on, also none."""
    if style == "qmark":
        return sql
    if style == "numeric_dollar":
        head, *rest = sql.split("?")
        return head + "".join(f"${number}{part}" for number, part in enumerate(rest, start=1))
    return sql.replace("%", "%%").replace("?", "%s")


class AlchemyLink:
    """One Core connection inside a transaction of the host."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self._style = connection.dialect.paramstyle

    def identity(self) -> object:
        """The connection itself: a session's is the same as that of the code below it."""
        return self.connection

    def execute(self, sql: str, params: Sequence[Value] = ()) -> tuple[Sequence[Row], int]:
        """Run one statement; its rows and the number of rows it changed."""
        result = self.connection.exec_driver_sql(_marked(sql, self._style), tuple(params))
        if not result.returns_rows:
            return (), result.rowcount
        rows = [tuple(row) for row in result.fetchall()]
        return rows, result.rowcount

    def in_transaction(self) -> bool:
        """Whether the host has a transaction open."""
        return self.connection.in_transaction()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A savepoint by SQLAlchemy's own means."""
        begun(self.connection)
        with self.connection.begin_nested():
            yield

    def after_commit(self, call: Call) -> bool:
        """A Core connection tells of a commit before it happens, which is too early."""
        del call
        return False

    def is_conflict(self, error: BaseException) -> bool:
        """Whether a unique key was taken; relflow's tables have no other constraint that a value can break."""
        from sqlalchemy.exc import IntegrityError  # noqa: PLC0415 - the host's, see above

        return isinstance(error, IntegrityError)


class SessionLink(AlchemyLink):
    """An ORM session inside its transaction; its pending changes are flushed before each step."""

    def __init__(self, session: Session) -> None:
        super().__init__(session.connection())
        self.session = session

    def in_transaction(self) -> bool:
        """Whether the session's transaction is open."""
        return self.session.in_transaction() and self.connection.in_transaction()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A savepoint of the session."""
        begun(self.connection)
        with self.session.begin_nested():
            # a session makes the savepoint on a connection when the connection is asked for
            self.session.connection()
            yield

    def after_commit(self, call: Call) -> bool:
        """Call after the outermost commit; a savepoint of the host that is rolled back takes its calls along."""
        found = _WAITING.get(self.session)
        if found is None:
            found = _WAITING[self.session] = _Waiting(self.session)
        found.add(self.session, call)
        return True


class _Waiting:
    """What is to be called after a session's commit, each with the transactions that it depends on."""

    def __init__(self, session: Session) -> None:
        from sqlalchemy import event  # noqa: PLC0415 - the host's, see above

        self._calls: list[tuple[tuple[SessionTransaction, ...], Call]] = []
        event.listen(session, "after_commit", self._committed)
        event.listen(session, "after_soft_rollback", self._rolled_back)

    def add(self, session: Session, call: Call) -> None:
        """Remember a call with the transactions around it, innermost first."""
        chain: list[SessionTransaction] = []
        inner = session.get_nested_transaction() or session.get_transaction()
        while inner is not None:
            chain.append(inner)
            inner = inner.parent
        self._calls.append((tuple(chain), call))

    def _committed(self, session: Session) -> None:
        """SQLAlchemy says this for the release of a savepoint, too."""
        if session.get_nested_transaction() is None:
            calls, self._calls = self._calls, []
            for _, call in calls:
                call()

    def _rolled_back(self, session: Session, transaction: SessionTransaction) -> None:
        del session
        self._calls = [(chain, call) for chain, call in self._calls if transaction not in chain]


_WAITING: Final[WeakKeyDictionary[Session, _Waiting]] = WeakKeyDictionary()


def begun(connection: Connection) -> None:
    """Begin where SQLAlchemy says that it has and SQLite's driver has not.

    The driver begins with the first change only; a savepoint before it would be the outermost transaction, and its
    release a commit behind the host's back.
    """
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        if driver is not None and not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def alchemy_link(connection: object) -> Link | None:
    """A Link on a host's SQLAlchemy connection or session, None for any other object.

    A transaction that SQLAlchemy would begin with the next statement is begun here, as the host's own. Raises
    NoTransactionError for a connection that commits each statement by itself.
    """
    if "sqlalchemy" not in sys.modules:
        return None
    from sqlalchemy.engine import Connection  # noqa: PLC0415 - the host's, see above
    from sqlalchemy.orm import Session, scoped_session  # noqa: PLC0415 - as above

    host = connection() if isinstance(connection, scoped_session) else connection
    link: AlchemyLink
    if isinstance(host, Session):
        link = SessionLink(host)
    elif isinstance(host, Connection):
        link = AlchemyLink(host)
    else:
        return None
    if str(link.connection.get_execution_options().get("isolation_level", "")).upper() == "AUTOCOMMIT":
        raise NoTransactionError.of(
            "no-transaction",
            "the connection commits each statement by itself (AUTOCOMMIT): give `engine.on` one with a transaction",
            "该连接逐条语句自动提交（AUTOCOMMIT）：请给 `engine.on` 一个带事务的连接",
        )
    if not link.in_transaction():
        link.connection.begin()
    begun(link.connection)
    return link
