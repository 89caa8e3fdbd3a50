"""The clockwork: timers that fell due are claimed and fired, many in a transaction, or each in one of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from relflow.engine.again import alone
from relflow.engine.core import Core
from relflow.engine.firings import ringing
from relflow.engine.reports import Missed, Problem
from relflow.errors import ConflictError, RefusedError, RelflowError, StoreError
from relflow.results import Timer
from relflow.stores import TimerClaim
from relflow.text import Text

__all__ = ["Rung", "fire", "fire_all", "ring"]

BATCH: Final = 200
# a worker that calls every minute is not late
PUNCTUAL: Final = timedelta(minutes=2)
# what is wrong with the store is wrong for every case: it is told once, not waited for again and again
EVERYBODYS: Final = frozenset(
    {
        *("cannot-open", "closed", "database", "full", "gone", "io", "locked", "newer-schema", "no-database"),
        *("no-schema", "not-a-store", "not-allowed", "older-schema", "other-policy", "read-only", "refused"),
    }
)


@dataclass(slots=True)
class Rung:
    """What one run fired; `more` says that it stopped at its limit."""

    fired: int = 0
    more: bool = False
    problems: list[Problem] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)

    def note(self, timer: Timer, now: datetime) -> None:
        """A timer fired."""
        self.fired += 1
        if now - timer.due_at > PUNCTUAL:
            self.missed.append(Missed(timer, now))


def ring(core: Core, tenant: str, lease: timedelta, limit: int) -> Rung:
    """Fire up to `limit` timers that are due, earliest first."""
    done = Rung()
    left = limit
    while left > 0:
        with core.store.unit(tenant) as unit:
            now, sure = core.instants.stamp(tenant, unit), core.instants.sure(tenant, unit)
            # a lease is time by the clock that all workers share, also where this machine's lags behind
            claims = unit.due(sure, min(left, BATCH), lease + (now - sure))
        if not claims:
            return done
        left -= len(claims)
        fire_all(core, tenant, claims, now, done)
    done.more = left <= 0
    return done


def fire_all(core: Core, tenant: str, claims: Sequence[TimerClaim], now: datetime, done: Rung) -> None:
    """Take the steps of claimed timers, those of different cases together, a case's own in the order of the claims."""
    for some in _rounds(claims):
        _fire_together(core, tenant, some, now, done)


def _rounds(claims: Sequence[TimerClaim]) -> list[list[TimerClaim]]:
    """The first timer of each case, then the second of each, and so on."""
    found: list[list[TimerClaim]] = []
    seen: dict[str, int] = {}
    for claim in claims:
        case = claim.timer.case
        place = seen.get(case, 0)
        seen[case] = place + 1
        if place == len(found):
            found.append([])
        found[place].append(claim)
    return found


def _fire_together(core: Core, tenant: str, claims: Sequence[TimerClaim], now: datetime, done: Rung) -> None:
    """Take steps of different cases in one transaction.

    What raises undoes it whole, and each half is tried by itself: one bad case among many costs a few smaller
    transactions, and alone it is told what is wrong with it. Raises StoreError where the store serves nobody.
    """
    if len(claims) == 1:
        fire(core, tenant, claims[0], now, done)
        return
    firings = [ringing(one.timer, now) for one in claims]
    try:
        taken = alone(core, tenant, lambda unit: unit.ring_all(firings))
    except Exception as error:
        if isinstance(error, StoreError) and error.reason in EVERYBODYS:
            raise
        middle = len(claims) // 2
        _fire_together(core, tenant, claims[:middle], now, done)
        _fire_together(core, tenant, claims[middle:], now, done)
        return
    for claim in claims:
        if claim.timer.case in taken:
            done.note(claim.timer, now)
        else:
            fire(core, tenant, claim, now, done)


def fire(core: Core, tenant: str, claim: TimerClaim, now: datetime, done: Rung) -> None:
    """Take the step of one claimed timer, in a transaction of its own, and note how it went."""
    timer = claim.timer
    try:
        # who loses a race looks again: another timer of the case may have fired, and this one still counts
        alone(core, tenant, lambda unit: unit.ring(ringing(timer, now)), races=True)
    except ConflictError:
        return  # a case that others move all the time: its timer is claimed again when the lease ends
    except RefusedError as refused:
        if refused.reason != "timer":
            done.problems.append(Problem(timer.case, refused.reason, refused.message))
        elif not refused.details.get("early"):
            with core.store.unit(tenant) as unit_of_store:
                unit_of_store.drop(claim)
        return
    except RelflowError as error:
        done.problems.append(Problem(timer.case, error.reason, error.message))
        return
    except Exception as error:  # noqa: BLE001 - one case's trouble (a loader, a projection) is not another's
        kind = type(error).__name__
        words = Text((("en", f"a plugin raised {kind}"), ("zh", f"插件抛出 {kind}")))
        done.problems.append(Problem(timer.case, "plugin", words))
        return
    done.note(timer, now)
