"""Steps on SQLite: a statement for each kind of row, because calls into a library in this process cost little."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from relflow.stores.chain import GENESIS, chained
from relflow.stores.protocols import Link, SqlValue
from relflow.stores.rows import StepRows

__all__ = ["write_in_turn"]

_HEAD: Final = "SELECT head, next_timer FROM relflow_cases WHERE tenant = ? AND id = ? AND version = ?"
_INSERT_CASE: Final = (
    "INSERT INTO relflow_cases (tenant, id, workflow, key, account, parent, element, subject, state, version,"
    " closed_at, next_timer, head, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_UPDATE_CASE: Final = (
    "UPDATE relflow_cases SET state = ?, version = ?, closed_at = ?, next_timer = ?, head = ?, document = ?"
    " WHERE tenant = ? AND id = ?"
)
_INSERT_LINE: Final = (
    "INSERT INTO relflow_history (tenant, case_id, seq, body, case_digest, digest) VALUES (?, ?, ?, ?, ?, ?)"
)
_INSERT_EVENT: Final = (
    "INSERT INTO relflow_events (tenant, event_id, case_id, seq, at, result) VALUES (?, ?, ?, ?, ?, ?)"
)
_OUTBOX: Final = "tenant, key, case_id, kind, lane, seq, ordinal, status, attempts, due_at, leased_until, fence, body"
_TIMERS: Final = "tenant, case_id, clock, lap, step, due_at, leased_until, fence"
_VAULT: Final = "tenant, case_id, surrogate, value"


@lru_cache(maxsize=256)
def _insert(table: str, columns: str, rows: int, behind: str = "") -> str:
    """One INSERT of several rows: a step's timers and messages cost a statement each, not a statement per row."""
    row = "(" + ", ".join("?" * len(columns.split(","))) + ")"
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * rows)}{behind}"  # noqa: S608 - names are ours


@lru_cache(maxsize=64)
def _delete_others(rows: int) -> str:
    kept = " AND NOT (clock = ? AND lap = ? AND step = ?)" * rows
    return "DELETE FROM relflow_timers WHERE tenant = ? AND case_id = ?" + kept  # noqa: S608 - marks only


_KEEP: Final = (
    " ON CONFLICT (tenant, case_id, clock, lap, step) DO UPDATE SET due_at = excluded.due_at, leased_until = 0"
    " WHERE relflow_timers.due_at <> excluded.due_at"
)
_ONCE: Final = " ON CONFLICT (tenant, case_id, surrogate) DO NOTHING"


def write_in_turn(link: Link, tenant: str, steps: Sequence[StepRows]) -> list[str | None]:
    """Write steps one after another; the head of each chain, None where the case is not at the expected version."""
    return [_write(link, tenant, rows) for rows in steps]


def _write(link: Link, tenant: str, rows: StepRows) -> str | None:
    step, case = rows.step, rows.case
    moved = (step.case.state, step.case.version, rows.closed_at, rows.next_timer)
    if step.expected_version is None:
        timed, digest = False, chained(GENESIS, rows.link, rows.body)
        link.execute(_INSERT_CASE, (tenant, case, *rows.opening(), *moved, digest, rows.document))
    else:
        found, _ = link.execute(_HEAD, (tenant, case, step.expected_version))
        if not found:
            return None
        timed, digest = found[0][1] is not None, chained(str(found[0][0]), rows.link, rows.body)
        link.execute(_UPDATE_CASE, (*moved, digest, rows.document, tenant, case))
    link.execute(_INSERT_LINE, (tenant, case, step.entry.seq, rows.body, rows.case_digest, digest))
    if rows.event_id is not None:
        link.execute(_INSERT_EVENT, (tenant, rows.event_id, case, step.entry.seq, rows.at, rows.document))
    _write_timers(link, tenant, rows, timed=timed)
    _write_rest(link, tenant, rows)
    return digest


def _write_timers(link: Link, tenant: str, rows: StepRows, *, timed: bool) -> None:
    """Make the case's rows equal to the step's timers; one that stays keeps its lease and its fence."""
    if timed:
        names: list[SqlValue] = [tenant, rows.case]
        for row in rows.timers:
            names += row[:3]
        link.execute(_delete_others(len(rows.timers)), names)
    if rows.timers:
        params: list[SqlValue] = []
        for row in rows.timers:
            params += (tenant, rows.case, *row, 0, 0)
        link.execute(_insert("relflow_timers", _TIMERS, len(rows.timers), _KEEP), params)


def _write_rest(link: Link, tenant: str, rows: StepRows) -> None:
    """Messages, performances and personal values."""
    if rows.outbox:
        params: list[SqlValue] = []
        for key, kind, lane, seq, ordinal, body in rows.outbox:
            params += (tenant, key, rows.case, kind, lane, seq, ordinal, "ready", 0, rows.at, 0, 0, body)
        link.execute(_insert("relflow_outbox", _OUTBOX, len(rows.outbox)), params)
    if rows.sealed:
        sealed: list[SqlValue] = []
        for pair in rows.sealed:
            sealed += (tenant, rows.case, *pair)
        link.execute(_insert("relflow_vault", _VAULT, len(rows.sealed), _ONCE), sealed)
