"""Policies that tell what tests reach in them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from relflow.errors import RelflowError
from relflow.policy import Policy
from relflow.program import Category, Kpi, as_day
from relflow.program.workflows import Alternative, ClockStep, Workflow
from relflow.results import Contact, Decision, Figure, Keeping, Standing, Touchpoint
from relflow.review import Coverage, Goal, goals, reached
from relflow.review.goals import category_goal, kpi_goal, plan_reached, step_goal, streak_goal, transition_goal
from relflow.rules import as_record, local_instant, plan_contacts, streak_of
from relflow.rules.recording import RecordingRun

__all__ = ["Watch", "WatchedPolicy"]

Record = Mapping[str, Any]
At = datetime | date | str | None


class Watch:
    """Keeps what a running test reaches until it is known whether the test holds.

    `names` are those of the policy that were looked at since somebody emptied it.
    """

    def __init__(self, coverage: Coverage) -> None:
        self.coverage = coverage
        self.names: set[str] = set()
        self._pending: set[Goal] = set()
        self._seen: set[Hashable] = set()

    def policy(self, policy: Policy) -> WatchedPolicy:
        """The policy, watched; what it holds are goals from now on, the shipped workflow that it merely opens not."""
        files = {source.name for source in policy.model.sources}
        own = [flow for flow in policy.program.workflows.values() if flow.span.source.name in files]
        self.coverage.expect(goals(policy.program, own))
        return WatchedPolicy(policy, self)

    def saw(self, run: RecordingRun) -> None:
        """A recorded run is part of the test."""
        self.names.update(run.outcomes)
        self._pending.update(reached(run))

    def settle(self, *, passed: bool) -> None:
        """The test is over; one that does not hold has reached nothing."""
        if passed:
            self.coverage.reach(self._pending)
        self._pending = set()
        self._seen = set()

    def anew(self, question: Hashable) -> bool:
        """Whether the running test asks this for the first time."""
        known = question in self._seen
        self._seen.add(question)
        return not known

    def measured(self, kpi: Kpi, figures: Iterable[Figure]) -> None:
        """A key figure was worked out."""
        self.names.add(kpi.id)
        for one in figures:
            self._pending.update([kpi_goal(kpi)] if one.value is not None else [])
            self._pending.update(streak_goal(kpi, streak_of(kpi, follow)) for follow in one.follows)

    def looked(self, category: Category) -> None:
        """A category was looked at."""
        self.names.add(category.id)
        self._pending.add(category_goal(category))

    # what happens in cases

    def asked(
        self, workflow: Workflow, record: Record, at: datetime, standings: Mapping[str, Any] | None, name: str
    ) -> None:
        """A case asked the policy."""
        if workflow.program is not None:
            run = RecordingRun(workflow.program, record, at, standings)
            run.outcome(name)
            self.saw(run)

    def happened(self, workflow: Workflow, alternative: Alternative) -> None:
        """An alternative of an event happened."""
        self._pending.add(transition_goal(workflow, alternative))

    def struck(self, workflow: Workflow, clock: str, step: ClockStep) -> None:
        """A step of a clock happened."""
        self._pending.add(step_goal(workflow, step))

    def planned(self, cadence: str, goals: Iterable[Goal]) -> None:
        """Rows of a contact plan gave contacts."""
        self.names.add(cadence)
        self._pending.update(goals)


class WatchedPolicy(Policy):
    """Answers as the policy does, and answers once more, recorded, for the watch."""

    def __init__(self, policy: Policy, watch: Watch) -> None:
        super().__init__(policy.program, policy.model, policy.diagnostics, policy.plugins)
        self._watch = watch

    def decide(
        self,
        name: str,
        record: Record,
        at: At = None,
        state: Mapping[str, Any] | None = None,
        known: Mapping[str, Any] | None = None,
    ) -> Decision:
        """The answer, watched."""
        decision = super().decide(name, record, at, state, known)
        self._again((name,), record, at, state, known)
        return decision

    def assign(
        self,
        scheme: str,
        record: Record,
        at: At = None,
        state: Mapping[str, Any] | None = None,
        known: Mapping[str, Any] | None = None,
    ) -> Standing:
        """The level in force, watched."""
        standing = super().assign(scheme, record, at, state, known)
        if self._watch.anew(self._question(scheme, record, at, state, known)):
            self._again((scheme, self.program.schemes[scheme].from_ or scheme), record, at, state, known)
        return standing

    def _question(self, scheme: str, record: Record, at: At, state: Any, known: Any) -> Hashable:
        """What a review asks: the same question reaches the same, so that quiet days need no second look."""
        names = self.program.closure(scheme)
        timed = at if any(name in self.program.timed for name in names) or known else None
        facts = [repr(record.get(name)) for name in names if name in self.program.facts]
        return (self.digest, scheme, timed, repr(state), *facts)

    def plan_contacts(
        self,
        record: Record,
        history: Sequence[Contact] = (),
        at: At = None,
        until: date | str | None = None,
        state: Mapping[str, Any] | None = None,
        cadence: str | None = None,
        known: Mapping[str, Any] | None = None,
    ) -> tuple[Touchpoint, ...]:
        """The plan, watched."""
        planned = super().plan_contacts(record, history, at, until, state, cadence, known)
        run = self._recording(record, at, state, known)
        day, last = run.day, as_day(until, self.program.zone, "until")
        for one in self.program.cadences.values():
            if day is not None and last is not None and cadence in (None, one.id):
                self._watch.planned(one.id, plan_reached(one, plan_contacts(run, [one], history, day, last)))
        self._watch.saw(run)
        return planned

    def figures(
        self,
        kpi: str,
        items: Iterable[Record],
        at: datetime | date | str,
        state: Mapping[Any, Mapping[str, Any]] | None = None,
    ) -> tuple[Figure, ...]:
        """The figures, watched."""
        found = super().figures(kpi, items, at, state)
        self._watch.measured(self.program.kpis[kpi], found)
        return found

    def keeping(self, category: str, known: Record | None = None, at: At = None) -> Keeping:
        """How facts are kept, watched."""
        found = super().keeping(category, known, at)
        self._watch.looked(self.program.categories[category])
        return found

    def _again(self, names: Iterable[str], record: Record, at: At, state: Any, known: Any) -> None:
        run = self._recording(record, at, state, known)
        try:
            for name in names:
                run.outcome(name)
        except RelflowError:
            # what was asked for did answer; what only the recording reads may lack a clock or a good fact
            return
        self._watch.saw(run)

    def _recording(self, record: Record, at: At, state: Any, known: Any) -> RecordingRun:
        return RecordingRun(self.program, as_record(record), local_instant(self.program, at), state, known)
