"""SQLite: a Link over one connection, and the store over a file (write-ahead log, full durability)."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Final

from relflow.errors import NoTransactionError, ReentryError, StoreError
from relflow.stores.protocols import Link, Row, SqlValue
from relflow.stores.schema import migrate, schema_version
from relflow.stores.sql import SqlStore, SqlUnit
from relflow.stores.troubles import gone, store_error
from relflow.stores.versions import refuse_other_version

__all__ = ["SqliteLink", "SqliteStore", "sqlite_link"]

BUSY_SECONDS: Final = 10.0
# pages (of 4 kB) that gather in the log before they go into the file, each of which costs two waits for the disk, and
# kB of pages that a connection keeps: SQLite's own 1,000 and 2,000 are those of a telephone
_LOG_PAGES: Final = 16_000
_CACHE: Final = 16_000
_NAMES: Final = count()


class SqliteLink:
    """One sqlite3 connection, ours or the host's."""

    dialect: Final = "sqlite"

    def __init__(self, connection: sqlite3.Connection, *, owned: bool = False) -> None:
        self._connection = connection
        self._owned = owned
        self._plain = owned
        self.calls: list[Callable[[], None]] = []

    def identity(self) -> object:
        """The connection itself."""
        return self._connection

    def execute(self, sql: str, params: Sequence[SqlValue] = ()) -> tuple[Sequence[Row], int]:
        """Run one statement; its rows and the number of rows it changed."""
        if self._plain:
            cursor = self._connection.execute(sql, params)
            return (cursor.fetchall() if cursor.description else ()), cursor.rowcount
        cursor = self._connection.cursor()
        # the host's row factory is the host's business
        cursor.row_factory = None
        cursor.execute(sql, params)
        rows = cursor.fetchall()
        if self._connection.text_factory is not str:
            rows = [tuple(value.decode() if isinstance(value, bytes) else value for value in row) for row in rows]
        return rows, cursor.rowcount

    def execute_many(self, sql: str, rows: Sequence[Sequence[SqlValue]]) -> None:
        """Run one statement over each of the rows."""
        self._connection.executemany(sql, rows)

    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A savepoint: released at the end, rolled back when an exception leaves it."""
        name = f"relflow_{next(_NAMES)}"
        kept = len(self.calls)
        self.execute(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            del self.calls[kept:]
            # a full disk ends the whole transaction, savepoints included
            if self._connection.in_transaction:
                self.execute(f"ROLLBACK TO {name}")
                self.execute(f"RELEASE {name}")
            raise
        self.execute(f"RELEASE {name}")

    def after_commit(self, call: Callable[[], None]) -> bool:
        """Call after our own commit; a host's commit is not told to us."""
        if self._owned:
            self.calls.append(call)
        return self._owned

    def is_conflict(self, error: BaseException) -> bool:
        """Whether a unique key was taken."""
        return isinstance(error, sqlite3.IntegrityError)


def sqlite_link(connection: object) -> Link | None:
    """A Link on a host's sqlite3 connection, None for any other object.

    Raises NoTransactionError where the host has not begun a transaction; where its driver begins only with the first
    change, the transaction is begun here, as the host's own.
    """
    if not isinstance(connection, sqlite3.Connection):
        return None
    if not connection.in_transaction:
        if connection.isolation_level is None:
            raise NoTransactionError.of(
                "no-transaction",
                "the connection has no open transaction: begin one before `engine.on(connection)`",
                "该连接没有打开的事务：请在 `engine.on(connection)` 之前开始一个事务",
            )
        connection.execute("BEGIN IMMEDIATE")
    return SqliteLink(connection)


class _OwnUnit:
    """A unit of work on a connection of the store's; a class, because every step pays for it."""

    __slots__ = ("_checked", "_connection", "_link", "_store", "_tenant", "_write")

    def __init__(self, store: SqliteStore, tenant: str, *, write: bool, checked: bool = True) -> None:
        self._store = store
        self._tenant = tenant
        self._write = write
        self._checked = checked

    def __enter__(self) -> SqlUnit:
        self._connection = self._store._enter(write=self._write)  # noqa: SLF001 - one thing in two classes
        self._link = link = SqliteLink(self._connection, owned=True)
        if self._checked:
            try:
                refuse_other_version(_version(link))
            except BaseException as error:
                self._leave(error)
                raise
        return SqlUnit(link, self._tenant)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, trace
        self._leave(error)

    def _leave(self, error: BaseException | None) -> None:
        try:
            self._store._leave(self._connection, write=self._write, keep=error is None)  # noqa: SLF001 - as above
        except sqlite3.Error as broken:
            raise store_error(broken, str(self._store.path)) from broken
        if isinstance(error, sqlite3.Error):
            raise store_error(error, str(self._store.path)) from error
        if error is None:
            for call in self._link.calls:
                call()


