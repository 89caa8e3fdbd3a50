"""The clockwork inside an open transaction: for hosts that look after one case at once, and for their tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from relflow.engine.administering import Administering
from relflow.engine.delivery import Retry, carried_out, dispatch_inside
from relflow.engine.reports import Problem, Report
from relflow.engine.work import ringing
from relflow.errors import ConflictError, RefusedError, RelflowError

__all__ = ["Clockwork"]

LEASE: Final = timedelta(minutes=5)


class Clockwork(Administering):
    """The part of a unit that fires what fell due."""

    def run_due(self, *, limit: int = 1000) -> Report:
        """Fire the timers that fell due, in this transaction, and say when to call again.

        Messages wait in the outbox for a worker, as always; obligations and key figures are `Engine.run_due`'s. A timer
        that cannot fire is reported, and the rest goes on.
        """
        now, fired = self._now(None), 0
        problems: list[Problem] = []
        for claim in self._writing().due(now, limit, LEASE):
            try:
                self._fire(ringing(claim.timer, now))
            except ConflictError:
                continue
            except RefusedError as refused:
                if refused.reason != "timer":
                    problems.append(Problem(claim.timer.case, refused.reason, refused.message))
                elif not refused.details.get("early"):
                    self._writing().drop(claim)
            except RelflowError as error:
                problems.append(Problem(claim.timer.case, error.reason, error.message))
            else:
                fired += 1
        next_due = self._writing().next_due(carried_out(self._core))
        return Report(fired=fired, next_due=next_due, more=fired >= limit, errors=tuple(problems))

    def deliver_inside(self, *, limit: int = 1000) -> Report:
        """Deliver what waits, in this transaction: what is sent cannot be rolled back, so this is for tests only.

        `relflow.testing.deliver(unit)` is its name there.
        """
        sent = dispatch_inside(self._core, self._writing(), Retry(), limit)
        return Report(delivered=sent.delivered, performed=sent.performed, errors=tuple(sent.problems or ()))
