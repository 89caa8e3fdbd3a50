"""The store in memory: the same meaning as the SQL one, for tests, trials and simulations."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from relflow.errors import ReentryError, StoreError
from relflow.stores.memory_accounts import MemoryAccounts
from relflow.stores.memory_cases import MemoryCases
from relflow.stores.memory_claims import MemoryClaims
from relflow.stores.memory_survey import MemorySurvey
from relflow.stores.protocols import Link
from relflow.stores.tables import Tables
from relflow.stores.versions import SCHEMA_VERSION

__all__ = ["MemoryStore", "MemoryUnit"]


class MemoryUnit(MemoryCases, MemoryClaims, MemoryAccounts, MemorySurvey):
    """One tenant's part of one transaction in memory."""

    link: Link | None = None

    def __init__(self, tables: Tables, tenant: str) -> None:
        self.tables = tables
        self.tenant = tenant

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the unit that is undone alone when an exception leaves it."""
        mark = self.tables.mark()
        try:
            yield
        except BaseException:
            self.tables.undo(mark)
            raise

    def now(self) -> datetime:
        """This machine's clock."""
        return datetime.now(UTC)


class MemoryStore:
    """Cases in this process, gone with it; threads take turns."""

    def __init__(self) -> None:
        self._tables = Tables()
        self._lock = threading.RLock()
        self._writing = False
        self._closed = False

    @contextmanager
    def unit(self, tenant: str = "", *, write: bool = True) -> Iterator[MemoryUnit]:
        """A transaction: kept at the end, undone when an exception leaves it."""
        with self._lock:
            if self._closed:
                raise StoreError.of("closed", "the store is closed", "存储已关闭")
            if write and self._writing:
                # the lock lets its own thread in again, so this is a unit inside a unit
                raise ReentryError.of(
                    "reentry",
                    "a unit of work is already open in this thread: use that unit",
                    "本线程已打开一个工作单元：请使用该单元",
                )
            yield from self._unit(tenant, write)

    def _unit(self, tenant: str, write: bool) -> Iterator[MemoryUnit]:
        outer, self._writing = self._writing, write or self._writing
        mark = self._tables.mark()
        try:
            yield MemoryUnit(self._tables, tenant)
        except BaseException:
            self._tables.undo(mark)
            raise
        finally:
            self._writing = outer
            if not outer:
                self._tables.forget()

    def join(self, link: Link, tenant: str = "") -> MemoryUnit:
        """A store in memory has no connection to join."""
        del link, tenant
        raise StoreError.of(
            "cannot-join",
            "a store in memory cannot join the host's transaction: use a SQL store",
            "内存存储无法加入业务系统的事务：请使用 SQL 存储",
        )

    def version(self) -> int:
        """What is in memory was made by this relflow."""
        return SCHEMA_VERSION

    def migrate(self) -> int:
        """Nothing to do."""
        return SCHEMA_VERSION

    def tidy(self) -> None:
        """Memory forgets by itself."""

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._closed = True
            self._tables = Tables()