def _version(link: Link) -> int:
    """The schema's version, by one statement: it is asked in every unit, and the table is known to be there."""
    rows, _ = link.execute("SELECT value FROM relflow_meta WHERE name = 'schema'")
    return int(str(rows[0][0])) if rows else 0


class SqliteStore(SqlStore):
    """Cases in one SQLite file, shared by any number of threads and processes of one machine.

    `synchronous` is SQLite's own setting, FULL unless the host asks for less; `busy` is how many seconds to wait for
    another writer; with `uri` the path is one of SQLite's `file:` addresses. Nothing is opened before the first use,
    and a forked process opens its own connections.
    """

    def __init__(
        self, path: str | Path, *, synchronous: str = "FULL", busy: float = BUSY_SECONDS, uri: bool = False
    ) -> None:
        super().__init__(self._transaction)
        self.path = path if uri else Path(path)
        self._uri = uri
        self._synchronous = synchronous
        self._busy = busy
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._abandoned: list[sqlite3.Connection] = []
        self._process = os.getpid()
        self._prepared = False
        self._file: tuple[int, int] | None = None
        self._closed = False
        self._local = threading.local()

    def unit(self, tenant: str = "", *, write: bool = True) -> AbstractContextManager[SqlUnit]:
        """A transaction of our own: committed at the end, rolled back when an exception leaves it."""
        return _OwnUnit(self, tenant, write=write)

    @contextmanager
    def _transaction(self, tenant: str, write: bool) -> Iterator[Link]:
        """A transaction without a look at the schema, for whoever is about to make it."""
        with _OwnUnit(self, tenant, write=write, checked=False) as unit:
            yield unit.link

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise StoreError.of("closed", "the store is closed", "存储已关闭")
            if self._process != os.getpid():
                # connections of the parent process must not even be closed here
                self._abandoned, self._idle, self._process = self._idle, [], os.getpid()
            if self._idle:
                return self._idle.pop()
        return self._open()

    def _give(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def _enter(self, *, write: bool) -> sqlite3.Connection:
        """A connection inside a transaction; a read takes no lock and sees one moment."""
        if write and getattr(self._local, "writing", False):
            raise ReentryError.of(
                "reentry",
                "a unit of work is already open in this thread: use that unit",
                "本线程已打开一个工作单元：请使用该单元",
            )
        self._refuse_other_file()
        connection = None
        try:
            connection = self._take()
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        except sqlite3.Error as error:
            if connection is not None:
                self._give(connection)
            raise store_error(error, str(self.path)) from error
        if write:
            self._local.writing = True
        return connection

    def _refuse_other_file(self) -> None:
        """Raise StoreError if the file is not the one that was opened: SQLite would go on with one that is gone."""
        if self._file is not None and self._file != self._found():
            raise gone(str(self.path))

    def _found(self) -> tuple[int, int] | None:
        """Which file there is at the path."""
        try:
            there = os.stat(self.path)  # noqa: PTH116 - twice as fast, in every unit
        except OSError:
            return None
        return there.st_dev, there.st_ino

    def _leave(self, connection: sqlite3.Connection, *, write: bool, keep: bool) -> None:
        """Commit or roll back, and let go of the connection in any case."""
        try:
            if keep:
                connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if write:
                self._local.writing = False
            self._give(connection)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            timeout=self._busy,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            uri=self._uri,
        )
        try:
            self._prepare(connection)
            if not self._uri and self._file is None:
                self._file = self._found()
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Settings of a new connection; the file's first use makes its tables."""
        connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            self._turn_to_wal(connection)
        if self._prepared:
            return
        if schema_version(SqliteLink(connection)) == 0:
            connection.execute("BEGIN IMMEDIATE")
            try:
                migrate(SqliteLink(connection))
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        self._prepared = True

    def _turn_to_wal(self, connection: sqlite3.Connection) -> None:
        """Switch the file's journal; SQLite's busy handler does not wait for this one."""
        deadline = time.monotonic() + self._busy
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_READONLY:
                    return
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def tidy(self) -> None:
        """Write the log into the file and empty it; a reader that is still busy keeps its part until the next time."""
        connection = self._take()
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:
            raise store_error(error, str(self.path)) from error
        finally:
            self._give(connection)

    def close(self) -> None:
        """Close every idle connection; those in use close when their unit ends."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            mine = self._process == os.getpid()
        for connection in idle if mine else ():
            with suppress(sqlite3.Error):
                connection.close()
