"""Steps on SQLite: a statement for each kind of row, because calls into a library in this process cost little.

A sweep asks for all its cases at once and hands each statement all its rows, where the Link can take them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Protocol, runtime_checkable

from relflow.stores.chain import GENESIS, chained
from relflow.stores.codec import encode
from relflow.stores.protocols import Link, SqlValue
from relflow.stores.rows import StepRows

__all__ = ["write_in_turn"]

_HEAD: Final = "SELECT id, head, next_timer FROM relflow_cases WHERE tenant = ? AND id = ? AND version = ?"
_HEADS: Final = (
    "SELECT id, head, next_timer, version FROM relflow_cases"
    " WHERE tenant = ? AND id IN (SELECT value FROM json_each(?))"
)
_INSERT_CASE: Final = (
    "INSERT INTO relflow_cases (workflow, key, account, parent, element, subject, state, version, closed_at,"
    " next_timer, head, document, tenant, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_UPDATE_CASE: Final = (
    "UPDATE relflow_cases SET state = ?, version = ?, closed_at = ?, next_timer = ?, head = ?, document = ?"
    " WHERE tenant = ? AND id = ?"
)
_LINE: Final = "INSERT INTO relflow_history (tenant, case_id, seq, body, case_digest, digest) VALUES (?, ?, ?, ?, ?, ?)"
_EVENT: Final = "INSERT INTO relflow_events (tenant, event_id, case_id, seq, at, result) VALUES (?, ?, ?, ?, ?, ?)"
# one that stays keeps its lease and its fence
_TIMER: Final = (
    "INSERT INTO relflow_timers (tenant, case_id, clock, lap, step, due_at, leased_until, fence)"
    " VALUES (?, ?, ?, ?, ?, ?, 0, 0)"
    " ON CONFLICT (tenant, case_id, clock, lap, step) DO UPDATE SET due_at = excluded.due_at, leased_until = 0"
    " WHERE relflow_timers.due_at <> excluded.due_at"
)
_MAIL: Final = (
    "INSERT INTO relflow_outbox (tenant, case_id, due_at, key, kind, lane, seq, ordinal, body, status, attempts,"
    " leased_until, fence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'ready', 0, 0, 0)"
)
_SEAL: Final = (
    "INSERT INTO relflow_vault (tenant, case_id, surrogate, value) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (tenant, case_id, surrogate) DO NOTHING"
)

Head = tuple[str, bool]  # of the chain, and whether timers are open


@runtime_checkable
class _ManyRows(Protocol):
    """A Link that can run one statement over many rows at once."""

    def execute_many(self, sql: str, rows: Sequence[Sequence[SqlValue]]) -> None: ...


def write_in_turn(link: Link, tenant: str, steps: Sequence[StepRows]) -> list[str | None]:
    """Write steps of different cases; the head of each chain, None where the case is not at the expected version."""
    heads = _heads(link, tenant, steps)
    found = [(rows, head) for rows in steps if (head := heads.get(rows.case)) is not None]
    digests = {rows.case: chained(head, rows.link, rows.body) for rows, (head, _) in found}
    moves, openings, lines, events = [], [], [], []
    for rows, _ in found:
        case, state, digest, seq = rows.case, rows.step.case, digests[rows.case], rows.step.entry.seq
        row = (state.state, state.version, rows.closed_at, rows.next_timer, digest, rows.document, tenant, case)
        if rows.step.expected_version is None:
            openings.append((*rows.opening(), *row))
        else:
            moves.append(row)
        lines.append((tenant, case, seq, rows.body, rows.case_digest, digest))
        if rows.event_id is not None:
            events.append((tenant, rows.event_id, case, seq, rows.at, rows.document))
    _each(link, _INSERT_CASE, openings)
    _each(link, _UPDATE_CASE, moves)
    _each(link, _LINE, lines)
    _each(link, _EVENT, events)
    _write_timers(link, tenant, found)
    mails = [(tenant, rows.case, rows.at, *mail) for rows, _ in found for mail in rows.outbox]
    _each(link, _MAIL, mails)
    _each(link, _SEAL, [(tenant, rows.case, *pair) for rows, _ in found for pair in rows.sealed])
    return [digests.get(rows.case) for rows in steps]


def _heads(link: Link, tenant: str, steps: Sequence[StepRows]) -> dict[str, Head]:
    """The heads of the chains that the steps go on with; without those that are elsewhere than a step expects."""
    expected = {rows.case: rows.step.expected_version for rows in steps}
    heads = {case: (GENESIS, False) for case, version in expected.items() if version is None}
    moved = [case for case, version in expected.items() if version is not None]
    if len(moved) == 1:
        found, _ = link.execute(_HEAD, (tenant, moved[0], expected[moved[0]]))
    elif moved:
        rows, _ = link.execute(_HEADS, (tenant, encode(moved)))
        found = [row[:3] for row in rows if row[3] == expected[str(row[0])]]
    else:
        found = ()
    return heads | {str(case): (str(head), timer is not None) for case, head, timer in found}


def _write_timers(link: Link, tenant: str, found: Sequence[tuple[StepRows, Head]]) -> None:
    """Make the rows of each case equal to its step's timers."""
    others: dict[int, list[list[SqlValue]]] = defaultdict(list)
    for rows, (_, timed) in found:
        if timed:
            kept = [name for timer in rows.timers for name in timer[:3]]
            others[len(rows.timers)].append([tenant, rows.case, *kept])
    for number, params in others.items():
        _each(link, _delete_others(number), params)
    _each(link, _TIMER, [(tenant, rows.case, *timer) for rows, _ in found for timer in rows.timers])


@lru_cache(maxsize=64)
def _delete_others(kept: int) -> str:
    but = " AND NOT (clock = ? AND lap = ? AND step = ?)" * kept
    return "DELETE FROM relflow_timers WHERE tenant = ? AND case_id = ?" + but  # noqa: S608 - marks only


def _each(link: Link, sql: str, rows: Sequence[Sequence[SqlValue]]) -> None:
    """One statement for each of the rows."""
    if len(rows) > 1 and isinstance(link, _ManyRows):
        link.execute_many(sql, rows)
        return
    for row in rows:
        link.execute(sql, row)
