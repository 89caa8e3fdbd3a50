"""What must hold for every store, through Django's connection, on each database."""

from __future__ import annotations

import threading

import pytest
from django.db import connections
from relflow_django import DjangoStore

from relflow.stores import Store
from relflow.testing.stores import StoreConformance


@pytest.mark.usefixtures("database")
class TestDjangoStore(StoreConformance):
    """The store on Django's default connection; each thread has its own."""

    def make_store(self) -> Store:
        """The tables were made by the migration."""
        return DjangoStore("default")

    @pytest.fixture(autouse=True)
    def threads_close(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A thread of a Django project closes its connections at its end, as those of a web server do."""
        run = threading.Thread.run

        def closing(thread: threading.Thread) -> None:
            try:
                run(thread)
            finally:
                connections.close_all()

        monkeypatch.setattr(threading.Thread, "run", closing)
