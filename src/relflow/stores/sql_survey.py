"""Counting, discarding and forgetting over a Link."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from relflow.stores.codec import decode, instant, microseconds
from relflow.stores.dialects import dialect_of
from relflow.stores.protocols import Link, SqlValue
from relflow.stores.sealing import SALT
from relflow.stores.survey import HELD, Gauges, Population

__all__ = ["SqlSurvey"]

_OPEN: Final = "FROM relflow_cases WHERE tenant = ? AND closed_at IS NULL AND workflow NOT LIKE '~%'"
# documents are canonical JSON, written without spaces
_PROVISIONAL: Final = "document LIKE '%\"provisional\":true%'"


class SqlSurvey:
    """The administrators' part of a SQL unit."""

    link: Link
    tenant: str

    def _one(self, sql: str, *params: SqlValue) -> tuple[int, datetime | None]:
        """A count and the earliest instant."""
        (row,), _ = self.link.execute(sql, (self.tenant, *params))
        return int(row[0] or 0), None if row[1] is None else instant(int(row[1]))

    def gauges(self, now: datetime) -> Gauges:
        """What waits at `now`; cases that only carry an obligation out are not counted as open."""
        at = microseconds(now)
        outbox = "SELECT COUNT(*), MIN(due_at) FROM relflow_outbox WHERE tenant = ? AND status ="
        timers = "SELECT COUNT(*), MIN(due_at) FROM relflow_timers WHERE tenant = ?"
        due, oldest_due = self._one(f"{timers} AND due_at <= ?", at)
        ready, _ = self._one(f"{outbox} 'ready'")
        held, _ = self._one(f"{outbox} 'dead' AND error LIKE '{HELD}%'")
        return Gauges(
            open_cases=self._one(f"SELECT COUNT(*), NULL {_OPEN}")[0],
            timers=self._one(timers)[0],
            due=due,
            oldest_due=oldest_due,
            ready=ready,
            oldest_ready=self._one(f"{outbox} 'ready' AND due_at <= ?", at)[1],
            dead=self._one(f"{outbox} 'dead'")[0] - held,
            held=held,
            provisional=self._one(f"SELECT COUNT(*), NULL {_OPEN} AND {_PROVISIONAL}")[0],
        )

    def census(self) -> list[Population]:
        """Open cases by workflow and definition, in order of workflow and version."""
        field = dialect_of(self.link).field
        version, definition = (field.replace("{name}", name) for name in ("workflow_version", "definition"))
        rows, _ = self.link.execute(
            f"SELECT workflow, {version}, {definition}, COUNT(*) {_OPEN} GROUP BY 1, 2, 3",
            (self.tenant,),
        )
        found = [Population(str(row[0]), decode(str(row[1])), decode(str(row[2])), int(row[3] or 0)) for row in rows]
        return sorted(found, key=lambda one: (one.workflow, one.version, one.definition))

    def every(self, after: str | None = None, limit: int = 1000, account: str | None = None) -> list[str]:
        """The ids of all cases in order, of an account or of everybody, those that carry obligations out included."""
        params: tuple[SqlValue, ...] = (self.tenant, after or "", *(() if account is None else (account,)), limit)
        of = "" if account is None else " AND account = ?"
        rows, _ = self.link.execute(
            f"SELECT id FROM relflow_cases WHERE tenant = ? AND id > ?{of} ORDER BY id LIMIT ?",  # noqa: S608
            params,
        )
        return [str(row[0]) for row in rows]

    def discard(self, key: str, now: datetime, because: str) -> bool:
        """Give up a dead outbox row for good: nobody is asked about it any more. False: there is no such dead row."""
        _, count = self.link.execute(
            "UPDATE relflow_outbox SET status = 'discarded', due_at = ?, receipt = ?"
            " WHERE tenant = ? AND case_id = ? AND key = ? AND status = 'dead'",
            (microseconds(now), because, self.tenant, key.rsplit(":", 2)[0], key),
        )
        return count == 1

    def forget(self, case: str, surrogates: Collection[str], now: datetime) -> int:
        """Forget some of a case's personal values, and their unsent messages with them; how many values were there."""
        for statement in dialect_of(self.link).before_erasing:
            self.link.execute(statement)
        forgotten = 0
        for surrogate in set(surrogates) - {SALT}:
            key = (self.tenant, case, surrogate)
            count = self.link.execute(
                "DELETE FROM relflow_vault WHERE tenant = ? AND case_id = ? AND surrogate = ?", key
            )[1]
            forgotten += count
            if count:
                self.link.execute(
                    "UPDATE relflow_outbox SET status = 'dead', error = 'erased', due_at = ?, leased_until = 0"
                    " WHERE tenant = ? AND case_id = ? AND status = 'ready' AND body LIKE ?",
                    (microseconds(now), self.tenant, case, f'%"$sealed":"{surrogate}"%'),
                )
        return forgotten
