"""The stores that come with relflow, offered through the same hooks as anybody's."""

from __future__ import annotations

from urllib.parse import parse_qsl

from relflow.errors import StoreError
from relflow.hooks import hookimpl
from relflow.stores import Link, MemoryStore, SqliteStore, Store, sqlite_link

__all__ = ["MemoryStores", "SqliteStores"]

_SETTINGS = ("synchronous", "busy")


class MemoryStores:
    """`memory:`: cases in this process, gone with it."""

    @hookimpl
    def relflow_store(self, url: str) -> Store | None:
        """A new store in memory."""
        return MemoryStore() if url == "memory:" else None


class SqliteStores:
    """`sqlite:///cases.db` (a path from here) or `sqlite:////var/lib/cases.db` (a path from the root).

    Settings stand behind a `?`: `synchronous=FULL|NORMAL|EXTRA|OFF`, `busy=` seconds to wait for another writer.
    """

    @hookimpl
    def relflow_store(self, url: str) -> Store | None:
        """A store in a file. Raises StoreError for an URL that names no file or an unknown setting."""
        if not url.startswith("sqlite:"):
            return None
        path, _, query = url.partition("?")
        name = path.removeprefix("sqlite:///")
        settings = dict(parse_qsl(query))
        synchronous = settings.get("synchronous", "FULL").upper()
        unknown = [key for key in settings if key not in _SETTINGS]
        if name == path or not name or unknown or synchronous not in {"FULL", "NORMAL", "EXTRA", "OFF"}:
            raise StoreError.of(
                "bad-url",
                f"`{url}` is not an address of a store: write `sqlite:///cases.db`",
                f"`{url}` 不是存储的地址：应写成 `sqlite:///cases.db`",
                url=url,
            )
        try:
            return SqliteStore(name, synchronous=synchronous, busy=float(settings.get("busy", "10")))
        except ValueError as error:
            raise StoreError.of(
                "bad-url", f"`busy` in `{url}` is not a number of seconds", f"`{url}` 里的 `busy` 不是秒数", url=url
            ) from error

    @hookimpl
    def relflow_link(self, connection: object) -> Link | None:
        """A Link on a host's own sqlite3 connection."""
        return sqlite_link(connection)
