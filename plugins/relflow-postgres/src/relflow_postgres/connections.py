"""The store's own connections: opened when they are needed, kept for the next unit, never shared with a fork."""

from __future__ import annotations

import os
import select
import threading
from contextlib import suppress
from functools import cached_property
from typing import Any, Final

import psycopg

from relflow.errors import StoreError
from relflow_postgres.link import plain_cursor

__all__ = ["Connections", "OwnConnection"]

_EARLY: Final = (64, 512)
_LATER: Final = 4096
_USUAL: Final = """SELECT current_setting('default_transaction_isolation'),
    current_setting('default_transaction_read_only')"""


class OwnConnection(psycopg.Connection[Any]):
    """A connection of the store's, with the one cursor that its units take turns with: making one costs as a trip."""

    units = 0

    @cached_property
    def cursor_of_units(self) -> psycopg.Cursor[tuple[Any, ...]]:
        """A plain cursor."""
        return plain_cursor(self)

    def count_unit(self) -> bool:
        """Another unit is done: after some of them the server plans our statements anew, for the tables have grown.

        It keeps a plan that it made for a table of one page, and goes through all of the table by it, until it next
        gathers statistics: in the first minute of a new store each step would take longer than the one before.
        False for a connection that is broken.
        """
        self.units += 1
        if self.units in _EARLY or self.units % _LATER == 0:
            try:
                self.cursor_of_units.execute("DISCARD PLANS", prepare=False)
            except psycopg.Error:
                return False
        return True

    @cached_property
    def usual(self) -> bool:
        """Whether a statement outside of a transaction runs as our writing transactions do; asked once.

        A role or a database can have another isolation level by default, at which a statement that waited for a
        migration would not see what it changed, or read only.
        """
        row = self.cursor_of_units.execute(_USUAL).fetchone()
        return row == ("read committed", "off")


class Connections:
    """Connections in autocommit mode, as many as units are open at once.

    psycopg's own pool runs threads, which a fork leaves behind; a worker that forks after import is common with web
    servers, and a unit lasts milliseconds, so a list is enough.
    """

    def __init__(self, url: str, *, prepare: bool = True) -> None:
        self._url = url
        self._prepare = prepare
        self._lock = threading.Lock()
        self._idle: list[OwnConnection] = []
        self._abandoned: list[OwnConnection] = []
        self._process = os.getpid()
        self._closed = False

    def take(self) -> OwnConnection:
        """A connection that is alive and idle. Raises StoreError if the store was closed."""
        while True:
            with self._lock:
                if self._closed:
                    raise StoreError.of("closed", "the store is closed", "存储已关闭")
                if self._process != os.getpid():
                    # those of the parent process must not even be closed here
                    self._abandoned, self._idle, self._process = self._idle, [], os.getpid()
                found = self._idle.pop() if self._idle else None
            if found is None:
                return self._open()
            if _alive(found):
                return found
            with suppress(psycopg.Error):
                found.close()

    def give(self, connection: OwnConnection) -> None:
        """Keep a connection for the next unit, unless it is broken or in the middle of something."""
        idle = not connection.closed and connection.pgconn.transaction_status == psycopg.pq.TransactionStatus.IDLE
        if idle and connection.count_unit():
            with self._lock:
                if not self._closed:
                    self._idle.append(connection)
                    return
        with suppress(psycopg.Error):
            connection.close()

    def _open(self) -> OwnConnection:
        made = OwnConnection.connect(self._url, autocommit=True)
        # the statements of the store are few and always the same
        made.prepare_threshold = 1 if self._prepare else None
        return made

    def close(self) -> None:
        """Close every idle connection; those in use close when their unit ends."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            mine = self._process == os.getpid()
        for connection in idle if mine else ():
            with suppress(psycopg.Error):
                connection.close()


def _alive(connection: OwnConnection) -> bool:
    """Whether the server did not hang up: a connection that nobody uses has nothing to say until it does."""
    if connection.closed:
        return False
    watch = select.poll()
    watch.register(connection.pgconn.socket, select.POLLIN | select.POLLERR | select.POLLHUP)
    return not watch.poll(0)
