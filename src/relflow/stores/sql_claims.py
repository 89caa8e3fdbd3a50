"""Timers and the outbox over a Link: claims with leases and fences, and how attempts end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final, cast

from relflow.errors import StoreError
from relflow.results import Delivered, Failed, Message, Outcome, Performance, Timer
from relflow.stores.codec import Vault, instant, microseconds, restore
from relflow.stores.dialects import dialect_of
from relflow.stores.documents import message_of, performance_of
from relflow.stores.protocols import KINDS, Kind, Link, Notice, OutboxClaim, Row, SqlValue, Status, TimerClaim
from relflow.text import Text

__all__ = ["SqlClaims"]

_DUE: Final = """UPDATE relflow_timers SET leased_until = ?, fence = fence + 1
    WHERE (tenant, case_id, clock, lap, step) IN (
        SELECT tenant, case_id, clock, lap, step FROM relflow_timers
        WHERE tenant = ? AND due_at <= ? AND {free} ORDER BY due_at LIMIT ? {locked})
    RETURNING case_id, clock, lap, step, due_at, fence"""
# only the first row of a lane that is neither sent nor dead: order holds for each case and recipient
_HEAD: Final = """NOT EXISTS (SELECT 1 FROM relflow_outbox before WHERE before.tenant = o.tenant
        AND before.case_id = o.case_id AND before.lane = o.lane AND before.status = 'ready'
        AND (before.seq < o.seq OR (before.seq = o.seq AND before.ordinal < o.ordinal)))"""
_MESSAGES: Final = """UPDATE relflow_outbox SET leased_until = ?, fence = fence + 1, attempts = attempts + 1
    WHERE (tenant, case_id, seq, ordinal) IN (
        SELECT o.tenant, o.case_id, o.seq, o.ordinal FROM relflow_outbox o
        WHERE o.tenant = ? AND o.status = 'ready' AND o.due_at <= ? AND {free} {kinds}
        AND {head}
        ORDER BY o.due_at, o.seq, o.ordinal LIMIT ? {locked})
    RETURNING kind, body, fence, attempts, due_at, seq, ordinal, case_id""".replace("{head}", _HEAD)
_NEXT: Final = (
    "SELECT due_at FROM relflow_timers WHERE tenant = ? AND leased_until = 0 ORDER BY due_at LIMIT 1",
    "SELECT leased_until FROM relflow_timers WHERE tenant = ? AND leased_until > 0 ORDER BY leased_until LIMIT 1",
    """SELECT o.due_at FROM relflow_outbox o WHERE o.tenant = ? AND o.status = 'ready' AND o.leased_until = 0 {kinds}
        AND {head} ORDER BY o.due_at LIMIT 1""".replace("{head}", _HEAD),
    """SELECT o.leased_until FROM relflow_outbox o WHERE o.tenant = ? AND o.leased_until > 0 AND o.status = 'ready'
        {kinds} ORDER BY o.leased_until LIMIT 1""",
)
_NOTICE: Final = (
    "SELECT kind, body, status, attempts, due_at, error, receipt, case_id, key, lane, ordinal FROM relflow_outbox"
    " WHERE tenant = ?"
)

_DAMAGED: Final = Text((("en", "the text of this message is damaged"), ("zh", "此通知的内容已损坏")))


class SqlClaims:
    """The part of a SQL unit that hands out timers and outbox rows."""

    link: Link
    tenant: str

    def _claim(self, sql: str, now: datetime, limit: int, lease: timedelta) -> Sequence[Row]:
        """Rows whose lease ran out, then rows that nobody holds: each has an index that a claim leaves behind."""
        locked = dialect_of(self.link).locked
        until, due = microseconds(now + lease), microseconds(now)
        found: list[Row] = []
        for free, params in (("leased_until > 0 AND leased_until <= ?", (due, due)), ("leased_until = 0", (due,))):
            if len(found) < limit:
                statement = sql.format(free=free, locked=locked)
                found += self.link.execute(statement, (until, self.tenant, *params, limit - len(found)))[0]
        return found

    def _vault(self, case: SqlValue, document: SqlValue) -> Vault | None:
        """The personal values that a document leaves out; the part that knows cases has it."""
        raise NotImplementedError

    def _item(self, kind: SqlValue, body: SqlValue, case: SqlValue) -> Message | Performance:
        vault = self._vault(case, body)
        return restore(body, message_of, vault) if kind == "message" else restore(body, performance_of, vault)

    def timers(self, case: str) -> list[Timer]:
        """The case's open timers, earliest first."""
        rows, _ = self.link.execute(
            "SELECT case_id, clock, lap, step, due_at FROM relflow_timers"
            " WHERE tenant = ? AND case_id = ? ORDER BY due_at, clock, step",
            (self.tenant, case),
        )
        return [_timer_of(row) for row in rows]

    def due(self, now: datetime, limit: int, lease: timedelta) -> list[TimerClaim]:
        """Claim timers that are due and not leased, earliest first."""
        rows = self._claim(_DUE, now, limit, lease)
        claims = [TimerClaim(_timer_of(row), int(row[5] or 0), now + lease) for row in rows]
        return sorted(claims, key=lambda claim: (claim.timer.due_at, claim.timer.case, claim.timer.clock))

    def drop(self, claim: TimerClaim) -> bool:
        """Remove a claimed timer that the case no longer has; False: the fence is stale."""
        timer = claim.timer
        _, count = self.link.execute(
            "DELETE FROM relflow_timers"
            " WHERE tenant = ? AND case_id = ? AND clock = ? AND lap = ? AND step = ? AND fence = ?",
            (self.tenant, timer.case, timer.clock, timer.lap, timer.step, claim.fence),
        )
        return count == 1

    def messages(
        self, now: datetime, limit: int, lease: timedelta, kinds: Collection[Kind] = KINDS
    ) -> list[OutboxClaim]:
        """Claim outbox rows that are due: for each case and recipient only the first that is not sent or dead."""
        sql = _MESSAGES.replace("{kinds}", _only(kinds))
        rows = sorted(self._claim(sql, now, limit, lease), key=lambda row: (row[4], row[5], row[6]))
        claims = []
        for row in rows:
            try:
                item = self._item(row[0], row[1], row[7])
            except StoreError:
                self._bury(row, now)
                continue
            claims.append(OutboxClaim(item, int(row[2] or 0), int(row[3] or 0), now + lease))
        return claims

    def _bury(self, row: Row, now: datetime) -> None:
        """Give up a row whose text is damaged: nobody can deliver it, and it must not keep the others waiting."""
        self.link.execute(
            "UPDATE relflow_outbox SET status = 'dead', error = 'damaged', due_at = ?, leased_until = 0"
            " WHERE tenant = ? AND case_id = ? AND seq = ? AND ordinal = ?",
            (microseconds(now), self.tenant, row[7], row[5], row[6]),
        )

    def settle(self, claim: OutboxClaim, outcome: Outcome, now: datetime, retry_at: datetime | None = None) -> bool:
        """Note how an attempt ended; a failure without `retry_at` is dead. False: the fence is stale."""
        changes: tuple[SqlValue, ...]
        if not isinstance(outcome, Failed):
            receipt = outcome.receipt if isinstance(outcome, Delivered) else None
            changes = ("sent", microseconds(now), None, receipt)
        elif retry_at is None:
            changes = ("dead", microseconds(now), outcome.error, None)
        else:
            changes = ("ready", microseconds(retry_at), outcome.error, None)
        _, count = self.link.execute(
            "UPDATE relflow_outbox SET status = ?, due_at = ?, error = ?, receipt = ?, leased_until = 0"
            " WHERE tenant = ? AND case_id = ? AND key = ? AND fence = ? AND status = 'ready'",
            (*changes, self.tenant, claim.item.case, claim.key, claim.fence),
        )
        return count == 1

    def release(self, claim: OutboxClaim, until: datetime | None = None) -> bool:
        """Give back a row that was not tried: the claim counts as no attempt. False: the fence is stale.

        With `until` it is not due before then.
        """
        later: tuple[SqlValue, ...] = () if until is None else (microseconds(until),)
        _, count = self.link.execute(
            f"UPDATE relflow_outbox SET attempts = attempts - 1, leased_until = 0{', due_at = ?' if later else ''}"  # noqa: S608
            " WHERE tenant = ? AND case_id = ? AND key = ? AND fence = ? AND status = 'ready' AND leased_until > 0",
            (*later, self.tenant, claim.item.case, claim.key, claim.fence),
        )
        return count == 1

    def outbox(self, *, case: str | None = None, status: Status | None = None, limit: int = 1000) -> list[Notice]:
        """Outbox rows of a case or of a status, in the order in which they were written for each case."""
        sql, params = _NOTICE, [self.tenant]
        for column, value in (("case_id", case), ("status", status)):
            if value is not None:
                sql += f" AND {column} = ?"
                params.append(value)
        rows, _ = self.link.execute(sql + " ORDER BY case_id, seq, ordinal LIMIT ?", (*params, limit))
        return [_notice_of(row, self._listed(row)) for row in rows]

    def _listed(self, row: Row) -> Message | Performance:
        """What a row holds; of one whose text is damaged, what stands beside it."""
        try:
            return self._item(row[0], row[1], row[7])
        except StoreError:
            return Message(str(row[8]), str(row[7]), int(row[10] or 0), str(row[9]), "", _DAMAGED)

    def revive(self, key: str, now: datetime) -> bool:
        """Make a dead row ready again, with its attempts forgotten."""
        _, count = self.link.execute(
            "UPDATE relflow_outbox SET status = 'ready', due_at = ?, attempts = 0, leased_until = 0"
            " WHERE tenant = ? AND case_id = ? AND key = ? AND status = 'dead'",
            (microseconds(now), self.tenant, key.rsplit(":", 2)[0], key),
        )
        return count == 1

    def next_due(self, kinds: Collection[Kind] = KINDS) -> datetime | None:
        """When the next timer, or the next outbox row of these kinds, can be claimed."""
        asked = _NEXT if kinds else _NEXT[:2]
        only = _only(kinds)
        found = [
            rows[0][0] for sql in asked if (rows := self.link.execute(sql.replace("{kinds}", only), (self.tenant,))[0])
        ]
        return instant(min(int(number or 0) for number in found)) if found else None


def _only(kinds: Collection[Kind]) -> str:
    """The condition that leaves rows of other kinds aside; of the two, at least one is asked for."""
    return "" if len(set(kinds)) == len(KINDS) or not kinds else f"AND o.kind = '{next(iter(kinds))}'"


def _timer_of(row: Row) -> Timer:
    return Timer(str(row[0]), str(row[1]), int(row[2] or 0), str(row[3]), instant(int(row[4] or 0)))


def _notice_of(row: Row, item: Message | Performance) -> Notice:
    status = cast("Status", row[2])
    error, receipt = (None if value is None else str(value) for value in row[5:7])
    return Notice(item, status, int(row[3] or 0), instant(int(row[4] or 0)), error, receipt)
