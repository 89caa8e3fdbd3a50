"""Counting, discarding and forgetting in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from relflow.results import Case
from relflow.stores.codec import decode, instant, microseconds
from relflow.stores.documents import case_of
from relflow.stores.sealing import SALT
from relflow.stores.survey import HELD, Gauges, Population
from relflow.stores.tables import Tables

__all__ = ["MemorySurvey"]


class MemorySurvey:
    """The administrators' part of a unit in memory."""

    tables: Tables
    tenant: str

    def _open_cases(self) -> Iterator[Case]:
        for (tenant, _), row in self.tables.cases.items():
            case = case_of(decode(row.document)) if tenant == self.tenant else None
            if case is not None and not case.closed and not case.workflow.startswith("~"):
                yield case

    def gauges(self, now: datetime) -> Gauges:
        """What waits at `now`; cases that only carry an obligation out are not counted as open."""
        cases = list(self._open_cases())
        timers = [
            row.timer.due_at
            for (tenant, _), rows in self.tables.timers.items()
            if tenant == self.tenant
            for row in rows
        ]
        rows = [row for (tenant, _), row in self.tables.outbox.items() if tenant == self.tenant]
        ready = [row.due_at for row in rows if row.status == "ready"]
        due = [at for at in timers if at <= now]
        held = sum(row.status == "dead" and (row.error or "").startswith(HELD) for row in rows)
        return Gauges(
            open_cases=len(cases),
            timers=len(timers),
            due=len(due),
            oldest_due=min(due, default=None),
            ready=len(ready),
            oldest_ready=min((at for at in ready if at <= now), default=None),
            dead=sum(row.status == "dead" for row in rows) - held,
            held=held,
            provisional=sum(any(clock.provisional for clock in case.clocks.values()) for case in cases),
        )

    def census(self) -> list[Population]:
        """Open cases by workflow and definition, in order of workflow and version."""
        counts = Counter((case.workflow, case.workflow_version, case.definition) for case in self._open_cases())
        return [Population(*key, count) for key, count in sorted(counts.items())]

    def every(self, after: str | None = None, limit: int = 1000, account: str | None = None) -> list[str]:
        """The ids of all cases in order, of an account or of everybody, those that carry obligations out included."""
        mine = (
            case
            for (tenant, case), row in self.tables.cases.items()
            if tenant == self.tenant
            and case > (after or "")
            and (account is None or decode(row.document)["account"] == account)
        )
        return sorted(mine)[:limit]

    def discard(self, key: str, now: datetime, because: str) -> bool:
        """Give up a dead outbox row for good: nobody is asked about it any more. False: there is no such dead row."""
        row = self.tables.outbox.get((self.tenant, key))
        if row is None or row.status != "dead":
            return False
        gone = replace(row, status="discarded", due_at=instant(microseconds(now)), receipt=because)
        self.tables.put(self.tables.outbox, (self.tenant, key), gone)
        return True

    def forget(self, case: str, surrogates: Collection[str], now: datetime) -> int:
        """Forget some of a case's personal values, and their unsent messages with them; how many values were there."""
        kept = self.tables.vault.get((self.tenant, case), {})
        gone = {one for one in surrogates if one in kept and one != SALT}
        if not gone:
            return 0
        left = {name: value for name, value in kept.items() if name not in gone}
        self.tables.put(self.tables.vault, (self.tenant, case), left)
        for (tenant, key), row in list(self.tables.outbox.items()):
            mine = tenant == self.tenant and row.lane[0] == case and row.status == "ready"
            if mine and any(f'"$sealed":"{one}"' in row.body for one in gone):
                dead = replace(row, status="dead", error="erased", due_at=instant(microseconds(now)), leased_until=None)
                self.tables.put(self.tables.outbox, (tenant, key), dead)
        return len(gone)
