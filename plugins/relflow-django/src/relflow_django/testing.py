"""For the tests of a host: Django's TestCase with relflow's clock in hand, and everything due done on request."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections, transaction
from django.test import TestCase, TransactionTestCase, override_settings

from relflow import Case, Engine, Report, Unit
from relflow_django.engines import engine, policy
from relflow_django.settings import configuration
from relflow_django.signals import before_tick

__all__ = ["RelflowMixin", "RelflowTestCase", "RelflowTransactionTestCase", "empty"]

if TYPE_CHECKING:
    _Base = TestCase

    class _Committing(TransactionTestCase):
        """What the stubs leave out."""

        def _fixture_teardown(self) -> None: ...
else:
    _Base = object
    _Committing = TransactionTestCase


class RelflowMixin(_Base):
    """What a test needs beside Django's own: an engine whose clock stands still until it is moved.

    `start` is where it stands first. Django rolls a TestCase back and never commits, so that `on_commit` calls do not
    happen; relflow's work is not among them: `tick` does whatever is due and waits, and mail is in `mail.outbox`.
    """

    start = "2026-03-02T09:00"
    workflow = "complaint"

    def setUp(self) -> None:
        """Take the clock in hand."""
        super().setUp()
        self._instant: datetime | None = None
        changed = override_settings(RELFLOW={**settings.RELFLOW, "CLOCK": lambda: self.now})
        changed.enable()
        self.addCleanup(changed.disable)
        self.at(self.start)

    @property
    def engine(self) -> Engine:
        """The host's engine."""
        return engine()

    @property
    def now(self) -> datetime:
        """Where the clock stands."""
        assert self._instant is not None
        return self._instant

    def at(self, when: str | datetime) -> datetime:
        """Move the clock: an aware datetime, or a text in the time zone of the policy."""
        moment = datetime.fromisoformat(when) if isinstance(when, str) else when
        self._instant = moment if moment.tzinfo is not None else moment.replace(tzinfo=policy().program.zone)
        return self._instant

    @contextmanager
    def joined(self) -> Iterator[Unit]:
        """A unit of work in a transaction of the host's."""
        alias = configuration().database
        with transaction.atomic(using=alias):
            yield self.engine.on(connections[alias])

    def tick(self, when: str | datetime | None = None) -> Report:
        """What `manage.py relflow_tick` does, at the instant where the clock stands or is moved to."""
        if when is not None:
            self.at(when)
        before_tick.send(sender=type(self), now=self.now)
        return self.engine.run_due()

    def case(self, key: str, workflow: str | None = None) -> Case:
        """The case of the host's key."""
        return self.engine.case(workflow=workflow or self.workflow, key=key)

    def assertCase(self, key: str, state: str, **expected: Any) -> Case:  # noqa: N802 - as unittest names them
        """The case stands there; `owner=`, `running=`, `overdue=` (clocks) and names of data may be asked, too."""
        found = self.case(key)
        self.assertEqual(state, found.state, f"{key} stands in {found.state}")  # noqa: PT009 - whoever runs unittest sees the difference
        clocks: dict[str, Collection[str]] = {
            "running": {name for name, clock in found.clocks.items() if clock.running and not clock.paused},
            "paused": {name for name, clock in found.clocks.items() if clock.running and clock.paused},
            "overdue": {name for name, clock in found.clocks.items() if clock.breached},
        }
        for name, value in expected.items():
            if name in clocks:
                self.assertEqual(set(value), set(clocks[name]), f"{key}: clocks that are {name}")  # noqa: PT009 - whoever runs unittest sees the difference
            else:
                self.assertEqual(value, found.owner if name == "owner" else found.data.get(name), f"{key}: {name}")  # noqa: PT009 - whoever runs unittest sees the difference
        return found


class RelflowTestCase(RelflowMixin, TestCase):
    """Everything in one transaction that is rolled back: quick, and what most tests want."""


class RelflowTransactionTestCase(RelflowMixin, _Committing):
    """With real commits. Django empties the tables of its own models only; relflow's are emptied here."""

    def _fixture_teardown(self) -> None:
        super()._fixture_teardown()
        empty()


def empty() -> None:
    """Delete every row of relflow's tables, for tests that commit."""
    connection = connections[configuration().database]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table.startswith("relflow_") and not table.startswith("relflow_django"):
                # which schema the tables have is no row of a test
                rows = " WHERE name <> 'schema'" if table == "relflow_meta" else ""
                cursor.execute(f"DELETE FROM {table}{rows}")  # noqa: S608 - the names are relflow's own
