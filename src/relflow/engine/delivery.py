"""The dispatcher: outbox rows to deliverers and to the host's actions, under leases and outside any transaction."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar, cast

from relflow.engine.core import Core
from relflow.engine.courtesy import Later, considered, worded
from relflow.engine.reports import Problem
from relflow.results import Delivered, Done, Failed, Message, Outcome, Outgoing, Performance, Recipient
from relflow.stores import HELD, Kind, OutboxClaim, StoreUnit
from relflow.text import Text

__all__ = ["Dispatch", "Retry", "carried_out", "dispatch", "dispatch_inside", "work_through"]

BATCH: Final = 100
LONGEST_WISH: Final = timedelta(days=1)
Answer = TypeVar("Answer")

_log = logging.getLogger("relflow.engine")


@dataclass(frozen=True, slots=True)
class Retry:
    """How long a failed delivery waits: `first`, then twice as long each time up to `longest`; dead after `attempts`.

    Each wait is shortened by a share of up to `jitter`, which the message's key decides: what failed together is not
    tried again together, and yet always at the same instants. `lease` is how long a worker may take for one batch
    before others take it over.
    """

    attempts: int = 12
    first: timedelta = timedelta(seconds=10)
    longest: timedelta = timedelta(hours=1)
    lease: timedelta = timedelta(minutes=5)
    jitter: float = 0.2

    def at(self, attempt: int, now: datetime, key: str = "") -> datetime | None:
        """When to try again after this attempt, counted from 1; None when it was the last."""
        if attempt >= self.attempts:
            return None
        wait: timedelta = min(self.first * 2 ** min(attempt - 1, 30), self.longest)
        share = zlib.crc32(f"{key} {attempt}".encode()) / 2**32
        return now + wait * (1 - self.jitter * share)


@dataclass(slots=True)
class Dispatch:
    """What one run of the dispatcher did; `more` says that it stopped at its limit."""

    delivered: int = 0
    performed: int = 0
    more: bool = False
    problems: list[Problem] | None = None


def carried_out(core: Core) -> list[Kind]:
    """What some plugin carries out; the rest waits in the outbox for a plugin that does."""
    hooks: dict[Kind, str] = {"message": "relflow_deliver", "performance": "relflow_perform"}
    return [kind for kind, hook in hooks.items() if core.plugins.names(hook)]


def dispatch(core: Core, tenant: str, retry: Retry, limit: int) -> Dispatch:
    """Carry out up to `limit` outbox rows that are due; what nobody implements stays where it is."""
    kinds = carried_out(core)
    done = Dispatch(problems=[])
    left = limit
    while kinds and left > 0:
        with core.store.unit(tenant) as unit:
            claims = unit.messages(core.now(unit), min(left, BATCH), retry.lease, kinds)
        if not claims:
            return done
        left -= len(claims)
        work_through(core, tenant, retry, claims, done)
    done.more = left <= 0
    return done


def work_through(core: Core, tenant: str, retry: Retry, claims: Sequence[OutboxClaim], done: Dispatch) -> None:
    """Carry out what was claimed together, as long as the lease lasts, and give back the rest."""
    # what failed or hung before comes last: if it hangs again, it keeps nothing else waiting
    held = True
    for claim in sorted(claims, key=lambda claim: claim.attempt):
        held = held and core.instants.stamp(tenant) < claim.leased_until
        if held:
            held = _carry_out(core, tenant, retry, claim, done)
        else:
            _give_back(core, tenant, claim)


def _give_back(core: Core, tenant: str, claim: OutboxClaim) -> None:
    """The batch took too long, and others may have taken it over: whoever claims the row next delivers it."""
    with core.store.unit(tenant) as unit:
        unit.release(claim)


def _carry_out(core: Core, tenant: str, retry: Retry, claim: OutboxClaim, done: Dispatch) -> bool:
    """Try once and note how it ended; False: the lease was lost meanwhile."""
    outcome = _attempt(core, tenant, retry, claim)
    with core.store.unit(tenant) as unit:
        return _settle(core, unit, retry, claim, outcome, done)


def dispatch_inside(core: Core, unit: StoreUnit, retry: Retry, limit: int) -> Dispatch:
    """As `dispatch`, inside an open transaction: for the tests of hosts, where nothing is ever committed."""
    done = Dispatch(problems=[])
    kinds = carried_out(core)
    for claim in unit.messages(core.now(unit), limit, retry.lease, kinds) if kinds else ():
        _settle(core, unit, retry, claim, _attempt(core, unit.tenant, retry, claim, unit), done)
    return done


def _attempt(
    core: Core, tenant: str, retry: Retry, claim: OutboxClaim, unit: StoreUnit | None = None
) -> Outcome | Later:
    """One attempt; a row that was tried often enough and never came back is given up.

    `unit` is the open transaction, where there is one.
    """
    if claim.attempt > retry.attempts:
        return Failed("no attempt came back", retry=False)
    item = claim.item
    if isinstance(item, Message):
        return _guarded(lambda: _considered(core, tenant, item, unit) or _deliver(core, tenant, claim, unit))
    return _guarded(lambda: _perform(core, tenant, claim))


def _settle(
    core: Core, unit: StoreUnit, retry: Retry, claim: OutboxClaim, outcome: Outcome | Later, done: Dispatch
) -> bool:
    """Note how an attempt ended; False: the lease was lost meanwhile."""
    if isinstance(outcome, Later):
        return unit.release(claim, outcome.at)
    item, now = claim.item, core.now(unit)
    again = retry.at(claim.attempt, now, claim.key) if isinstance(outcome, Failed) and outcome.retry else None
    if again is not None and isinstance(outcome, Failed) and isinstance(outcome.after, timedelta):
        # who asks for more than that is told again tomorrow, and nothing waits for ever on one answer
        again = max(again, now + min(outcome.after, LONGEST_WISH))
    mine = unit.settle(claim, outcome, now, again)
    if isinstance(outcome, Failed):
        assert done.problems is not None
        done.problems.append(_problem(claim, outcome, again))
    elif mine and isinstance(item, Message):
        done.delivered += 1
    elif mine:
        done.performed += 1
    return mine


def _considered(core: Core, tenant: str, message: Message, unit: StoreUnit | None) -> Later | Failed | None:
    """Why the message does not go out now, where the policy says anything about that."""
    recipient = _recipient(core, tenant, message) if core.courteous(tenant) else None
    return considered(core, tenant, message, recipient, unit) if recipient is not None else None


def _guarded(act: Callable[[], Answer]) -> Answer | Failed:
    """A stranger's exception is a failed attempt; only its kind is kept, for its words may hold personal values."""
    try:
        return act()
    except Exception as error:  # noqa: BLE001 - whatever a plugin raises harms nobody else
        _log.warning("a delivery raised %s", type(error).__name__)
        return Failed(f"raised {type(error).__name__}")


