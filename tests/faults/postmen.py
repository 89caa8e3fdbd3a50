"""Deliverers that work, fail, raise, hang and talk nonsense, and write down what reached the recipient."""

from __future__ import annotations

import random
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from relflow.hooks import hookimpl
from relflow.results import Delivered, Done, Failed, Outgoing, Performance, Recipient, Recorded
from relflow.stores import Kind, OutboxClaim
from relflow.stores.protocols import KINDS
from relflow.stores.sql_claims import SqlClaims
from tests.faults.clocks import Course
from tests.faults.journal import Journal

__all__ = ["Postman", "Witness", "watch_claims"]

# how a delivery ends, and how often; what comes `after` has reached the recipient
ENDS = {
    "well": 86.0, "fail": 3.0, "raise": 3.0, "hang": 0.4, "raise-after": 3.0, "nonsense-after": 3.0,
    "hang-after": 0.4, "slow": 1.2,
}  # fmt: skip


class Postman:
    """Delivers and performs; `lease` is how many real seconds a worker has."""

    def __init__(self, journal: Journal, chance: random.Random, lease: float, *, faults: bool = True) -> None:
        self._journal = journal
        self._chance = chance
        self._lease = lease
        self._ends = ENDS if faults else {"well": 1.0}

    @hookimpl
    def relflow_recipient(self, tenant: str, recipient: str) -> Recipient | None:
        """Everybody is known but the ghost."""
        return None if recipient == "ghost" else Recipient(recipient, "soak")

    @hookimpl
    def relflow_deliver(self, tenant: str, message: Outgoing) -> object:
        """Hand a message over, or not."""
        return self._act(message.key, Delivered("r"))

    @hookimpl
    def relflow_perform(self, tenant: str, effect: Performance) -> object:
        """Carry an action out, or not."""
        return self._act(effect.key, Done())

    def _act(self, key: str, well: object) -> object:
        end = self._chance.choices(list(self._ends), list(self._ends.values()))[0]
        if end == "fail":
            return Failed("busy")
        if end == "raise":
            raise ValueError("no line")
        if end == "hang":
            time.sleep(self._lease * 1.4)
        elif end == "slow":
            time.sleep(self._lease / 4)
        self._journal.tell("got", key=key, end=end)
        if end == "raise-after":
            raise TimeoutError("no answer")
        if end == "nonsense-after":
            return {"ok": True}
        if end == "hang-after":
            time.sleep(self._lease * 1.4)
        return well


class Witness:
    """Sees every step before it is committed, with what the clocks said; raises now and then, to refuse the step."""

    def __init__(
        self, journal: Journal, chance: random.Random, machine: Course, store: Course, *, faults: bool = True
    ) -> None:
        self._journal = journal
        self._chance = chance
        self._machine = machine
        self._store = store
        self._faults = faults

    @hookimpl
    def relflow_project(self, recorded: Recorded) -> None:
        """Write down when a timer or an obligation was let happen."""
        trigger, case = recorded.entry.trigger, recorded.case
        if trigger.kind == "timer" or (trigger.kind == "open" and case.workflow.startswith("~")):
            self._journal.note(
                "timer" if trigger.kind == "timer" else "duty",
                case=case.id,
                seq=recorded.entry.seq,
                due=trigger.data.get("due_at"),
                machine=self._machine.latest(),
                store=self._store.latest(),
            )
        if self._faults and self._chance.random() < 0.01:
            raise OSError("the host's column is locked")

    @hookimpl
    def relflow_observe(self, recorded: Recorded) -> None:
        """Hear of a step, and fail at it now and then."""
        if self._faults and self._chance.random() < 0.03:
            raise RuntimeError("deaf")


def watch_claims(journal: Journal) -> None:
    """Write down every claim of an outbox row and how it ended, from inside its transaction."""
    messages, settle, release = SqlClaims.messages, SqlClaims.settle, SqlClaims.release

    def claiming(
        self: SqlClaims, now: datetime, limit: int, lease: timedelta, kinds: Collection[Kind] = KINDS
    ) -> list[OutboxClaim]:
        claims = messages(self, now, limit, lease, kinds)
        for claim in claims:
            journal.note("claim", key=claim.key, fence=claim.fence, now=now, until=claim.leased_until)
        return claims

    def settling(self: SqlClaims, claim: OutboxClaim, *rest: Any, **named: Any) -> bool:
        mine = settle(self, claim, *rest, **named)
        journal.note("settle", key=claim.key, fence=claim.fence, mine=mine)
        return mine

    def releasing(self: SqlClaims, claim: OutboxClaim) -> bool:
        mine = release(self, claim)
        journal.note("release", key=claim.key, fence=claim.fence, mine=mine)
        return mine

    SqlClaims.release = releasing  # type: ignore[method-assign]
    SqlClaims.messages = claiming  # type: ignore[method-assign]
    SqlClaims.settle = settling  # type: ignore[method-assign]
