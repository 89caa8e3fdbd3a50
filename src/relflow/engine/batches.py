"""Claimed work that others carry out: handed over in the transaction of the claim, done by whoever takes it up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from relflow.engine.core import Core
from relflow.engine.delivery import Dispatch, Retry, carried_out, work_through
from relflow.engine.due import Rung, fire_all
from relflow.results import Timer
from relflow.stores import Link, OutboxClaim, StoreUnit, TimerClaim

__all__ = ["Batch", "Hand", "carry_out", "hand_out"]

# so many timers between two looks at whether the lease still lasts
TOGETHER: Final = 200


@dataclass(frozen=True, slots=True)
class Batch:
    """Timers and outbox rows that were claimed together and belong to whoever carries them out before `until`.

    Of an outbox row it holds key, fence and attempt: neither texts nor recipients travel through a queue.
    """

    tenant: str
    until: datetime
    timers: tuple[TimerClaim, ...] = ()
    outbox: tuple[tuple[str, int, int], ...] = field(default=())

    def to_data(self) -> dict[str, Any]:
        """The batch as JSON holds it."""
        timers = [
            [one.timer.case, one.timer.clock, one.timer.lap, one.timer.step, one.timer.due_at.isoformat(), one.fence]
            for one in self.timers
        ]
        outbox = [list(row) for row in self.outbox]
        return {"tenant": self.tenant, "until": self.until.isoformat(), "timers": timers, "outbox": outbox}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The batch that `to_data` wrote."""
        until = datetime.fromisoformat(data["until"])
        timers = tuple(
            TimerClaim(Timer(case, clock, lap, step, datetime.fromisoformat(due)), fence, until)
            for case, clock, lap, step, due, fence in data["timers"]
        )
        outbox = tuple((key, fence, attempt) for key, fence, attempt in data["outbox"])
        return cls(data["tenant"], until, timers, outbox)


Hand = Callable[[Link | None, Batch], None]


def hand_out(core: Core, tenant: str, retry: Retry, size: int, limit: int, hand: Hand) -> bool:
    """Claim up to `limit` timers and rows, `size` of each to a batch; whether more are due.

    `hand` is called inside the transaction that claims, with its connection: what it writes there stands or falls with
    the claim.
    """
    left = limit
    while left > 0:
        with core.store.unit(tenant) as unit:
            batch = _claim(core, unit, retry.lease, min(size, left))
            if not (batch.timers or batch.outbox):
                return False
            hand(unit.link, batch)
        left -= max(len(batch.timers), len(batch.outbox))
    return True


def _claim(core: Core, unit: StoreUnit, lease: timedelta, size: int) -> Batch:
    now, sure = core.now(unit), core.instants.sure(unit.tenant, unit)
    timers = unit.due(sure, size, lease + (now - sure))
    kinds = carried_out(core)
    rows = unit.messages(now, size, lease, kinds) if kinds else []
    return Batch(
        unit.tenant,
        (now + lease).astimezone(UTC),
        tuple(timers),
        tuple((row.key, row.fence, row.attempt) for row in rows),
    )


def carry_out(core: Core, retry: Retry, batch: Batch) -> tuple[Rung, Dispatch]:
    """Fire and deliver what a batch holds, as far as its lease lasts; the rest is left to the next claim."""
    rung, done = Rung(), Dispatch(problems=[])
    for start in range(0, len(batch.timers), TOGETHER):
        now = core.instants.stamp(batch.tenant)
        if now < batch.until:
            fire_all(core, batch.tenant, batch.timers[start : start + TOGETHER], now, rung)
    work_through(core, batch.tenant, retry, _rows(core, batch), done)
    return rung, done


def _rows(core: Core, batch: Batch) -> list[OutboxClaim]:
    """The claimed rows with what they say, read anew; those that are settled meanwhile are left out."""
    wanted = {key: (fence, attempt) for key, fence, attempt in batch.outbox}
    found: list[OutboxClaim] = []
    with core.store.unit(batch.tenant, write=False) as unit:
        for case in dict.fromkeys(key.rsplit(":", 2)[0] for key in wanted):
            for notice in unit.outbox(case=case, status="ready"):
                if notice.item.key in wanted:
                    fence, attempt = wanted[notice.item.key]
                    found.append(OutboxClaim(notice.item, fence, attempt, batch.until))
    return found
