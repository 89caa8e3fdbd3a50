"""relflow's tables in the host's database: units of work of our own, beside those that join the host's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import DatabaseError, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from relflow import ConflictError, NoTransactionError, RelflowError, StoreError
from relflow.stores import Link, SqlStore
from relflow_django.link import DjangoLink

__all__ = ["DjangoStore", "in_host_transaction", "own_transaction"]

# a failed serialization and a deadlock: taking the work again is the remedy
_AGAIN = ("40001", "40P01")


class DjangoStore(SqlStore):
    """Cases in the database behind one alias of `DATABASES`."""

    def __init__(self, alias: str = "default") -> None:
        super().__init__(self._connected)
        self.alias = alias
        self._closed = False

    def _connected(self, tenant: str, write: bool) -> AbstractContextManager[Link]:
        del tenant
        if self._closed:
            raise StoreError.of("closed", "the store is closed", "存储已关闭")
        return own_transaction(self.alias, write=write)

    def close(self) -> None:
        """Refuse to be used from now on; Django's connections are Django's to close."""
        self._closed = True


@contextmanager
def own_transaction(alias: str, *, write: bool) -> Iterator[Link]:
    """A transaction on the alias, committed at the end and rolled back when an exception leaves it.

    Reading takes part in what the host has open. Writing needs the outermost transaction: whatever it says was kept
    has to be kept, so inside the host's it raises NoTransactionError. Inside Django's TestCase it may, as everything
    that Django calls durable.
    """
    connection = connections[alias]
    if write and in_host_transaction(connection):
        raise NoTransactionError.of(
            "inside-host",
            "a transaction of the host is open: use `engine.on(connection)`, which joins it, or call after its commit",
            "业务系统的事务尚未结束：请用 `engine.on(connection)` 加入该事务，或在提交之后调用",
            alias=alias,
        )
    try:
        with _begun_to_write(connection) if write else transaction.atomic(using=alias):
            yield DjangoLink(connection)
    except OperationalError as error:
        raise _told(alias, error) from error


@contextmanager
def _begun_to_write(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """An `atomic` block; on SQLite it takes the write lock at once, where Django would begin by reading.

    Two that have read and want to write then cannot both go on, and SQLite refuses one of them without waiting.
    """
    atomic = transaction.atomic(using=connection.alias)
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with atomic:
            yield
        return
    wrapper: Any = connection  # only SQLite's has a mode
    mode = getattr(wrapper, "transaction_mode", None)
    wrapper.transaction_mode = "IMMEDIATE"
    try:
        atomic.__enter__()
    finally:
        wrapper.transaction_mode = mode
    try:
        yield
    except BaseException as error:
        atomic.__exit__(type(error), error, error.__traceback__)
        raise
    atomic.__exit__(None, None, None)


def in_host_transaction(connection: BaseDatabaseWrapper) -> bool:
    """Whether the host has a transaction open; the one that Django's TestCase wraps around a test does not count."""
    blocks = connection.atomic_blocks
    if not connection.in_atomic_block:
        # a host that commits by hand is always inside one
        return not connection.get_autocommit()
    return not (blocks and getattr(blocks[-1], "_from_testcase", False))


def _told(alias: str, error: DatabaseError) -> RelflowError:
    """What the database reported, without its own words: they may hold values."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) in _AGAIN:
        return ConflictError.of(
            "conflict",
            "another transaction came first: read again and decide anew",
            "另一事务已抢先写入：请重新读取后再决定",
        )
    return StoreError.of(
        "database",
        f"the database `{alias}` could not carry the work out: it is locked, full or not reachable; nothing was half "
        "done, call again",
        f"数据库 `{alias}` 未能完成操作：可能被锁定、空间不足或无法连接；未留下任何做了一半的更改，请重试",
        alias=alias,
        driver=getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or type(error).__name__,
    )
