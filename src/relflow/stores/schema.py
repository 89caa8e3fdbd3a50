"""The tables of the SQL store, statement by statement, and how one version becomes the next.

Columns are BIGINT (instants in microseconds UTC), TEXT and nothing else: converters that hosts install on their
connections leave these two alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from relflow.stores.codec import encode, restore
from relflow.stores.dialects import dialect_of
from relflow.stores.protocols import Link
from relflow.stores.versions import SCHEMA_VERSION, refuse_other_version

__all__ = ["migrate", "schema_version"]

_FIRST: Final = (
    """CREATE TABLE relflow_cases (
        tenant TEXT NOT NULL, id TEXT NOT NULL, workflow TEXT NOT NULL, key TEXT, account TEXT, state TEXT NOT NULL,
        parent TEXT, element TEXT, subject TEXT, version BIGINT NOT NULL, closed_at BIGINT, next_timer BIGINT,
        head TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (tenant, id))""",
    "CREATE UNIQUE INDEX relflow_cases_key ON relflow_cases (tenant, workflow, key) WHERE key IS NOT NULL",
    "CREATE INDEX relflow_cases_account ON relflow_cases (tenant, account, id) WHERE account IS NOT NULL",
    "CREATE INDEX relflow_cases_parent ON relflow_cases (tenant, parent, id) WHERE parent IS NOT NULL",
    """CREATE UNIQUE INDEX relflow_cases_subject ON relflow_cases (tenant, element, subject)
        WHERE closed_at IS NULL AND element IS NOT NULL AND subject IS NOT NULL""",
    """CREATE TABLE relflow_history (
        tenant TEXT NOT NULL, case_id TEXT NOT NULL, seq BIGINT NOT NULL, body TEXT NOT NULL,
        case_digest TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (tenant, case_id, seq))""",
    """CREATE TABLE relflow_events (
        tenant TEXT NOT NULL, event_id TEXT NOT NULL, case_id TEXT, seq BIGINT NOT NULL, at BIGINT NOT NULL,
        result TEXT NOT NULL, PRIMARY KEY (tenant, event_id))""",
    """CREATE TABLE relflow_vault (
        tenant TEXT NOT NULL, case_id TEXT NOT NULL, surrogate TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (tenant, case_id, surrogate))""",
    """CREATE TABLE relflow_timers (
        tenant TEXT NOT NULL, case_id TEXT NOT NULL, clock TEXT NOT NULL, lap BIGINT NOT NULL, step TEXT NOT NULL,
        due_at BIGINT NOT NULL, leased_until BIGINT NOT NULL, fence BIGINT NOT NULL,
        PRIMARY KEY (tenant, case_id, clock, lap, step))""",
    "CREATE INDEX relflow_timers_due ON relflow_timers (tenant, due_at) WHERE leased_until = 0",
    "CREATE INDEX relflow_timers_leased ON relflow_timers (tenant, leased_until) WHERE leased_until > 0",
    """CREATE TABLE relflow_outbox (
        tenant TEXT NOT NULL, key TEXT NOT NULL, case_id TEXT NOT NULL, kind TEXT NOT NULL, lane TEXT NOT NULL,
        seq BIGINT NOT NULL, ordinal BIGINT NOT NULL, status TEXT NOT NULL, attempts BIGINT NOT NULL,
        due_at BIGINT NOT NULL, leased_until BIGINT NOT NULL, fence BIGINT NOT NULL, error TEXT, receipt TEXT,
        body TEXT NOT NULL, PRIMARY KEY (tenant, case_id, seq, ordinal))""",
    "CREATE INDEX relflow_outbox_due ON relflow_outbox (tenant, due_at) WHERE status = 'ready' AND leased_until = 0",
    "CREATE INDEX relflow_outbox_leased ON relflow_outbox (tenant, leased_until) WHERE leased_until > 0",
    """CREATE TABLE relflow_standings (
        tenant TEXT NOT NULL, account TEXT NOT NULL, scheme TEXT NOT NULL, version BIGINT NOT NULL,
        at BIGINT NOT NULL, cause TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (tenant, account, scheme))""",
    """CREATE TABLE relflow_standing_history (
        tenant TEXT NOT NULL, account TEXT NOT NULL, scheme TEXT NOT NULL, version BIGINT NOT NULL,
        at BIGINT NOT NULL, cause TEXT NOT NULL, state TEXT NOT NULL,
        PRIMARY KEY (tenant, account, scheme, version))""",
    """CREATE TABLE relflow_definitions (
        tenant TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, digest TEXT NOT NULL, source TEXT NOT NULL,
        PRIMARY KEY (tenant, id, version))""",
    "CREATE INDEX relflow_definitions_digest ON relflow_definitions (tenant, digest)",
)
_META: Final = "CREATE TABLE IF NOT EXISTS relflow_meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)"
# version n is reached by the statements under n, then by the step of the same number below; none is ever changed
_MIGRATIONS: Final[dict[int, tuple[str, ...]]] = {1: _FIRST, 2: ()}
_PAGE: Final = 500


def _keep_cases_only(link: Link) -> None:
    """Version 2: beside an event's id stands the case as the step left it; its line of history has the rest."""
    tenant, event = "", ""
    while True:
        rows, _ = link.execute(
            "SELECT tenant, event_id, result FROM relflow_events WHERE case_id IS NOT NULL"
            " AND (tenant > ? OR (tenant = ? AND event_id > ?)) ORDER BY tenant, event_id LIMIT ?",
            (tenant, tenant, event, _PAGE),
        )
        for row in rows:
            tenant, event = str(row[0]), str(row[1])
            kept = encode(restore(row[2], _case_of))
            link.execute(
                "UPDATE relflow_events SET result = ? WHERE tenant = ? AND event_id = ?", (kept, tenant, event)
            )
        if len(rows) < _PAGE:
            return


def _case_of(result: dict[str, object]) -> object:
    return result["case"]


_STEPS: Final[dict[int, Callable[[Link], None]]] = {2: _keep_cases_only}


def schema_version(link: Link) -> int:
    """The version of the tables that the connection sees, 0 where there are none."""
    # asking for a table that is not there would end the host's transaction
    if not link.execute(dialect_of(link).has_tables)[0]:
        return 0
    rows, _ = link.execute("SELECT value FROM relflow_meta WHERE name = 'schema'")
    return int(str(rows[0][0])) if rows else 0


def migrate(link: Link) -> int:
    """Bring the tables to SCHEMA_VERSION inside the open transaction. Raises StoreError if they are newer."""
    dialect = dialect_of(link)
    if dialect.alone is not None:
        link.execute(dialect.alone)
    version = schema_version(link)
    if version > SCHEMA_VERSION:
        refuse_other_version(version)
    if version == SCHEMA_VERSION:
        return version
    if version and dialect.closed_off is not None:
        link.execute(dialect.closed_off)
    link.execute(_META)
    for number in range(version + 1, SCHEMA_VERSION + 1):
        for statement in _MIGRATIONS[number]:
            link.execute(dialect.declare(statement))
        if number in _STEPS:
            _STEPS[number](link)
    link.execute("DELETE FROM relflow_meta WHERE name = 'schema'")
    link.execute("INSERT INTO relflow_meta (name, value) VALUES ('schema', ?)", (str(SCHEMA_VERSION),))
    return SCHEMA_VERSION
