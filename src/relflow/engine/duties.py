"""Obligations made ready to run: each one's effects as a small workflow, so that a case carries them out.

Such a case is named `~` and the obligation, opens when the obligation falls due, and is over in the same unit of work:
its history says when and why, its messages and openings have stable keys like those of any case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from relflow.compiler import compile_model
from relflow.diagnostics import Diagnostic, Fragment, Severity
from relflow.model import By, Declaration, Event, Model, Obligation, State, Transition, Workflow
from relflow.policy import Policy
from relflow.program import Code, Valued
from relflow.program import Obligation as Compiled
from relflow.program import workflows as flows

__all__ = ["HAPPEN", "MARK", "Duty", "duties_of"]

MARK: Final = "~"
HAPPEN: Final = "happen"


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation with the workflow that carries it out; `wrong` are the findings that keep it from running."""

    obligation: Compiled
    flow: flows.Workflow | None
    wrong: tuple[Diagnostic, ...] = ()

    @property
    def name(self) -> str:
        """The workflow's name, which is also the scheme under which the obligation's state is kept."""
        return MARK + self.obligation.id

    def facts(self, policy: Policy) -> set[str]:
        """The facts that its occasion and its conditions read."""
        duty = self.obligation
        names = {duty.day} if duty.day is not None else set()
        for part in (duty.when, duty.becomes, duty.target, duty.at_most, duty.before, duty.after):
            code = part.code if isinstance(part, Valued) else part
            names |= set(code.reads) if isinstance(code, Code) else set()
        program = policy.program
        return {fact for name in names for fact in program.closure(name) if fact in program.facts}


def duties_of(policy: Policy) -> dict[str, Duty]:
    """Every obligation of an account, of the company or of cases, ready to run; those of lists have no look yet."""
    chosen = [one for one in policy.model.obligations if _subject(policy, one) != "list" and one.do]
    if not chosen:
        return {}
    made = tuple(_workflow(policy.model, one) for one in chosen)
    model = replace(policy.model, workflows=(*policy.model.workflows, *made))
    program, findings = compile_model(model)
    errors = [one for one in findings if one.severity is Severity.ERROR]
    found = {}
    for one in chosen:
        wrong = tuple(problem for problem in errors if _inside(problem, one))
        flow = None if wrong else program.workflows[MARK + one.name]
        found[one.name] = Duty(policy.program.obligations[one.name], flow, wrong)
    return found


def _subject(policy: Policy, model: Obligation) -> str:
    return str(policy.program.obligations[model.name].subject)


def _inside(problem: Diagnostic, obligation: Obligation) -> bool:
    """Whether a finding is about one of the obligation's effects."""
    return any(
        problem.span.source.name == effect.span.source.name
        and effect.span.line <= problem.span.line <= effect.span.end_line
        for effect in obligation.do
    )


def _workflow(model: Model, obligation: Obligation) -> Workflow:
    """Due, then done: the event happens by itself and has the obligation's effects."""
    span = obligation.span

    def word(text: str) -> Fragment:
        return Fragment(text, span)

    subject = next((flow for flow in model.workflows if flow.name == _of(obligation)), None)
    given = () if subject is None else tuple(replace(one, required=None) for one in subject.data)
    data = _event_data(model, obligation)
    happens = Transition(
        span=span,
        to=word("done"),
        when=word("true"),
        by=By((word("system"),), span),
        may=tuple(one.id for one in data),
        do=obligation.do,
    )
    return Workflow(
        span=span,
        id=word(MARK + obligation.name),
        label=obligation.label,
        version=word("1"),
        roles=model.roles,
        records=() if subject is None else subject.records,
        data=(*given, *data),
        initial=word("due"),
        states=(
            State(span=span, id=word("due"), events=(Event(span=span, id=word(HAPPEN), alternatives=(happens,)),)),
            State(span=span, id=word("done"), final=True),
        ),
        digest=f"{MARK}{obligation.name} {model.digest}",
    )


def _of(obligation: Obligation) -> str:
    return obligation.of.text if obligation.of is not None else "account"


def _event_data(model: Model, obligation: Obligation) -> tuple[Declaration, ...]:
    if obligation.event is None:
        return ()
    declared: Mapping[str, tuple[Declaration, ...]] = {event.name: event.data for event in model.events}
    return declared.get(obligation.event.text, ())
