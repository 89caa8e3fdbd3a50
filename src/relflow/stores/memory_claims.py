"""Timers and the outbox in memory: claims with leases and fences."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from relflow.results import Delivered, Failed, Message, Outcome, Performance, Timer
from relflow.stores.codec import Vault, decode
from relflow.stores.documents import message_of, performance_of
from relflow.stores.protocols import KINDS, Kind, Notice, OutboxClaim, Status, TimerClaim
from relflow.stores.tables import OutboxRow, Tables, TimerRow

__all__ = ["MemoryClaims"]


class MemoryClaims:
    """The part of a unit in memory that hands out timers and outbox rows."""

    tables: Tables
    tenant: str

    def _vault(self, case: str) -> Vault:
        """The personal values of a case; the part that knows cases has it."""
        raise NotImplementedError

    def _item(self, row: OutboxRow) -> Message | Performance:
        document = decode(row.body, self._vault(row.lane[0]))
        return message_of(document) if row.kind == "message" else performance_of(document)

    def timers(self, case: str) -> list[Timer]:
        """The case's open timers, earliest first."""
        rows = self.tables.timers.get((self.tenant, case), ())
        return sorted((row.timer for row in rows), key=lambda timer: (timer.due_at, timer.clock, timer.step))

    def _timer_rows(self) -> Iterator[TimerRow]:
        return (row for (tenant, _), rows in self.tables.timers.items() if tenant == self.tenant for row in rows)

    def due(self, now: datetime, limit: int, lease: timedelta) -> list[TimerClaim]:
        """Claim timers that are due and not leased, earliest first."""
        free = [row for row in self._timer_rows() if row.timer.due_at <= now and _free(row.leased_until, now)]
        free.sort(key=lambda row: (row.timer.due_at, row.timer.case, row.timer.clock))
        return [self._lease(row, now + lease) for row in free[:limit]]

    def _lease(self, row: TimerRow, until: datetime) -> TimerClaim:
        key = (self.tenant, row.timer.case)
        taken = replace(row, leased_until=until, fence=row.fence + 1)
        rows = tuple(taken if other is row else other for other in self.tables.timers[key])
        self.tables.put(self.tables.timers, key, rows)
        return TimerClaim(row.timer, taken.fence, until)

    def drop(self, claim: TimerClaim) -> bool:
        """Remove a claimed timer that the case no longer has; False: the fence is stale."""
        key = (self.tenant, claim.timer.case)
        rows = self.tables.timers.get(key, ())
        kept = tuple(row for row in rows if (row.timer, row.fence) != (claim.timer, claim.fence))
        self.tables.put(self.tables.timers, key, kept)
        return len(kept) < len(rows)

    def _heads(self) -> list[OutboxRow]:
        """The first row of each lane that is neither sent nor dead."""
        heads: dict[tuple[str, str], OutboxRow] = {}
        for (tenant, _), row in self.tables.outbox.items():
            if tenant == self.tenant and row.status == "ready":
                first = heads.get(row.lane)
                if first is None or row.place < first.place:
                    heads[row.lane] = row
        return list(heads.values())

    def messages(
        self, now: datetime, limit: int, lease: timedelta, kinds: Collection[Kind] = KINDS
    ) -> list[OutboxClaim]:
        """Claim outbox rows that are due: for each case and recipient only the first that is not sent or dead."""
        free = [row for row in self._heads() if row.due_at <= now and _free(row.leased_until, now)]
        free = [row for row in free if row.kind in kinds]
        free.sort(key=lambda row: (row.due_at, row.place))
        claims = []
        for row in free[:limit]:
            taken = replace(row, leased_until=now + lease, fence=row.fence + 1, attempts=row.attempts + 1)
            self.tables.put(self.tables.outbox, (self.tenant, row.key), taken)
            claims.append(OutboxClaim(self._item(row), taken.fence, taken.attempts, now + lease))
        return claims

    def settle(self, claim: OutboxClaim, outcome: Outcome, now: datetime, retry_at: datetime | None = None) -> bool:
        """Note how an attempt ended; a failure without `retry_at` is dead. False: the fence is stale."""
        key = (self.tenant, claim.key)
        row = self.tables.outbox.get(key)
        if row is None or row.fence != claim.fence or row.status != "ready":
            return False
        if not isinstance(outcome, Failed):
            receipt = outcome.receipt if isinstance(outcome, Delivered) else None
            after = replace(row, status="sent", due_at=now, error=None, receipt=receipt, leased_until=None)
        elif retry_at is None:
            after = replace(row, status="dead", due_at=now, error=outcome.error, leased_until=None)
        else:
            after = replace(row, due_at=retry_at, error=outcome.error, leased_until=None)
        self.tables.put(self.tables.outbox, key, after)
        return True

    def release(self, claim: OutboxClaim, until: datetime | None = None) -> bool:
        """Give back a row that was not tried: the claim counts as no attempt. False: the fence is stale.

        With `until` it is not due before then.
        """
        key = (self.tenant, claim.key)
        row = self.tables.outbox.get(key)
        if row is None or row.fence != claim.fence or row.status != "ready" or row.leased_until is None:
            return False
        due = row.due_at if until is None else until
        self.tables.put(self.tables.outbox, key, replace(row, attempts=row.attempts - 1, leased_until=None, due_at=due))
        return True

    def outbox(self, *, case: str | None = None, status: Status | None = None, limit: int = 1000) -> list[Notice]:
        """Outbox rows of a case or of a status, in the order in which they were written for each case."""
        rows = [
            row
            for (tenant, _), row in self.tables.outbox.items()
            if tenant == self.tenant
            and (case is None or row.lane[0] == case)
            and (status is None or row.status == status)
        ]
        rows.sort(key=lambda row: (row.lane[0], row.place))
        return [
            Notice(self._item(row), row.status, row.attempts, row.due_at, row.error, row.receipt)
            for row in rows[:limit]
        ]

    def revive(self, key: str, now: datetime) -> bool:
        """Make a dead row ready again, with its attempts forgotten."""
        row = self.tables.outbox.get((self.tenant, key))
        if row is None or row.status != "dead":
            return False
        ready = replace(row, status="ready", due_at=now, attempts=0, leased_until=None)
        self.tables.put(self.tables.outbox, (self.tenant, key), ready)
        return True

    def next_due(self, kinds: Collection[Kind] = KINDS) -> datetime | None:
        """When the next timer, or the next outbox row of these kinds, can be claimed."""
        timers = [row.leased_until or row.timer.due_at for row in self._timer_rows()]
        waiting = [row.leased_until or row.due_at for row in self._heads() if row.kind in kinds]
        return min(timers + waiting, default=None)


def _free(leased_until: datetime | None, now: datetime) -> bool:
    return leased_until is None or leased_until <= now
