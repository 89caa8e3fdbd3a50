"""What must hold for every Link, inside Django's own transactions, on each database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from relflow_django import DjangoStore
from relflow_django.link import Joining

from relflow.stores import Store
from relflow.testing.joined import JoinedConformance

NUMBERS = count(1)


class DjangoHost:
    """A project; each of its connections has an alias of its own, as those of other threads and processes would be."""

    tells = True
    plugins = (Joining,)

    def store(self) -> Store:
        """Cases in the default database."""
        return DjangoStore("default")

    @contextmanager
    def connect(self) -> Iterator[BaseDatabaseWrapper]:
        """A further connection to the default database."""
        alias = f"seat{next(NUMBERS)}"
        connections.settings[alias] = dict(connections.settings["default"])
        try:
            yield connections[alias]
        finally:
            connections[alias].close()
            del connections[alias], connections.settings[alias]

    def transaction(self, connection: BaseDatabaseWrapper) -> Any:
        """Django's way; a savepoint inside another."""
        return transaction.atomic(using=connection.alias)

    nested = transaction

    def run(self, connection: BaseDatabaseWrapper, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """A statement of the host's own."""
        with connection.cursor() as cursor:
            cursor.execute(sql.replace("?", "%s"), tuple(params))
            return cursor.fetchall() if cursor.description else []


@pytest.mark.usefixtures("database")
class TestDjangoLink(JoinedConformance):
    """Each test begins with empty tables, and with the host's own."""

    def make_host(self) -> DjangoHost:
        """The project on the database of the test."""
        return DjangoHost()

    @pytest.fixture(autouse=True)
    def tickets(self, database: str) -> Iterator[None]:
        """The host's own table."""
        with connections["default"].cursor() as cursor:
            cursor.execute("CREATE TABLE tickets (state TEXT)")
        yield
        with connections["default"].cursor() as cursor:
            cursor.execute("DROP TABLE tickets")
