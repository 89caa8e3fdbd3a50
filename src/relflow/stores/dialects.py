"""What differs between SQLite and PostgreSQL; everything else of the SQL store is the same text for both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from relflow.errors import StoreError
from relflow.stores.codec import encode
from relflow.stores.postgresql_steps import array, write_at_once
from relflow.stores.protocols import Link
from relflow.stores.rows import StepRows
from relflow.stores.sqlite_steps import write_in_turn

__all__ = ["Dialect", "Writer", "dialect_of"]

Writer = Callable[[Link, str, Sequence[StepRows]], Sequence[str | None]]
_WITHOUT_ROWID: Final = frozenset({"relflow_standings", "relflow_timers"})
# rows that change in place find room beside them, so that indexes on what stays need no new entry
_FILLED: Final = {"relflow_cases": 70, "relflow_timers": 80, "relflow_outbox": 80}


@dataclass(frozen=True, slots=True)
class Dialect:
    """One database's way to say what the two say differently.

    `write` writes steps, all moves or all openings, of different cases; for each the head of its chain, or None where
    nothing was written because somebody was first. `asks_first` says that it counts on the caller having looked.
    `alone` waits until nobody else migrates, and `closed_off` until nobody writes who looked at the version before.
    `field` is a text of a case's document that stands behind its data, as JSON. `among` is the condition that a
    column is one of the texts in its one parameter, which `several` makes.
    """

    name: str
    write: Writer
    asks_first: bool
    has_tables: str
    clock: str | None
    locked: str
    before_erasing: tuple[str, ...]
    alone: str | None
    closed_off: str | None
    field: str
    among: str
    several: Callable[[Collection[str]], str]
    declare: Callable[[str], str]


def _sqlite_declare(statement: str) -> str:
    """SQLite keeps small rows in the primary key's own tree: a page less to write for each of them."""
    return statement + " WITHOUT ROWID" if _table(statement) in _WITHOUT_ROWID else statement


def _postgresql_declare(statement: str) -> str:
    """Texts compare by code point, as they do everywhere else in relflow, whatever the database's language is."""
    table = _table(statement)
    if table is None:
        return statement
    filled = f" WITH (fillfactor = {_FILLED[table]})" if table in _FILLED else ""
    return statement.replace(" TEXT", ' TEXT COLLATE "C"') + filled


def _table(statement: str) -> str | None:
    words = statement.split(maxsplit=3)
    return words[2] if words[:2] == ["CREATE", "TABLE"] else None


_DIALECTS: Final = {
    "sqlite": Dialect(
        name="sqlite",
        write=write_in_turn,
        asks_first=True,
        has_tables="SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'relflow_meta'",
        clock=None,
        locked="",
        before_erasing=("PRAGMA secure_delete = ON",),
        alone=None,
        closed_off=None,
        field="json_quote(json_extract(document, '$.{name}'))",
        among="{column} IN (SELECT value FROM json_each(?))",
        several=lambda texts: encode(list(texts)),
        declare=_sqlite_declare,
    ),
    "postgresql": Dialect(
        name="postgresql",
        write=write_at_once,
        asks_first=False,
        has_tables="SELECT 1 WHERE to_regclass('relflow_meta') IS NOT NULL",
        # the transaction's own `now()` stands still
        clock="SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)",
        locked="FOR UPDATE SKIP LOCKED",
        before_erasing=(),
        alone="SELECT pg_advisory_xact_lock(742026)",
        closed_off="LOCK TABLE relflow_meta IN ACCESS EXCLUSIVE MODE",
        # its JSON functions refuse a document with a NUL in some text; the name's last occurrence is the case's own
        field="""'"' || substring(document from '.*"{name}":"(([^"\\\\]|\\\\.)*)"') || '"'""",
        among="{column} = ANY (CAST(? AS text[]))",
        several=array,
        declare=_postgresql_declare,
    ),
}


def dialect_of(link: Link) -> Dialect:
    """The dialect that a Link speaks. Raises StoreError for one that relflow does not know."""
    found = _DIALECTS.get(link.dialect)
    if found is None:
        known = ", ".join(_DIALECTS)
        raise StoreError.of(
            "dialect",
            f"relflow keeps cases in {known}, not in `{link.dialect}`",
            f"relflow 可将工单存于 {known}，不支持 `{link.dialect}`",
            dialect=link.dialect,
        )
    return found
