"""The databases of the tests: made once for each process, emptied after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

from relflow.testing.postgres import PostgresServer

__all__ = ["DATABASES", "Prepared", "emptied", "on"]

DATABASES = ("sqlite", "postgresql")


class Prepared:
    """Settings of databases that have the project's tables, by kind; each is made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ready: dict[str, dict[str, Any]] = {}

    def settings(self, kind: str, server: Callable[[], PostgresServer]) -> dict[str, Any]:
        """The settings of a database of this kind; `server` gives the one that PostgreSQL's is made on."""
        if kind not in self._ready:
            made = self._sqlite() if kind == "sqlite" else _postgresql(server())
            with on(made):
                call_command("migrate", verbosity=0, run_syncdb=True)
            self._ready[kind] = made
        return self._ready[kind]

    def _sqlite(self) -> dict[str, Any]:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(self._folder / "desk.sqlite3")}


def _postgresql(server: PostgresServer) -> dict[str, Any]:
    engine = "django.db.backends.postgresql"
    return {"ENGINE": engine, "NAME": server.database(), "USER": "postgres", "HOST": str(server.folder)}


@contextmanager
def on(chosen: dict[str, Any]) -> Iterator[None]:
    """Django's default database is another one meanwhile."""
    before = connections.settings["default"]
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = {**before, **chosen}
    try:
        yield
    finally:
        connections["default"].close()
        del connections["default"]
        connections.settings["default"] = before


def emptied() -> None:
    """No row of any table is left but what migrations put there."""
    connection = connections["default"]
    kept = {"django_migrations", "django_content_type", "auth_permission", "django_site", "relflow_meta"}
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name not in kept]
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            for name in tables:
                cursor.execute(f"DELETE FROM {name}")
            cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("DELETE FROM auth_permission WHERE codename LIKE 'queue_access_%'")
        cursor.execute("DELETE FROM relflow_meta WHERE name <> 'schema'")
