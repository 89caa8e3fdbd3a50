"""The clockwork inside an open transaction: for hosts that look after one case at once, and for their tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

from relflow.engine.administering import Administering
from relflow.engine.context import Context
from relflow.engine.delivery import Retry, carried_out, dispatch_inside
from relflow.engine.firings import Firing, ringing
from relflow.engine.reports import Problem, Report
from relflow.engine.standing import batches
from relflow.engine.work import Work
from relflow.errors import ConflictError, RefusedError, RelflowError
from relflow.program.workflows import Workflow
from relflow.results import Case, Step
from relflow.stores import StoreUnit

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

    def ring_all(self, firings: Sequence[Firing]) -> set[str]:
        """Take the steps of timers of different cases together; the cases whose timers fired.

        They are computed before the transaction. Left out is a case that is gone, that somebody else moved meanwhile,
        or whose step cannot be computed.
        """
        context = self._context(max(firing.at for firing in firings))
        with self._reading() as unit:
            cases = {name: held.case for name, held in unit.read([one.case for one in firings]).cases.items()}
            flows = {name: flow for name, case in cases.items() if (flow := self._known(case, unit)) is not None}
            context.all_standings(sorted({one.account for one in cases.values() if one.account is not None}), unit)
        work = Work(self._core, unit, context)
        planned: list[Step] = []
        with self._asking():
            self._load_all(context, [(cases[name].account, flow) for name, flow in flows.items()])
            for firing in firings:
                if firing.case in flows:
                    # whatever is wrong with it is said when it is taken alone
                    with suppress(Exception):
                        planned.append(work.plan(firing, cases[firing.case]))
        return self._do(context, lambda work: work.take_all(planned)) if planned else set()

    def _known(self, case: Case, unit: StoreUnit) -> Workflow | None:
        """The definition that a case runs under, if anybody has it."""
        try:
            return self._core.definition(case, unit)
        except RelflowError:
            return None

    def _load_all(self, context: Context, pairs: Iterable[tuple[str | None, Workflow]]) -> None:
        """Fetch what steps of these workflows, and what they may lead to, read about the accounts."""
        flows: dict[str, dict[str, Workflow]] = {}
        for account, flow in pairs:
            if account is not None:
                flows.setdefault(account, {})[flow.digest] = flow
        alike: dict[tuple[str, ...], list[str]] = {}
        for account, some in flows.items():
            alike.setdefault(tuple(sorted(some)), []).append(account)
        for accounts in alike.values():
            reached = [one for flow in flows[accounts[0]].values() for one in self._core.reachable(self.tenant, flow)]
            names = {name for one in reached for name in one.reads}
            names |= self._core.watched_facts(self.tenant, reached)
            for page in batches(accounts):
                context.load_all(page, names)

    def deliver_inside(self, *, limit: int = 1000) -> Report:
        """Deliver what waits, in this transaction: what is sent cannot be rolled back, so this is for tests only.

        `relflow.testing.deliver(unit)` is its name there.
        """
        sent = dispatch_inside(self._core, self._writing(), Retry(), limit)
        return Report(delivered=sent.delivered, performed=sent.performed, errors=tuple(sent.problems or ()))
