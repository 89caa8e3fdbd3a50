"""The steps of one transaction: the one that was asked for, and those that it leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

from relflow.engine import troubles
from relflow.engine.children import for_its_opener, just_closed
from relflow.engine.context import Context
from relflow.engine.core import Core
from relflow.engine.duties import MARK, Duty
from relflow.engine.firings import Firing, present, replayed, ringing
from relflow.engine.occasions import occasion, wanted
from relflow.engine.subjects import Subject
from relflow.errors import PolicyError, RefusedError, StoreError
from relflow.program import Outcome, Run
from relflow.program.workflows import Workflow
from relflow.results import Actor, Case, Definition, Opening, Recorded, StandingRecord, Step, Trigger
from relflow.stores import Held, Reading, StoreUnit, writes_alone
from relflow.workflow import Move, Route, conditions, migrate, open_case, step

__all__ = ["EntangledError", "Work"]

MOST_STEPS: Final = 200


class EntangledError(Exception):
    """Steps that were taken together have to do with each other."""


@dataclass(slots=True)
class Work:
    """Steps on one store unit, with what they read; `recorded` are those that were written, in order.

    `together` are cases whose steps are taken at once, `root` is the one of them whose consequences are drawn now.
    """

    core: Core
    unit: StoreUnit
    context: Context
    recorded: list[Recorded] = field(default_factory=list)
    defined: set[tuple[str, str]] = field(default_factory=set)
    newest: dict[str, Case] = field(default_factory=dict)
    given: dict[str, Mapping[str, object]] = field(default_factory=dict)
    together: frozenset[str] = frozenset()
    root: str = ""
    steps: int = 0

    @property
    def opened(self) -> int:
        """How many cases were opened, those that only carry out an obligation left aside."""
        return sum(one.entry.seq == 1 and not one.case.workflow.startswith(MARK) for one in self.recorded)

    @property
    def tenant(self) -> str:
        """Whose cases these are."""
        return self.unit.tenant

    # -- what was asked for ------------------------------------------------------------------------------------------

    def fire(self, firing: Firing, reading: Reading | None = None) -> Recorded:
        """Take the step that a trigger asks for, after the case's timers that fell due before it."""
        found = reading or self.unit.read((firing.case,), event_id=firing.trigger.event_id)
        if (seen := replayed(firing, found)) is not None:
            return seen
        held = present(firing, found)
        case = held.case
        if held.next_timer is not None and firing.trigger.kind != "timer":
            sure = firing.at if firing.exact else min(firing.at, self.core.instants.sure(self.tenant, self.unit))
            case = self.catch_up(case, held.next_timer, sure)
            firing = self._before_timers(firing, sure)
        return self.take(self.plan(firing, case))

    def _before_timers(self, firing: Firing, sure: datetime) -> Firing:
        """The firing, dated back where the clocks do not agree that a timer is due: it happens before the timer."""
        if firing.at > sure and any(timer.due_at <= firing.at for timer in self.unit.timers(firing.case)):
            return replace(firing, at=sure)
        return firing

    def plan(self, firing: Firing, case: Case) -> Step:
        """The step, not yet written."""
        workflow = self.core.definition(case, self.unit)
        now = firing.instant(case)
        facts = self.context.facts(case.account, workflow)
        roles = self.context.roles(firing.trigger.actor, case.account, workflow)
        standings = self.context.standings(case.account, self.unit)
        take = partial(step, workflow, case, facts=facts, now=now, standings=standings)
        try:
            return take(firing.trigger, roles=roles)
        except RefusedError as refused:
            if refused.reason != "role" or firing.trigger.actor is None:
                raise
            # what one may not do by oneself, one may do in the place of a colleague who is away
            for actor, lent in self.context.lent(firing.trigger.actor, case.account, workflow):
                with suppress(RefusedError):
                    return take(replace(firing.trigger, actor=actor), roles=lent)
            raise

    def open(
        self, workflow: Workflow, opening: Opening, actor: Actor | None, now: datetime, event_id: str | None
    ) -> Recorded:
        """Open a case; one that has the key already is returned as it stands."""
        return self.take(self.plan_opening(workflow, opening, actor, now, event_id))

    def plan_opening(
        self, workflow: Workflow, opening: Opening, actor: Actor | None, now: datetime, event_id: str | None
    ) -> Step:
        """The first step of a case, not yet written."""
        return open_case(
            workflow,
            opening,
            actor,
            self.context.facts(opening.account, workflow),
            self.context.roles(actor, opening.account, workflow),
            now,
            event_id=event_id,
            tenant=self.tenant,
            key=opening.key,
            standings=self.context.standings(opening.account, self.unit),
        )

    def plan_migration(self, firing: Firing, case: Case, workflow: Workflow, route: Route) -> Move:
        """How a case would move to another definition of its workflow."""
        facts = self.context.facts(case.account, workflow)
        roles = self.context.roles(firing.trigger.actor, case.account, workflow)
        standings = self.context.standings(case.account, self.unit)
        now = firing.instant(case)
        return migrate(workflow, case, route, firing.trigger, facts, roles, now, standings=standings)

    def migrate(self, firing: Firing, workflow: Workflow, route: Route) -> Move:
        """Move a case, after its timers that fell due before; one that cannot move is left as it is."""
        held = present(firing, self.unit.read((firing.case,)))
        case = held.case
        if held.next_timer is not None:
            # a definition that no longer compiles cannot ring its own timers; the new one does it afterwards
            with suppress(StoreError, PolicyError):
                case = self.catch_up(case, held.next_timer, firing.instant(case))
        move = self.plan_migration(firing, case, workflow, route)
        if move.step is not None:
            self._define(workflow)
            self.take(move.step)
        return move

    def catch_up(self, case: Case, due: datetime, now: datetime) -> Case:
        """Fire the case's timers that fell due by `now`, earliest first: what happens later sees what they did."""
        tried: set[tuple[str, int, str]] = set()
        while due <= now:
            waiting = [one for one in self.unit.timers(case.id) if (one.clock, one.lap, one.step) not in tried]
            if not waiting or waiting[0].due_at > now:
                break
            timer = waiting[0]
            due = timer.due_at
            tried.add((timer.clock, timer.lap, timer.step))
            try:
                case = self.take(self.plan(ringing(timer, now), case)).case
                case = self.latest(case)
            except RefusedError as refused:
                if refused.reason != "timer":
                    raise
        return case

    def latest(self, case: Case) -> Case:
        """The case after everything that this work has done to it."""
        return self.newest.get(case.id, case)

    def applies(self, duty: Duty, account: str, facts: Mapping[str, object], data: Mapping[str, object]) -> bool:
        """Whether an obligation on an event concerns the account; its filter sees the event's data."""
        states = self.context.standings(account, self.unit)
        run = Run(self.core.program(self.tenant), facts, self.context.at, states)
        run.assume("event", Outcome(dict(data)))
        return duty.flow is not None and wanted(duty.obligation, run)

    def carry_out(
        self, duty: Duty, subject: Subject, occasion: str, now: datetime, data: Mapping[str, object] | None = None
    ) -> None:
        """Open the case that carries an obligation out; its id names the occasion, so that it happens once."""
        assert duty.flow is not None
        self.run_errand(duty.flow, subject, occasion, now, data)

    def run_errand(
        self, flow: Workflow, subject: Subject, occasion: str, now: datetime, data: Mapping[str, object] | None = None
    ) -> None:
        """Open the case that carries something out for a subject on an occasion, once."""
        case = subject.case
        opening = Opening(
            f"{flow.id}/{subject.key}/{occasion}",
            flow.id,
            subject.data,
            subject.account,
            None if case is None else case.id,
            None if case is None else case.owner,
            subject=subject.key,
        )
        if opening.id not in self.unit.read((opening.id,)).cases:
            self.given[opening.id] = dict(data or {})
            self.open(flow, opening, None, now, None)

    # -- what it leads to --------------------------------------------------------------------------------------------

    def take(self, planned: Step) -> Recorded:
        """Write a step, let the host's projections follow it, and take the steps that it leads to."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise troubles.runaway(planned.case.id, MOST_STEPS)
        if planned.case.id in self.together and planned.case.id != self.root:
            raise EntangledError
        planned = self._ready(planned)
        recorded = self.unit.write(planned, self._personal(planned.case))
        if not recorded.replayed:
            self._record(recorded)
            self._lead_on(planned, recorded)
        return recorded

    def take_alone(self, planned: Step) -> Recorded | None:
        """Take a step without a transaction around it, where it is all that there will be and the store can.

        None: nothing was written. The policy in force is looked at by the statement that writes.
        """
        unit = writes_alone(self.unit)
        if unit is None or self._leads_on(planned):
            return None
        program = self.core.program(self.tenant)
        planned = self._ready(planned)
        recorded = unit.write_alone(planned, self._personal(planned.case), under=(program.id, program.digest))
        if recorded is not None:
            self._record(recorded)
        return recorded

    def take_all(self, planned: Sequence[Step]) -> set[str]:
        """Write steps of different cases at once, then let each lead where it leads; the cases that lost no race.

        Raises EntangledError where one leads to a step of another of them: these have to happen one after the other.
        """
        alike: dict[frozenset[str], list[Step]] = {}
        for one in planned:
            alike.setdefault(self._personal(one.case), []).append(self._ready(one))
        written = [
            (one, recorded)
            for names, steps in alike.items()
            for one, recorded in zip(steps, self.unit.write_all(steps, names), strict=True)
        ]
        for _, recorded in written:
            if recorded is not None:
                self._record(recorded)
        self.together = frozenset(one.case.id for one in planned)
        for one, recorded in written:
            if recorded is not None:
                self.root, self.steps = one.case.id, 1
                self._lead_on(one, recorded)
        return {one.case.id for one, recorded in written if recorded is not None}

    def _ready(self, planned: Step) -> Step:
        """The step as it is written, its case's definition kept."""
        if planned.case.workflow.startswith(MARK):
            # what an obligation opens is nobody's child
            return replace(planned, case=replace(planned.case, children=()))
        if planned.expected_version is None:
            self._define(self.core.workflow(self.tenant, planned.case.workflow))
        return planned

    def _personal(self, case: Case) -> frozenset[str]:
        return self.core.personal(self.tenant, self.core.definition(case, self.unit))

    def _record(self, recorded: Recorded) -> None:
        self.recorded.append(recorded)
        self.newest[recorded.case.id] = recorded.case

    def _leads_on(self, planned: Step) -> bool:
        """Whether anything else belongs into the transaction of a step that is not written yet; see `_lead_on`."""
        case = planned.case
        return bool(
            self._is_first(planned)
            or self.core.plugins.names("relflow_project")
            or planned.openings
            or just_closed(planned)
            or self._duties(case)
            or self._happening(case, planned.entry.at)
        )

    def _is_first(self, planned: Step) -> bool:
        """Whether the definition of the step's case is to be kept with it."""
        if planned.expected_version is not None or planned.case.workflow.startswith(MARK):
            return False
        return not self._is_defined(self.core.workflow(self.tenant, planned.case.workflow))

    def _lead_on(self, planned: Step, recorded: Recorded) -> None:
        """Let the host's projections follow a written step, and take the steps that it leads to."""
        for _ in self.core.plugins.answers(
            "relflow_project", tenant=self.tenant, recorded=recorded, link=self.unit.link
        ):
            pass
        self._follow(planned)

    def _follow(self, planned: Step) -> None:
        now = planned.entry.at
        for opening in planned.openings:
            workflow = self.core.workflow(self.tenant, opening.workflow)
            self.open(workflow, for_its_opener(planned.case, opening), None, now, None)
        if just_closed(planned):
            self._tell_parent(planned.case, now)
        self._become(self.latest(planned.case), now)
        self._let_happen(self.latest(planned.case), now)

    def _tell_parent(self, child: Case, now: datetime) -> None:
        held = self._parent(child.parent)
        if held is None or all(one.closed for one in held.case.children if one.id == child.id):
            return
        self.take(self.plan(Firing(held.case.id, Trigger("child", child.id), now), held.case))

    def _parent(self, parent: str | None) -> Held | None:
        """The case that opened a child, or the one that it was merged into."""
        held = None
        while parent is not None and (held := self.unit.read((parent,)).cases.get(parent)) is not None:
            parent = held.case.merged_into
        return held

    def _let_happen(self, case: Case, now: datetime) -> None:
        """Take the first event that happens by itself and is not refused; the step's own follow-up looks again."""
        for trigger in self._happening(case, now):
            try:
                planned = self.plan(Firing(case.id, replace(trigger, data=self.given.get(case.id, {})), now), case)
            except RefusedError:
                continue
            self.take(planned)
            return

    def _happening(self, case: Case, now: datetime) -> Sequence[Trigger]:
        """The events that happen by themselves in a case as it stands."""
        workflow = self.core.definition(case, self.unit)
        facts = self.context.facts(case.account, workflow)
        standings = self.context.standings(case.account, self.unit)
        return conditions(workflow, case, facts, max(now, case.updated_at), standings=standings)

    def become(self, duties: Sequence[Duty], subject: Subject, now: datetime) -> None:
        """Carry out the obligations whose condition has turned true for a subject, and keep where each stands."""
        if not duties:
            return
        kept = self.unit.account_standings(subject.key)
        states = self.context.standings(subject.account, self.unit) or {}
        program = self.core.program(self.tenant)
        local = now.astimezone(program.zone)
        run = subject.run(self.core, self.tenant, states, local)
        for duty in duties:
            record = kept.get(duty.name)
            before = {} if record is None else record.state
            looked = occasion(duty.obligation, run, before, local.date(), lunar=duty.lunar)
            if looked.state != before:
                version, cause = 0 if record is None else record.version, looked.name or ""
                self.unit.stand(StandingRecord(subject.key, duty.name, looked.state, now, version, cause))
            if looked.name is not None:
                self.carry_out(duty, subject, looked.name, now)

    def _become(self, case: Case, now: datetime) -> None:
        """The obligations about the case, after a step of it."""
        if duties := self._duties(case):
            names = self.core.watched_facts(self.tenant, [self.core.workflow(self.tenant, case.workflow)])
            facts = self.context.named_facts(case.account, names) if case.account is not None else {}
            self.become(duties, Subject(case.id, case.account, facts, case), now)

    def _duties(self, case: Case) -> Sequence[Duty]:
        """The obligations that watch a case."""
        return () if case.workflow.startswith(MARK) else self.core.watching(self.tenant, "case", case.workflow)

    def look(self, case: Case, now: datetime) -> None:
        """Let happen what happens by itself, because something about the case's subject may have changed."""
        self._let_happen(case, now)

    # -- what holds for the store ------------------------------------------------------------------------------------

    def check_policy(self) -> None:
        """Refuse to write under another policy than the one in force; the first one is put in force."""
        program = self.core.program(self.tenant)
        in_force = self.unit.in_force(program.id)
        if in_force == program.digest:
            return
        if in_force is not None and not self.core.adopt:
            raise troubles.not_in_force(program.id)
        self.unit.in_force(program.id, program.digest)

    def _is_defined(self, workflow: Workflow) -> bool:
        known = (self.tenant, workflow.digest)
        return known in self.core.defined or known in self.defined

    def _define(self, workflow: Workflow) -> None:
        if not self._is_defined(workflow):
            self.unit.define(Definition(workflow.digest, workflow.id, workflow.version, workflow.canonical))
            self.defined.add((self.tenant, workflow.digest))
