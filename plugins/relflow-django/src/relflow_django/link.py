"""A Django database connection as relflow's SQL store sees it: the host's transaction, savepoints and commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import cast

from django.db import IntegrityError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.connection import ConnectionProxy

from relflow import NoTransactionError, hookimpl
from relflow.stores import Link, Row, SqlValue

__all__ = ["DjangoLink", "Joining", "django_link"]

# a duplicate key, by SQL's own code and by SQLite's
_TAKEN = ("23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID")


class DjangoLink:
    """One of the connections of `django.db.connections`, in the thread that uses it."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`, as Django calls them, too."""
        return self._connection.vendor

    def identity(self) -> object:
        """The connection itself: Django keeps one for each alias and thread."""
        return self._connection

    def execute(self, sql: str, params: Sequence[SqlValue] = ()) -> tuple[Sequence[Row], int]:
        """Run one statement; its rows and the number of rows it changed."""
        with self._connection.cursor() as cursor:
            # without parameters Django passes a statement on as it is
            if params:
                cursor.execute(_marked(sql), tuple(params))
            else:
                cursor.execute(sql)
            rows = cursor.fetchall() if cursor.description else ()
            return cast("Sequence[Row]", rows), cursor.rowcount

    def in_transaction(self) -> bool:
        """Whether an `atomic` block is open, or the host has turned autocommit off."""
        return self._connection.in_atomic_block or not self._connection.get_autocommit()

    def savepoint(self) -> AbstractContextManager[None]:
        """A savepoint of Django's own: only then does a rollback take the `on_commit` calls inside it along."""
        return cast("AbstractContextManager[None]", transaction.atomic(using=self._connection.alias))

    def after_commit(self, call: Callable[[], None]) -> bool:
        """Call after the outermost commit; False where the host commits by hand, of which Django tells nobody."""
        if not self._connection.in_atomic_block:
            return False
        transaction.on_commit(call, using=self._connection.alias, robust=True)
        return True

    def is_conflict(self, error: BaseException) -> bool:
        """Whether a unique key was taken; a deadlock or a failed serialization is the host's to retry."""
        if not isinstance(error, IntegrityError):
            return False
        cause = error.__cause__
        return getattr(cause, "sqlstate", None) in _TAKEN or getattr(cause, "sqlite_errorname", None) in _TAKEN


@lru_cache(maxsize=1024)
def _marked(sql: str) -> str:
    """The statement with Django's marks; relflow's have no other question marks than those for parameters."""
    return sql.replace("%", "%%").replace("?", "%s")


def django_link(connection: object) -> Link | None:
    """A Link on `django.db.connection` or one of `connections`, None for any other object.

    Raises NoTransactionError where the host has opened no transaction.
    """
    if isinstance(connection, ConnectionProxy):
        connection = connections[cast("str", connection.alias)]
    if not isinstance(connection, BaseDatabaseWrapper):
        return None
    link = DjangoLink(connection)
    if not link.in_transaction():
        raise NoTransactionError.of(
            "no-transaction",
            "no transaction is open on this connection: call `engine.on(connection)` inside `transaction.atomic()`",
            "该连接没有打开的事务：请在 `transaction.atomic()` 内调用 `engine.on(connection)`",
        )
    _begin(connection)
    return link


def _begin(connection: BaseDatabaseWrapper) -> None:
    """Where a host commits by hand, SQLite's driver begins with its first change; a savepoint before would commit."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block and not connection.connection.in_transaction:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")


class Joining:
    """Lets `engine.on` join a transaction of Django's."""

    @hookimpl
    def relflow_link(self, connection: object) -> Link | None:
        """A Link on a connection of Django's."""
        return django_link(connection)
