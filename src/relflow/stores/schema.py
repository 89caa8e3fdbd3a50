"""The tables of the SQL store, statement by statement, and how one version becomes the next.

Columns are BIGINT (instants in microseconds UTC), TEXT and nothing else: converters that hosts install on their
connections leave these two alone.
"""

from __future__ import annotations

from typing import Final

from relflow.errors import StoreError
from relflow.stores.protocols import Link

__all__ = ["SCHEMA_VERSION", "migrate", "refuse_other_version", "schema_version"]

SCHEMA_VERSION: Final = 1

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
# version n is reached by the statements under n; a later one is added below and none is ever changed
_MIGRATIONS: Final[dict[int, tuple[str, ...]]] = {1: _FIRST}
_WITHOUT_ROWID: Final = frozenset({"relflow_standings", "relflow_timers"})


def schema_version(link: Link) -> int:
    """The version of the tables that the connection sees, 0 where there are none."""
    if link.dialect == "sqlite":
        there = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'relflow_meta'"
    else:
        # asking for a table that is not there would end the host's transaction
        there = "SELECT 1 FROM information_schema.tables WHERE table_name = 'relflow_meta'"
    if not link.execute(there)[0]:
        return 0
    rows, _ = link.execute("SELECT value FROM relflow_meta WHERE name = 'schema'")
    return int(str(rows[0][0])) if rows else 0


def migrate(link: Link) -> int:
    """Bring the tables to SCHEMA_VERSION inside the open transaction. Raises StoreError if they are newer."""
    version = schema_version(link)
    if version > SCHEMA_VERSION:
        refuse_other_version(version)
    if version == SCHEMA_VERSION:
        return version
    link.execute(_META)
    for number in range(version + 1, SCHEMA_VERSION + 1):
        for statement in _MIGRATIONS[number]:
            link.execute(_for_dialect(statement, link.dialect))
    link.execute("DELETE FROM relflow_meta WHERE name = 'schema'")
    link.execute("INSERT INTO relflow_meta (name, value) VALUES ('schema', ?)", (str(SCHEMA_VERSION),))
    return SCHEMA_VERSION


def _for_dialect(statement: str, dialect: str) -> str:
    """SQLite keeps small rows in the primary key's own tree: a page less to write for each of them."""
    words = statement.split(maxsplit=3)
    if dialect == "sqlite" and words[:2] == ["CREATE", "TABLE"] and words[2] in _WITHOUT_ROWID:
        return statement + " WITHOUT ROWID"
    return statement


def refuse_other_version(version: int) -> None:
    """Raise StoreError unless `version` is the one that this relflow reads and writes."""
    if version == SCHEMA_VERSION:
        return
    if version > SCHEMA_VERSION:
        raise StoreError.of(
            "newer-schema",
            f"the store was written by a newer relflow (schema {version}, this one knows {SCHEMA_VERSION}): "
            "update relflow on this machine",
            f"存储由更新版本的 relflow 写成（结构版本 {version}，本机支持到 {SCHEMA_VERSION}）：请升级本机的 relflow",
            version=version,
        )
    if version == 0:
        raise StoreError.of(
            "no-schema",
            "the store has no relflow tables yet: call `migrate()` once",
            "存储里还没有 relflow 的表：请先调用一次 `migrate()`",
            version=version,
        )
    raise StoreError.of(
        "older-schema",
        f"the store has schema {version}, this relflow needs {SCHEMA_VERSION}: call `migrate()`, after a backup",
        f"存储的结构版本是 {version}，当前 relflow 需要 {SCHEMA_VERSION}：请先备份，再调用 `migrate()`",
        version=version,
    )
