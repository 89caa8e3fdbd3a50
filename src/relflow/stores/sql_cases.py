"""Cases and their history over a Link: reading, and the one write that a step is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from relflow.results import Case, Recorded, Step
from relflow.stores.chain import GENESIS, chained, digest_of
from relflow.stores.codec import Vault, decode, encode, instant, microseconds, restore
from relflow.stores.conflicts import conflict
from relflow.stores.documents import (
    Seal,
    case_document,
    case_of,
    entry_document,
    message_document,
    performance_document,
    recorded_document,
    recorded_of,
)
from relflow.stores.protocols import CaseFilter, Held, Inspection, Line, Link, Reading, Row, SqlValue
from relflow.stores.sealing import SALT, Sealer, holds_sealed, new_salt

__all__ = ["SqlCases"]

_HELD: Final = "SELECT document, head, next_timer, id FROM relflow_cases WHERE tenant = ? AND "
_INSERT_CASE: Final = (
    "INSERT INTO relflow_cases (tenant, id, workflow, key, account, state, parent, element, subject, version,"
    " closed_at, next_timer, head, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_UPDATE_CASE: Final = (
    "UPDATE relflow_cases SET state = ?, version = ?, closed_at = ?, next_timer = ?, head = ?, document = ?"
    " WHERE tenant = ? AND id = ? AND version = ?"
)
_INSERT_LINE: Final = (
    "INSERT INTO relflow_history (tenant, case_id, seq, body, case_digest, digest) VALUES (?, ?, ?, ?, ?, ?)"
)
_INSERT_EVENT: Final = (
    "INSERT INTO relflow_events (tenant, event_id, case_id, seq, at, result) VALUES (?, ?, ?, ?, ?, ?)"
)
_INSERT_SEALED: Final = (
    "INSERT INTO relflow_vault (tenant, case_id, surrogate, value) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (tenant, case_id, surrogate) DO NOTHING"
)
_OUTBOX: Final = "tenant, key, case_id, kind, lane, seq, ordinal, status, attempts, due_at, leased_until, fence, body"
_COLUMNS: Final = ("id", "workflow", "key", "account", "state", "parent", "element", "subject", "version", "closed_at")


@lru_cache(maxsize=256)
def _insert_many(table: str, columns: str, width: int, rows: int) -> str:
    """One INSERT of several rows: a step's timers and messages cost a statement each, not a statement per row."""
    marks = ", ".join(["(" + ", ".join("?" * width) + ")"] * rows)
    return f"INSERT INTO {table} ({columns}) VALUES {marks}"  # noqa: S608 - names are ours


@lru_cache(maxsize=64)
def _delete_others(rows: int) -> str:
    kept = " AND NOT (clock = ? AND lap = ? AND step = ?)" * rows
    return "DELETE FROM relflow_timers WHERE tenant = ? AND case_id = ?" + kept  # noqa: S608 - marks only


@lru_cache(maxsize=64)
def _put_timers(rows: int) -> str:
    columns = "tenant, case_id, clock, lap, step, due_at, leased_until, fence"
    return _insert_many("relflow_timers", columns, 8, rows) + (
        " ON CONFLICT (tenant, case_id, clock, lap, step) DO UPDATE SET due_at = excluded.due_at, leased_until = 0"
        " WHERE relflow_timers.due_at <> excluded.due_at"
    )


