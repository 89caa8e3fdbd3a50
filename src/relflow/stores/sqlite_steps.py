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
from relflow.stores.protocols import Link, Row, SqlValue
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
_NEW: Final[Head] = (GENESIS, False)


@runtime_checkable
class _ManyRows(Protocol):
    """A Link that can run one statement over many rows at once."""

    def execute_many(self, sql: str, rows: Sequence[Sequence[SqlValue]]) -> None: ...


def write_in_turn(link: Link, tenant: str, steps: Sequence[StepRows]) -> list[str | None]:
    """Write steps of different cases; the head of each chain, None where the case is not at the expected version."""
    heads = _heads(link, tenant, steps)
    digests: dict[str, str] = {}
    moves, openings, lines, events, timers, mails, sealed, timed = [], [], [], [], [], [], [], []
    for rows in steps:
        identity = rows.case
        if (head := heads.get(identity)) is None:
            continue
        case, seq, at = rows.step.case, rows.step.entry.seq, rows.at
        digests[identity] = digest = chained(head[0], rows.link, rows.body)
        row = (case.state, case.version, rows.closed_at, rows.next_timer, digest, rows.document, tenant, identity)
        if rows.step.expected_version is None:
            openings.append((*rows.opening(), *row))
        else:
            moves.append(row)
        lines.append((tenant, identity, seq, rows.body, rows.case_digest, digest))
        if rows.event_id is not None:
            events.append((tenant, rows.event_id, identity, seq, at, rows.document))
        if head[1]:
            timed.append(rows)
        timers += [(tenant, identity, *timer) for timer in rows.timers]
        mails += [(tenant, identity, at, *mail) for mail in rows.outbox]
        if rows.sealed:
            sealed += [(tenant, identity, *pair) for pair in rows.sealed]
    if timed:
        _drop_others(link, tenant, timed)
    for sql, values in (
        (_INSERT_CASE, openings),
        (_UPDATE_CASE, moves),
        (_LINE, lines),
        (_EVENT, events),
        (_TIMER, timers),
        (_MAIL, mails),
        (_SEAL, sealed),
    ):
        if values:
            _each(link, sql, values)
    return [digests.get(rows.case) for rows in steps]


def _heads(link: Link, tenant: str, steps: Sequence[StepRows]) -> dict[str, Head]:
    """The heads of the chains that the steps go on with; without those that are elsewhere than a step expects."""
    expected = {rows.case: rows.step.expected_version for rows in steps}
    heads = {case: _NEW for case, version in expected.items() if version is None}
    moved = [case for case, version in expected.items() if version is not None]
    found: Sequence[Row] = ()
    if len(moved) == 1:
        found, _ = link.execute(_HEAD, (tenant, moved[0], expected[moved[0]]))
    elif moved:
        rows, _ = link.execute(_HEADS, (tenant, encode(moved)))
        found = [row for row in rows if row[3] == expected[str(row[0])]]
    for row in found:
        heads[str(row[0])] = (str(row[1]), row[2] is not None)
    return heads


def _drop_others(link: Link, tenant: str, timed: Sequence[StepRows]) -> None:
    """Remove the rows of timers that steps do not go on with."""
    others: dict[int, list[list[SqlValue]]] = defaultdict(list)
    for rows in timed:
        kept = [name for timer in rows.timers for name in timer[:3]]
        others[len(rows.timers)].append([tenant, rows.case, *kept])
    for number, params in others.items():
        _each(link, _delete_others(number), params)


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
