"""The SQL store over any Link: what a SQL host lends us is a connection, the rest is here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial

from relflow.results import Recorded, Step
from relflow.stores.codec import instant
from relflow.stores.dialects import dialect_of
from relflow.stores.postgresql_steps import write_at_once
from relflow.stores.protocols import Link
from relflow.stores.schema import migrate, schema_version
from relflow.stores.sql_accounts import SqlAccounts, in_force_name
from relflow.stores.sql_cases import SqlCases
from relflow.stores.sql_claims import SqlClaims
from relflow.stores.sql_survey import SqlSurvey
from relflow.stores.versions import refuse_other_version

__all__ = ["SqlStore", "SqlUnit"]

Connect = Callable[[str, bool], AbstractContextManager[Link]]


class SqlUnit(SqlCases, SqlClaims, SqlAccounts, SqlSurvey):
    """One tenant's part of one transaction on a Link."""

    def __init__(self, link: Link, tenant: str) -> None:
        self.link = link
        self.tenant = tenant
        self._dialect = dialect_of(link)

    def savepoint(self) -> AbstractContextManager[None]:
        """A part of the unit that is undone alone when an exception leaves it."""
        return self.link.savepoint()

    def now(self) -> datetime:
        """The server's clock; a file has none but this machine's."""
        clock = self._dialect.clock
        return datetime.now(UTC) if clock is None else instant(int(self.link.execute(clock)[0][0][0] or 0))

    def _write_at_once(self, step: Step, personal: frozenset[str], under: tuple[str, str] | None) -> Recorded | None:
        """Write a step, under a policy's digest if one is given, by PostgreSQL's one statement; None: it was not."""
        row = None if under is None else (in_force_name(self.tenant, under[0]), under[1])
        return self._write([step], personal, partial(write_at_once, under=row))[0]


class SqlStore:
    """A store over connections that somebody else opens.

    `connect(tenant, write)` gives a Link inside a transaction and commits or rolls back when it is left.
    """

    def __init__(self, connect: Connect) -> None:
        self._connect = connect

    def unit(self, tenant: str = "", *, write: bool = True) -> AbstractContextManager[SqlUnit]:
        """A transaction of our own: committed at the end, rolled back when an exception leaves it."""
        return self._unit(tenant, write)

    @contextmanager
    def _unit(self, tenant: str, write: bool) -> Iterator[SqlUnit]:
        with self._connect(tenant, write) as link:
            refuse_other_version(schema_version(link))
            yield SqlUnit(link, tenant)

    def join(self, link: Link, tenant: str = "") -> SqlUnit:
        """A unit inside the host's transaction. Raises StoreError if its schema is not ours."""
        refuse_other_version(schema_version(link))
        return SqlUnit(link, tenant)

    def version(self) -> int:
        """The schema's version in the store, 0 where there is none."""
        with self._connect("", False) as link:
            return schema_version(link)

    def migrate(self) -> int:
        """Bring the schema to the version that this relflow writes, and return it."""
        with self._connect("", True) as link:
            return migrate(link)

    def tidy(self) -> None:
        """The host's database is the host's to clean."""

    def close(self) -> None:
        """Nothing of the host's is closed."""