def _deliver(core: Core, tenant: str, claim: OutboxClaim, unit: StoreUnit | None = None) -> Outcome:
    message = cast("Message", claim.item)
    recipient = _recipient(core, tenant, message)
    if recipient is None:
        return Failed("unknown recipient", retry=False)
    outgoing = Outgoing(
        key=message.key,
        case=message.case,
        name=message.name,
        recipient=message.recipient,
        to=recipient,
        text=message.text.text(recipient.lang),
        attempt=claim.attempt,
        fields=message.fields,
    )
    if core.courteous(tenant):
        outgoing = worded(core, tenant, message, recipient, outgoing, unit)
    answer = core.plugins.first("relflow_deliver", tenant=tenant, message=outgoing)
    return cast("Delivered | Failed | None", answer) or Failed("nobody delivers on this channel")


def _recipient(core: Core, tenant: str, message: Message) -> Recipient | None:
    """Where the recipient is reached; without a plugin that knows, by the id alone."""
    if not core.plugins.names("relflow_recipient"):
        return Recipient(message.recipient)
    found = core.plugins.first("relflow_recipient", tenant=tenant, recipient=message.recipient)
    return found if isinstance(found, Recipient) else None


def _perform(core: Core, tenant: str, claim: OutboxClaim) -> Outcome:
    answer = core.plugins.first("relflow_perform", tenant=tenant, effect=cast("Performance", claim.item))
    return cast("Done | Failed | None", answer) or Failed("nobody performs this action")


def _problem(claim: OutboxClaim, outcome: Failed, again: datetime | None) -> Problem:
    if outcome.error.startswith(HELD):
        role = outcome.error.removeprefix(HELD)
        words = (("en", f"waits until `{role}` releases it"), ("zh", f"等待 `{role}` 批准发送"))
        return Problem(claim.key, "held", Text(words))
    if again is None:
        en, zh = (
            f"given up after {claim.attempt} attempts: {outcome.error}",
            f"尝试 {claim.attempt} 次后放弃：{outcome.error}",
        )
    else:
        at = again.isoformat(timespec="seconds")
        en, zh = f"{outcome.error}; tried again at {at}", f"{outcome.error}；将于 {at} 重试"
    return Problem(claim.key, "dead" if again is None else "retry", Text((("en", en), ("zh", zh))), final=again is None)
