"""Cases and their history in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from relflow.errors import ConflictError
from relflow.results import Case, Recorded, Step, Timer
from relflow.stores.chain import GENESIS, chained, digest_of, link_of
from relflow.stores.codec import Vault, decode, encode, instant, microseconds
from relflow.stores.conflicts import conflict
from relflow.stores.documents import case_of
from relflow.stores.protocols import CaseFilter, Held, Inspection, Line, Reading
from relflow.stores.sealing import SALT, Sealer, holds_sealed
from relflow.stores.tables import CaseRow, OutboxRow, Tables, TimerRow
from relflow.stores.texts import Write, case_text, entry_text, message_text, performance_text

__all__ = ["MemoryCases"]


class MemoryCases:
    """The part of a unit in memory that reads and writes cases."""

    tables: Tables
    tenant: str

    def read(
        self, ids: Sequence[str] = (), keys: Sequence[tuple[str, str]] = (), event_id: str | None = None
    ) -> Reading:
        """Cases by id and by (workflow, key), and the step that `event_id` led to, if it was seen."""
        by_id = {case: held for case in ids if (held := self._held(case))}
        by_key = {pair: held for pair in keys if (held := self._held(self.tables.keys.get((self.tenant, *pair))))}
        return Reading(by_id, by_key, self._seen(event_id) if event_id is not None else None)

    def _held(self, case: str | None) -> Held | None:
        row = None if case is None else self.tables.cases.get((self.tenant, case))
        if row is None or case is None:
            return None
        return Held(case_of(decode(row.document, self._vault(case))), row.head, row.next_timer)

    def _vault(self, case: str) -> Vault:
        kept = self.tables.vault.get((self.tenant, case), {})
        return {surrogate: decode(text) for surrogate, text in kept.items() if surrogate != SALT}

    def _sealer(self, case: str, personal: frozenset[str]) -> Sealer | None:
        """What takes the step's personal values out; the case gets a secret of its own when it first needs one."""
        if not personal:
            return None
        kept = self.tables.vault.get((self.tenant, case), {})
        return Sealer(lambda: kept.get(SALT), personal)

    def _keep_sealed(self, case: str, sealer: Sealer) -> None:
        kept = self.tables.vault.get((self.tenant, case), {})
        self.tables.put(self.tables.vault, (self.tenant, case), {**kept, **sealer.vault})

    def _seen(self, event_id: str) -> Recorded | None:
        kept = self.tables.events.get((self.tenant, event_id))
        if kept is None:
            return None
        case, seq, document = kept
        line = self.history(case, seq - 1, 1)[0]
        found = case_of(decode(document, self._vault(case)))
        return Recorded(self.tenant, found, line.entry, line.digest, replayed=True)

    def write(self, step: Step, personal: frozenset[str] = frozenset()) -> Recorded:
        """Write one step whole; a known event id, key or open (element, subject) returns what was written then.

        `personal` names data and facts whose values are kept where they can be erased. Raises ConflictError if the
        case is not at `step.expected_version`.
        """
        event_id = step.entry.trigger.event_id
        if event_id is not None and (seen := self._seen(event_id)) is not None:
            return seen
        if step.expected_version is None:
            there = self._already_open(step.case)
            return there if there is not None else self._write(step, GENESIS, personal)
        row = self.tables.cases.get((self.tenant, step.case.id))
        if row is None or row.version != step.expected_version:
            conflict(step.case.id)
        return self._write(step, row.head, personal)

    def write_all(self, steps: Sequence[Step], personal: frozenset[str] = frozenset()) -> list[Recorded | None]:
        """Write steps of different cases at once; None for each whose place is taken, of which nothing is written."""
        return [self._unless_taken(step, personal) for step in steps]

    def _unless_taken(self, step: Step, personal: frozenset[str]) -> Recorded | None:
        try:
            recorded = self.write(step, personal)
        except ConflictError:
            return None
        return None if recorded.replayed else recorded

    def _already_open(self, case: Case) -> Recorded | None:
        """The case that has this key, this id, or is open for this element and subject."""
        held = self._held(case.id)
        if held is None and case.key is not None:
            held = self._held(self.tables.keys.get((self.tenant, case.workflow, case.key)))
        if held is None and case.element is not None and case.subject is not None:
            held = self._held(self.tables.subjects.get((self.tenant, case.element, case.subject)))
        if held is None:
            return None
        line = self.history(held.case.id, held.case.version - 1, 1)[0]
        return Recorded(self.tenant, held.case, line.entry, line.digest, replayed=True)

    def _write(self, step: Step, head: str, personal: frozenset[str]) -> Recorded:
        case, entry = step.case, step.entry
        sealer = self._sealer(case.id, personal)
        write = encode if sealer is None else sealer.text
        document, body = case_text(case, write), entry_text(entry, write)
        # the outbox is encoded before anything is written: a value that cannot be kept leaves nothing half done
        rows = list(self._outbox_rows(step, write))
        case_digest = digest_of(document)
        digest = chained(head, link_of(self.tenant, case.id, entry.seq, case_digest), body)
        recorded = Recorded(self.tenant, case, entry, digest)
        self._write_case(step, digest, document)
        line = Line(case.id, entry.seq, body, digest, case_digest)
        self.tables.put(self.tables.history, (self.tenant, case.id, entry.seq), line)
        if (event_id := entry.trigger.event_id) is not None:
            kept = (case.id, entry.seq, document)
            self.tables.put(self.tables.events, (self.tenant, event_id), kept)
        if sealer is not None and sealer.vault:
            self._keep_sealed(case.id, sealer)
        self.tables.put(self.tables.timers, (self.tenant, case.id), self._timer_rows_of(step))
        for row in rows:
            self.tables.put(self.tables.outbox, (self.tenant, row.key), row)
        return recorded

    def _write_case(self, step: Step, digest: str, document: str) -> None:
        case, tables = step.case, self.tables
        timer = min((_utc(timer.due_at) for timer in step.timers), default=None)
        tables.put(tables.cases, (self.tenant, case.id), CaseRow(document, digest, case.version, timer))
        if case.key is not None:
            tables.put(tables.keys, (self.tenant, case.workflow, case.key), case.id)
        if case.element is not None and case.subject is not None:
            subject = (self.tenant, case.element, case.subject)
            if case.closed:
                tables.drop(tables.subjects, subject)
            elif tables.subjects.get(subject, case.id) != case.id:
                conflict(case.id)
            else:
                tables.put(tables.subjects, subject, case.id)

    def _timer_rows_of(self, step: Step) -> tuple[TimerRow, ...]:
        """The step's timers; one that stays keeps its lease and its fence."""
        before = {_name(row.timer): row for row in self.tables.timers.get((self.tenant, step.case.id), ())}
        rows = []
        for timer in step.timers:
            due = replace(timer, due_at=_utc(timer.due_at))
            old = before.get(_name(timer))
            if old is None:
                rows.append(TimerRow(due))
            else:
                rows.append(old if old.timer == due else TimerRow(due, None, old.fence))
        return tuple(rows)

    def _outbox_rows(self, step: Step, write: Write) -> Iterator[OutboxRow]:
        case, seq, at = step.case.id, step.entry.seq, _utc(step.entry.at)
        for message in step.messages:
            body, lane = message_text(message, write), (case, message.recipient)
            yield OutboxRow("message", body, message.key, message.ordinal, lane, seq, "ready", at)
        for performance in step.performances:
            body, lane = performance_text(performance, write), (case, performance.key)
            yield OutboxRow("performance", body, performance.key, performance.ordinal, lane, seq, "ready", at)

    def erase(self, cases: Sequence[str], now: datetime) -> tuple[int, int]:
        """Forget the personal values of these cases and give up their messages that were not sent; how many of each.

        Documents and hashes stay as they are; what was personal reads as null.
        """
        erased = dropped = 0
        for case in cases:
            erased += len(self._vault(case))
            self.tables.drop(self.tables.vault, (self.tenant, case))
            for (tenant, key), row in list(self.tables.outbox.items()):
                if tenant == self.tenant and row.lane[0] == case and row.status == "ready":
                    dead = replace(row, status="dead", error="erased", due_at=_utc(now), leased_until=None)
                    self.tables.put(self.tables.outbox, (tenant, key), dead)
                    dropped += 1
        return erased, dropped

    def inspect(self, case: str) -> Inspection | None:
        """A case's row for verification; there are no columns beside the text that could differ."""
        row = self.tables.cases.get((self.tenant, case))
        return None if row is None else Inspection(row.document, row.head, row.version)

    def find(self, wanted: CaseFilter) -> list[Case]:
        """The cases that the filter lets through, in order of id."""
        mine = sorted(case for tenant, case in self.tables.cases if tenant == self.tenant)
        chosen = mine if wanted.ids is None else [case for case in mine if case in set(wanted.ids)]
        found = []
        for case_id in chosen:
            held = self._held(case_id)
            if held is not None and wanted.passes(held.case):
                found.append(held.case)
            if len(found) == wanted.limit:
                break
        return found

    def history(self, case: str, after: int = 0, limit: int = 1000) -> list[Line]:
        """The case's lines of history behind `after`, in order."""
        lines: list[Line] = []
        seq = after + 1
        while len(lines) < limit and (line := self.tables.history.get((self.tenant, case, seq))) is not None:
            lines.append(replace(line, vault=self._vault(case)) if holds_sealed(line.body) else line)
            seq += 1
        return lines


def _name(timer: Timer) -> tuple[str, int, str]:
    return (timer.clock, timer.lap, timer.step)


def _utc(at: datetime) -> datetime:
    """The instant as a column would give it back."""
    return instant(microseconds(at))