class SqlCases:
    """The part of a SQL unit that reads and writes cases."""

    link: Link
    tenant: str

    def read(
        self, ids: Sequence[str] = (), keys: Sequence[tuple[str, str]] = (), event_id: str | None = None
    ) -> Reading:
        """Cases by id and by (workflow, key), and the step that `event_id` led to, if it was seen."""
        by_id = {case: held for case in ids if (held := self._held("id = ?", case))}
        by_key = {pair: held for pair in keys if (held := self._held("workflow = ? AND key = ?", *pair))}
        return Reading(by_id, by_key, self._seen(event_id) if event_id is not None else None)

    def _held(self, where: str, *params: SqlValue) -> Held | None:
        rows, _ = self.link.execute(_HELD + where, (self.tenant, *params))
        if not rows:
            return None
        document, head, timer, case = rows[0]
        found = restore(document, case_of, self._vault(case, document))
        return Held(found, str(head), None if timer is None else instant(int(timer)))

    def _vault(self, case: SqlValue, document: SqlValue) -> Vault | None:
        """The personal values that a document of the case leaves out; nothing is asked where it leaves out none."""
        if not holds_sealed(document):
            return None
        rows, _ = self.link.execute(
            "SELECT surrogate, value FROM relflow_vault WHERE tenant = ? AND case_id = ?", (self.tenant, case)
        )
        return {str(surrogate): restore(value, _same) for surrogate, value in rows if surrogate != SALT}

    def _sealer(self, case: str, personal: frozenset[str]) -> Sealer | None:
        """What takes the step's personal values out; the case gets a secret of its own when it first needs one."""
        if not personal:
            return None
        key = (self.tenant, case)
        rows, _ = self.link.execute(
            "SELECT value FROM relflow_vault WHERE tenant = ? AND case_id = ? AND surrogate = 'salt'", key
        )
        salt = str(rows[0][0]) if rows else new_salt()
        if not rows:
            self.link.execute(_INSERT_SEALED, (*key, SALT, salt))
        return Sealer(salt, personal)

    def _seen(self, event_id: str) -> Recorded | None:
        rows, _ = self.link.execute(
            "SELECT result, case_id FROM relflow_events WHERE tenant = ? AND event_id = ? AND case_id IS NOT NULL",
            (self.tenant, event_id),
        )
        if not rows:
            return None
        result, case = rows[0]
        return restore(result, recorded_of, self._vault(case, result))

    def write(self, step: Step, personal: frozenset[str] = frozenset()) -> Recorded:
        """Write one step whole; a known event id, key or open (element, subject) returns what was written then.

        `personal` names data and facts whose values are kept where they can be erased. Raises ConflictError if the
        case is not at `step.expected_version`.
        """
        event_id = step.entry.trigger.event_id
        if event_id is not None and (seen := self._seen(event_id)) is not None:
            return seen
        if step.expected_version is None and (there := self._already_open(step.case)) is not None:
            return there
        if step.expected_version is None:
            return self._write(step, GENESIS, personal, timed=False)
        head, timer = self._head(step.case.id, step.expected_version)
        return self._write(step, head, personal, timed=timer is not None)

    def _already_open(self, case: Case) -> Recorded | None:
        """The case that has this key, this id, or is open for this element and subject."""
        held = self._held("id = ?", case.id)
        if held is None and case.key is not None:
            held = self._held("workflow = ? AND key = ?", case.workflow, case.key)
        if held is None and case.element is not None and case.subject is not None:
            held = self._held("closed_at IS NULL AND element = ? AND subject = ?", case.element, case.subject)
        if held is None:
            return None
        line = self.history(held.case.id, held.case.version - 1, 1)[0]
        return Recorded(self.tenant, held.case, line.entry, line.digest, replayed=True)

    def _head(self, case: str, version: int) -> Row:
        """The head of the case's chain at a version, and its next timer."""
        rows, _ = self.link.execute(
            "SELECT head, next_timer FROM relflow_cases WHERE tenant = ? AND id = ? AND version = ?",
            (self.tenant, case, version),
        )
        return rows[0] if rows else conflict(case)

    def _write(self, step: Step, before: SqlValue, personal: frozenset[str], *, timed: bool) -> Recorded:
        """Everything that a step is; `timed` says that the case has timers already."""
        head = str(before)
        case, entry = step.case, step.entry
        sealer = self._sealer(case.id, personal)
        seal = sealer or _same
        document, body = encode(case_document(case, seal)), encode(entry_document(entry, seal))
        case_digest = digest_of(document)
        digest = chained(head, self.tenant, case.id, entry.seq, body, case_digest)
        recorded = Recorded(self.tenant, case, entry, digest)
        self._write_case(step, digest, document)
        line = (self.tenant, case.id, entry.seq, body, case_digest, digest)
        self._insert(_INSERT_LINE, line, case.id)
        if (event_id := entry.trigger.event_id) is not None:
            seen = encode(recorded_document(recorded, seal))
            at = microseconds(entry.at)
            self._insert(_INSERT_EVENT, (self.tenant, event_id, case.id, entry.seq, at, seen), case.id)
        self._write_timers(step, timed=timed)
        self._write_outbox(step, seal)
        for surrogate, value in sealer.vault.items() if sealer is not None else ():
            self.link.execute(_INSERT_SEALED, (self.tenant, case.id, surrogate, value))
        return recorded

    def _insert(self, sql: str, params: Sequence[SqlValue], case: str) -> None:
        """Insert a row that only a racing writer can have inserted before."""
        try:
            self.link.execute(sql, params)
        except Exception as error:
            if self.link.is_conflict(error):
                conflict(case)
            raise

    def _write_case(self, step: Step, digest: str, document: str) -> None:
        case = step.case
        closed = None if case.closed_at is None else microseconds(case.closed_at)
        timer = min((microseconds(timer.due_at) for timer in step.timers), default=None)
        if step.expected_version is None:
            row = (self.tenant, case.id, case.workflow, case.key, case.account, case.state, case.parent, case.element)
            self._insert(_INSERT_CASE, (*row, case.subject, case.version, closed, timer, digest, document), case.id)
            return
        moved = (case.state, case.version, closed, timer, digest, document)
        _, count = self.link.execute(_UPDATE_CASE, (*moved, self.tenant, case.id, step.expected_version))
        if count != 1:
            conflict(case.id)

    def _write_timers(self, step: Step, *, timed: bool) -> None:
        """Make the case's rows equal to the step's timers; one that stays keeps its lease and its fence."""
        case, timers = step.case.id, step.timers
        if timed:
            names: list[SqlValue] = [self.tenant, case]
            for timer in timers:
                names += (timer.clock, timer.lap, timer.step)
            self.link.execute(_delete_others(len(timers)), names)
        if not timers:
            return
        params: list[SqlValue] = []
        for timer in timers:
            params += (self.tenant, case, timer.clock, timer.lap, timer.step, microseconds(timer.due_at), 0, 0)
        self.link.execute(_put_timers(len(timers)), params)

    def _write_outbox(self, step: Step, seal: Seal) -> None:
        params: list[SqlValue] = []
        at, case, seq = microseconds(step.entry.at), step.case.id, step.entry.seq
        for message in step.messages:
            body = encode(message_document(message, seal))
            params += (self.tenant, message.key, case, "message", message.recipient, seq, message.ordinal)
            params += ("ready", 0, at, 0, 0, body)
        for performance in step.performances:
            body = encode(performance_document(performance, seal))
            # nothing orders host actions among each other: each is a lane of its own
            params += (self.tenant, performance.key, case, "performance", performance.key, seq, performance.ordinal)
            params += ("ready", 0, at, 0, 0, body)
        if params:
            self.link.execute(_insert_many("relflow_outbox", _OUTBOX, 13, len(params) // 13), params)

    def inspect(self, case: str) -> Inspection | None:
        """A case's row with every column compared, for verification."""
        sql = f"SELECT document, head, {', '.join(_COLUMNS)} FROM relflow_cases WHERE tenant = ? AND id = ?"  # noqa: S608
        rows, _ = self.link.execute(sql, (self.tenant, case))
        if not rows:
            return None
        document, head, *columns = rows[0]
        version = int(columns[_COLUMNS.index("version")] or 0)
        try:
            said = decode(str(document))
            strays = tuple(name for name, value in zip(_COLUMNS, columns, strict=True) if said[name] != value)
        except (ValueError, KeyError, TypeError):
            strays = ("document",)
        return Inspection(str(document), str(head), version, strays)

    def find(self, wanted: CaseFilter) -> list[Case]:
        """The cases that the filter lets through, in order of id."""
        if wanted.ids is not None:
            chosen = [self._held("id = ?", case) for case in sorted(set(wanted.ids))]
            return [held.case for held in chosen if held is not None and wanted.passes(held.case)][: wanted.limit]
        where, params = ["tenant = ?"], [self.tenant]
        for column in ("account", "workflow", "parent"):
            if (value := getattr(wanted, column)) is not None:
                where.append(f"{column} = ?")
                params.append(value)
        if wanted.after is not None:
            where.append("id > ?")
            params.append(wanted.after)
        if wanted.workflow is None:
            where.append("workflow NOT LIKE '~%'")
        if wanted.open_only:
            where.append("closed_at IS NULL")
        sql = f"SELECT document, id FROM relflow_cases WHERE {' AND '.join(where)} ORDER BY id LIMIT ?"  # noqa: S608
        rows, _ = self.link.execute(sql, (*params, wanted.limit))
        return [restore(document, case_of, self._vault(case, document)) for document, case in rows]

    def history(self, case: str, after: int = 0, limit: int = 1000) -> list[Line]:
        """The case's lines of history behind `after`, in order."""
        rows, _ = self.link.execute(
            "SELECT case_id, seq, body, digest, case_digest FROM relflow_history"
            " WHERE tenant = ? AND case_id = ? AND seq > ? ORDER BY seq LIMIT ?",
            (self.tenant, case, after, limit),
        )
        vault = next((self._vault(case, row[2]) for row in rows if holds_sealed(row[2])), None) or {}
        return [Line(str(row[0]), int(row[1] or 0), str(row[2]), str(row[3]), str(row[4]), vault) for row in rows]

    def erase(self, cases: Sequence[str], now: datetime) -> tuple[int, int]:
        """Forget the personal values of these cases and give up their messages that were not sent; how many of each.

        Documents and hashes stay as they are; what was personal reads as null.
        """
        if self.link.dialect == "sqlite":
            self.link.execute("PRAGMA secure_delete = ON")
        erased = dropped = 0
        for case in cases:
            key = (self.tenant, case)
            erased += self.link.execute(
                "DELETE FROM relflow_vault WHERE tenant = ? AND case_id = ? AND surrogate <> 'salt'", key
            )[1]
            self.link.execute("DELETE FROM relflow_vault WHERE tenant = ? AND case_id = ?", key)
            dropped += self.link.execute(
                "UPDATE relflow_outbox SET status = 'dead', error = 'erased', due_at = ?, leased_until = 0"
                " WHERE tenant = ? AND case_id = ? AND status = 'ready'",
                (microseconds(now), *key),
            )[1]
        return erased, dropped


def _same(value: Any) -> Any:
    return value
