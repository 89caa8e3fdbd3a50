"""Cases and their history over a Link: reading, and the one write that a step is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any, Final

from relflow.results import Case, Recorded, Step
from relflow.stores.codec import Vault, decode, instant, microseconds, restore
from relflow.stores.conflicts import conflict
from relflow.stores.dialects import Dialect, Writer
from relflow.stores.documents import case_of, entry_of
from relflow.stores.protocols import CaseFilter, Held, Inspection, Line, Link, Reading, Row, SqlValue
from relflow.stores.rows import rows_of
from relflow.stores.schema import schema_version
from relflow.stores.sealing import SALT, Sealer, holds_sealed
from relflow.stores.versions import refuse_other_version

__all__ = ["SqlCases"]

_HELD: Final = "SELECT document, head, next_timer, id FROM relflow_cases WHERE tenant = ? AND "
# a row in any case: whether an event id was seen is asked on the way
_HELD_AND_SEEN: Final = """SELECT document, head, next_timer, id,
    (SELECT 1 FROM relflow_events WHERE tenant = ? AND event_id = ?)
    FROM (SELECT 1 AS one) AS one LEFT JOIN relflow_cases ON tenant = ? AND """
_PAGE: Final = 1000
_COLUMNS: Final = ("id", "workflow", "key", "account", "state", "parent", "element", "subject", "version", "closed_at")


class SqlCases:
    """The part of a SQL unit that reads and writes cases."""

    link: Link
    tenant: str
    _dialect: Dialect

    def read(
        self, ids: Sequence[str] = (), keys: Sequence[tuple[str, str]] = (), event_id: str | None = None
    ) -> Reading:
        """Cases by id and by (workflow, key), and the step that `event_id` led to, if it was seen."""
        if event_id is not None and len(ids) + len(keys) == 1:
            return self._read_together(ids, keys, event_id)
        by_key = {pair: held for pair in keys if (held := self._held("workflow = ? AND key = ?", *pair))}
        return Reading(self._by_id(ids), by_key, self._seen(event_id) if event_id is not None else None)

    def _read_together(self, ids: Sequence[str], keys: Sequence[tuple[str, str]], event_id: str) -> Reading:
        """One case and an event id that is new as a rule, in one statement."""
        where, params = ("id = ?", ids) if ids else ("workflow = ? AND key = ?", keys[0])
        ((*row, known),), _ = self.link.execute(_HELD_AND_SEEN + where, (self.tenant, event_id, self.tenant, *params))
        held = None if row[0] is None else self._held_of(row)
        seen = None if known is None else self._seen(event_id)
        if held is None:
            return Reading(seen=seen)
        return Reading({ids[0]: held}, {}, seen) if ids else Reading({}, {keys[0]: held}, seen)

    def _by_id(self, ids: Sequence[str]) -> dict[str, Held]:
        if len(ids) < 2:
            return {case: held for case in ids if (held := self._held("id = ?", case))}
        found: dict[str, Held] = {}
        for start in range(0, len(ids), _PAGE):
            page = ids[start : start + _PAGE]
            where = self._dialect.among.format(column="id")
            rows, _ = self.link.execute(_HELD + where, (self.tenant, self._dialect.several(page)))
            found |= {str(row[3]): self._held_of(row) for row in rows}
        return {case: found[case] for case in ids if case in found}

    def _held(self, where: str, *params: SqlValue) -> Held | None:
        rows, _ = self.link.execute(_HELD + where, (self.tenant, *params))
        if not rows:
            return None
        return self._held_of(rows[0])

    def _held_of(self, row: Row) -> Held:
        document, head, timer, case = row
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

    def _sealers(self, steps: Sequence[Step], personal: frozenset[str]) -> dict[str, Sealer]:
        """What takes the steps' personal values out; a case gets a secret of its own when it first needs one.

        The secrets are asked for together, when one of them is needed: a case that is opened has none.
        """
        if not personal:
            return {}
        there = [step.case.id for step in steps if step.expected_version is not None]
        salts = cache(partial(self._salts, there))
        return {step.case.id: Sealer(partial(_entry, salts, step.case.id), personal) for step in steps}

    def _salts(self, cases: Sequence[str]) -> dict[str, str]:
        if not cases:
            return {}
        where = self._dialect.among.format(column="case_id")
        rows, _ = self.link.execute(
            f"SELECT case_id, value FROM relflow_vault WHERE tenant = ? AND surrogate = '{SALT}' AND {where}",  # noqa: S608
            (self.tenant, self._dialect.several(cases)),
        )
        return {str(case): str(value) for case, value in rows}

    def _seen(self, event_id: str) -> Recorded | None:
        rows, _ = self.link.execute(
            "SELECT e.result, e.case_id, h.body, h.digest FROM relflow_events e JOIN relflow_history h"
            " ON h.tenant = e.tenant AND h.case_id = e.case_id AND h.seq = e.seq WHERE e.tenant = ? AND e.event_id = ?",
            (self.tenant, event_id),
        )
        if not rows:
            return None
        result, case, body, digest = rows[0]
        vault = self._vault(case, f"{result!s}{body!s}")
        found, entry = restore(result, case_of, vault), restore(body, entry_of, vault)
        return Recorded(self.tenant, found, entry, str(digest), replayed=True)

    def write(self, step: Step, personal: frozenset[str] = frozenset()) -> Recorded:
        """Write one step whole; a known event id, key or open (element, subject) returns what was written then.

        `personal` names data and facts whose values are kept where they can be erased. Raises ConflictError if the
        case is not at `step.expected_version`.
        """
        if self._dialect.asks_first and (there := self._there(step)) is not None:
            return there
        (recorded,) = self._write([step], personal)
        if recorded is not None:
            return recorded
        self._check_schema()
        return self._there(step) or conflict(step.case.id)

    def write_all(self, steps: Sequence[Step], personal: frozenset[str] = frozenset()) -> list[Recorded | None]:
        """Write steps of different cases at once; None for each whose place is taken, of which nothing is written."""
        found: dict[str, Recorded | None] = {}
        for opening in (True, False):
            chosen = [step for step in steps if (step.expected_version is None) is opening]
            if self._dialect.asks_first:
                chosen = [step for step in chosen if self._there(step) is None]
            written = self._write(chosen, personal) if chosen else []
            found |= {step.case.id: one for step, one in zip(chosen, written, strict=True)}
        if steps and not any(found.values()):
            self._check_schema()
        return [found.get(step.case.id) for step in steps]

    def _write(
        self, steps: Sequence[Step], personal: frozenset[str], write: Writer | None = None
    ) -> list[Recorded | None]:
        """Steps that are all moves or all openings, by the dialect's own way if by no other."""
        sealers = self._sealers(steps, personal)
        rows = [rows_of(step, self.tenant, sealers.get(step.case.id)) for step in steps]
        try:
            digests = (write or self._dialect.write)(self.link, self.tenant, rows)
        except Exception as error:
            if self.link.is_conflict(error):
                # a row that only a racing writer can have inserted before
                conflict(steps[0].case.id)
            raise
        return [
            None if digest is None else Recorded(self.tenant, step.case, step.entry, digest)
            for step, digest in zip(steps, digests, strict=True)
        ]

    def _there(self, step: Step) -> Recorded | None:
        """What was written for the step's event id, or for its case's key or open (element, subject), before."""
        event_id = step.entry.trigger.event_id
        if event_id is not None and (seen := self._seen(event_id)) is not None:
            return seen
        return self._already_open(step.case) if step.expected_version is None else None

    def _check_schema(self) -> None:
        """Raise StoreError if somebody migrated the tables meanwhile."""
        refuse_other_version(schema_version(self.link))

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
            strays = tuple(name for name, value in zip(_COLUMNS, columns, strict=True) if said.get(name) != value)
        except (ValueError, AttributeError):
            strays = ("document",)
        return Inspection(str(document), str(head), version, strays)

    def find(self, wanted: CaseFilter) -> list[Case]:
        """The cases that the filter lets through, in order of id."""
        if wanted.ids is not None:
            chosen = self._by_id(sorted(set(wanted.ids))).values()
            return [held.case for held in chosen if wanted.passes(held.case)][: wanted.limit]
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
        for statement in self._dialect.before_erasing:
            self.link.execute(statement)
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


def _entry(salts: Callable[[], dict[str, str]], case: str) -> str | None:
    return salts().get(case)


def _same(value: Any) -> Any:
    return value
