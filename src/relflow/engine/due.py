"""The clockwork: timers that fell due are claimed and fired, each in a transaction of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from relflow.engine.again import alone
from relflow.engine.core import Core
from relflow.engine.reports import Missed, Problem
from relflow.engine.work import ringing
from relflow.errors import ConflictError, RefusedError, RelflowError
from relflow.stores import TimerClaim
from relflow.text import Text

__all__ = ["Rung", "fire", "ring"]

BATCH: Final = 200
# a worker that calls every minute is not late
PUNCTUAL: Final = timedelta(minutes=2)


@dataclass(slots=True)
class Rung:
    """What one run fired; `more` says that it stopped at its limit."""

    fired: int = 0
    more: bool = False
    problems: list[Problem] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)


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
        for claim in claims:
            fire(core, tenant, claim, now, done)
    done.more = left <= 0
    return done


def fire(core: Core, tenant: str, claim: TimerClaim, now: datetime, done: Rung) -> None:
    """Take the step of one claimed timer, in a transaction of its own, and note how it went."""
    timer = claim.timer
    try:
        alone(core, tenant, lambda unit: unit.ring(ringing(timer, now)))
    except ConflictError:
        return  # somebody moved the case meanwhile; its timers were written anew with that step
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
    done.fired += 1
    if now - timer.due_at > PUNCTUAL:
        done.missed.append(Missed(timer, now))
