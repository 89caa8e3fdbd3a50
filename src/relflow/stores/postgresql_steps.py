"""Steps on PostgreSQL: any number of them in one data-modifying statement, because each call is a journey.

The statement moves the case's row only from the version that the step was computed from, and everything else hangs on
the rows that it moved: what was not moved leaves no trace. The chain is hashed where its head is, in the database.
Lists travel as the text of an array, which every driver can send; canonical texts, which hold no line break, as lines:
nothing in them has to be marked and read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final

from relflow.stores.chain import GENESIS
from relflow.stores.protocols import Link, SqlValue
from relflow.stores.rows import StepRows
from relflow.stores.versions import SCHEMA_VERSION

__all__ = ["array", "write_at_once"]

Columns = Sequence[tuple[str, str]]  # name and type

_LINES: Final = "lines"
# name and type of what is known of each step; the last ones only where the case is opened
_KNOWN: Final = (
    ("id", "text"), ("state", "text"), ("version", "bigint"), ("closed_at", "bigint"), ("next_timer", "bigint"),
    ("document", _LINES), ("link", "text"), ("body", _LINES), ("case_digest", _LINES), ("at", "bigint"),
    ("event_id", "text"), ("expected", "bigint"),
)  # fmt: skip
_OPENING: Final = tuple((name, "text") for name in ("workflow", "key", "account", "parent", "element", "subject"))
_WAITS: Final = (("id", "text"), ("clock", "text"), ("lap", "bigint"), ("step", "text"), ("due_at", "bigint"))
_MAILS: Final = (
    ("id", "text"), ("key", "text"), ("kind", "text"), ("lane", "text"), ("seq", "bigint"), ("ordinal", "bigint"),
    ("body", _LINES),
)  # fmt: skip
_SEALED: Final = (("id", "text"), ("surrogate", _LINES), ("value", _LINES))

_CURRENT: Final = f"EXISTS (SELECT FROM relflow_meta WHERE name = 'schema' AND value = '{SCHEMA_VERSION}')"
_UNDER: Final = "EXISTS (SELECT FROM relflow_meta WHERE name = ? AND value = ?)"
_UNSEEN: Final = """NOT EXISTS (SELECT FROM relflow_events seen
    WHERE seen.tenant = i.tenant AND seen.event_id = i.event_id)"""
_MOVE: Final = """UPDATE relflow_cases r SET state = i.state, version = i.version, closed_at = i.closed_at,
    next_timer = i.next_timer, document = i.document,
    head = encode(sha256(convert_to(r.head || i.link || i.body, 'UTF8')), 'hex')
    FROM i WHERE r.tenant = i.tenant AND r.id = i.id AND r.version = i.expected AND {when}{alike}
    RETURNING r.id, r.head, r.tenant, i.version, i.body, i.case_digest, i.at, i.event_id, i.document"""
_OPEN: Final = """INSERT INTO relflow_cases (tenant, id, workflow, key, account, state, parent, element, subject,
    version, closed_at, next_timer, head, document)
    SELECT i.tenant, i.id, i.workflow, i.key, i.account, i.state, i.parent, i.element, i.subject,
    i.version, i.closed_at, i.next_timer,
    encode(sha256(convert_to('{genesis}' || i.link || i.body, 'UTF8')), 'hex'), i.document
    FROM i WHERE {when} ON CONFLICT DO NOTHING RETURNING id, head"""
# a row that is inserted cannot give back what was not inserted
_OPENED: Final = """SELECT n.id, n.head, i.tenant, i.version, i.body, i.case_digest, i.at, i.event_id, i.document
    FROM n JOIN i USING (id)"""
_LINE: Final = """INSERT INTO relflow_history (tenant, case_id, seq, body, case_digest, digest)
    SELECT tenant, id, version, body, case_digest, head FROM c"""
_EVENT: Final = """INSERT INTO relflow_events (tenant, event_id, case_id, seq, at, result)
    SELECT tenant, event_id, id, version, at, document FROM c WHERE event_id IS NOT NULL"""
# one tenant for all of it: the server goes through the index, also where it knows nothing yet of what the tables hold
_ALIKE: Final = " AND {row}.tenant = (SELECT tenant FROM {of} LIMIT 1)"
_DROP: Final = "DELETE FROM relflow_timers t USING c WHERE t.tenant = c.tenant AND t.case_id = c.id{kept}{alike}"
# hashed, where an anti-join over rows of unknown number would compare each with each
_KEPT: Final = " AND (t.case_id, t.clock, t.lap, t.step) NOT IN (SELECT id, clock, lap, step FROM w)"
_WAIT: Final = """INSERT INTO relflow_timers (tenant, case_id, clock, lap, step, due_at, leased_until, fence)
    SELECT c.tenant, c.id, w.clock, w.lap, w.step, w.due_at, 0, 0 FROM w JOIN c USING (id)
    ON CONFLICT (tenant, case_id, clock, lap, step) DO UPDATE SET due_at = excluded.due_at, leased_until = 0
    WHERE relflow_timers.due_at <> excluded.due_at"""
_MAIL: Final = """INSERT INTO relflow_outbox (tenant, key, case_id, kind, lane, seq, ordinal, status, attempts, due_at,
    leased_until, fence, body)
    SELECT c.tenant, m.key, c.id, m.kind, m.lane, m.seq, m.ordinal, 'ready', 0, c.at, 0, 0, m.body
    FROM m JOIN c USING (id)"""
_SEAL: Final = """INSERT INTO relflow_vault (tenant, case_id, surrogate, value)
    SELECT c.tenant, c.id, v.surrogate, v.value FROM v JOIN c USING (id)
    ON CONFLICT (tenant, case_id, surrogate) DO NOTHING"""


def array(values: Iterable[SqlValue]) -> str:
    """The text of an array of texts."""
    found = list(values)
    if found and None not in found:
        text = '","'.join(map(str, found))
        if "\\" not in text and text.count('"') == 2 * len(found) - 2:
            return '{"' + text + '"}'
    return "{" + ",".join([_marked(value) for value in found]) + "}"


def _marked(value: SqlValue) -> str:
    if value is None:
        return "NULL"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _numbers(values: Sequence[SqlValue]) -> str:
    """The text of an array of whole numbers."""
    return "{" + str(list(values))[1:-1].replace("None", "NULL") + "}"


def write_at_once(
    link: Link, tenant: str, steps: Sequence[StepRows], under: tuple[str, str] | None = None
) -> list[str | None]:
    """Write steps; the head of each chain, None where nothing was written.

    `under` is a name in relflow_meta and the value without which nothing is written.
    """
    if not steps:
        return []
    opening = steps[0].step.expected_version is None
    waits = [(rows.case, *wait) for rows in steps for wait in rows.timers]
    mails = [(rows.case, *mail) for rows in steps for mail in rows.outbox]
    sealed = [(rows.case, *pair) for rows in steps for pair in rows.sealed]
    events = any(rows.event_id is not None for rows in steps)
    counts = [min(len(rows), 2) for rows in (steps, waits, mails, sealed)]
    sql = _statement(opening, *counts, events, under is not None)
    known = [_known(rows, opening=opening) for rows in steps]
    params: list[SqlValue] = [tenant]
    for table, columns in (
        (known, _known_columns(opening=opening)),
        (waits, _WAITS),
        (mails, _MAILS),
        (sealed, _SEALED),
    ):
        params += _columns(table, columns) if len(table) > 1 else table[0] if table else ()
    params += under or ()
    heads = {str(row[0]): str(row[1]) for row in link.execute(sql, params)[0]}
    return [heads.get(rows.case) for rows in steps]


def _columns(rows: Sequence[Sequence[SqlValue]], columns: Columns) -> list[SqlValue]:
    """The rows turned about: a parameter for each column."""
    return [_WRITTEN[kind](values) for values, (_, kind) in zip(zip(*rows, strict=True), columns, strict=True)]


_WRITTEN: Final[dict[str, Callable[[Sequence[SqlValue]], str]]] = {
    "text": array,
    "bigint": _numbers,
    _LINES: lambda values: "\n".join(map(str, values)),
}


def _known_columns(*, opening: bool) -> Columns:
    return _KNOWN + _OPENING if opening else _KNOWN


def _known(rows: StepRows, *, opening: bool) -> tuple[SqlValue, ...]:
    case = rows.step.case
    known = (
        case.id, case.state, case.version, rows.closed_at, rows.next_timer, rows.document, rows.link, rows.body,
        rows.case_digest, rows.at, rows.event_id, rows.step.expected_version,
    )  # fmt: skip
    return (*known, *rows.opening()) if opening else known


@lru_cache(maxsize=512)
def _statement(opening: bool, steps: int, waits: int, mails: int, sealed: int, events: bool, under: bool) -> str:
    """The statement for none, one or more (2) of each."""
    several = steps > 1
    parts = [f"i AS (SELECT CAST(? AS text) AS tenant, {_rows(_known_columns(opening=opening), steps)})"]
    for name, columns, count in (("w", _WAITS, waits), ("m", _MAILS, mails), ("v", _SEALED, sealed)):
        if count:
            parts.append(f"{name} AS (SELECT {_rows(columns, count)})")
    asked = ((_CURRENT, True), (_UNSEEN, events), (_UNDER, under))
    when = " AND ".join(text for text, there in asked if there)
    cases, timers = (_ALIKE.format(row=row, of=of) if several else "" for row, of in (("r", "i"), ("t", "c")))
    moved = _OPEN.format(when=when, genesis=GENESIS) if opening else _MOVE.format(when=when, alike=cases)
    drop = _DROP.format(kept=_KEPT if waits else "", alike=timers)
    for name, text, there in (
        ("n" if opening else "c", moved, True),
        ("c", _OPENED, opening),
        ("h", _LINE, True),
        ("e", _EVENT, events),
        ("d", drop, not opening),
        ("t", _WAIT, waits),
        ("o", _MAIL, mails),
        ("s", _SEAL, sealed),
    ):
        if there:
            parts.append(f"{name} AS ({text})")
    return f"WITH {', '.join(parts)} SELECT id, head FROM c"  # noqa: S608 - names and marks are ours


def _rows(columns: Columns, count: int) -> str:
    """What a SELECT gives: one row of parameters, or those that the arrays in them hold."""
    if count == 1:
        return ", ".join(f"{_one(kind)} AS {name}" for name, kind in columns)
    return f"u.* FROM {_unnest(columns)} AS u({_names(columns)})"


def _one(kind: str) -> str:
    return f"CAST(? AS {'text' if kind == _LINES else kind})"


def _several(kind: str) -> str:
    return "string_to_array(CAST(? AS text), chr(10))" if kind == _LINES else f"CAST(? AS {kind}[])"


def _names(columns: Columns) -> str:
    return ", ".join(name for name, _ in columns)


def _unnest(columns: Columns) -> str:
    return f"unnest({', '.join(_several(kind) for _, kind in columns)})"
