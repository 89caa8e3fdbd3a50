"""Obligations made ready to run: each one's effects as a small workflow, so that a case carries them out.

Such a case is named `~` and the obligation, opens when the obligation falls due, and is over in the same unit of work:
its history says when and why, its messages and openings have stable keys like those of any case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from weakref import WeakKeyDictionary

from relflow.compiler import compile_model
from relflow.compiler.workflows import DUTY
from relflow.diagnostics import Diagnostic, Fragment, Severity
from relflow.model import By, Declaration, Effect, Event, Model, Obligation, Open, State, Transition, Value, Workflow
from relflow.policy import Policy
from relflow.program import Code, Valued
from relflow.program import Obligation as Compiled
from relflow.program import workflows as flows

__all__ = ["HAPPEN", "ITEMS", "MARK", "Duty", "duties_of"]

MARK: Final = DUTY
HAPPEN: Final = "happen"
ITEMS: Final = "subject_items"
_MADE: WeakKeyDictionary[Policy, dict[str, Duty]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation with the workflow that carries it out; `wrong` are the findings that keep it from running.

    `lunar` says that its yearly day is kept by the Chinese calendar.
    """

    obligation: Compiled
    flow: flows.Workflow | None
    wrong: tuple[Diagnostic, ...] = ()
    lunar: bool = False

    @property
    def name(self) -> str:
        """The workflow's name, which is also the scheme under which the obligation's state is kept."""
        return MARK + self.obligation.id

    def facts(self, policy: Policy) -> set[str]:
        """The facts that its occasion and its conditions read."""
        duty = self.obligation
        names = {duty.day} if duty.day is not None else set()
        names |= {duty.of} if duty.subject == "list" else set()
        for part in (duty.when, duty.becomes, duty.target, duty.at_most, duty.before, duty.after):
            code = part.code if isinstance(part, Valued) else part
            names |= set(code.reads) if isinstance(code, Code) else set()
        program = policy.program
        return {fact for name in names for fact in program.closure(name) if fact in program.facts}


def duties_of(policy: Policy) -> Mapping[str, Duty]:
    """Every obligation that does something, ready to run; made once for a policy, whatever the number of engines."""
    if policy not in _MADE:
        _MADE[policy] = _made(policy)
    return _MADE[policy]


def _made(policy: Policy) -> dict[str, Duty]:
    chosen = [one for one in policy.model.obligations if one.do]
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
        found[one.name] = Duty(policy.program.obligations[one.name], flow, wrong, _lunar(policy.model, one))
    return found


def _lunar(model: Model, obligation: Obligation) -> bool:
    """Whether the fact, or the field of the list's records, that its yearly day stands in is a lunar date."""
    if obligation.yearly is None:
        return False
    listed = _list(model, obligation)
    fields: tuple[Declaration, ...] = model.facts
    if listed is not None and listed.type is not None:
        name = listed.type.name.text
        fields = next((record.fields for record in model.records if record.name == name), ())
    return any(field.lunar for field in fields if field.name == obligation.yearly.text)


def _list(model: Model, obligation: Obligation) -> Declaration | None:
    """The list fact whose items the obligation is about."""
    facts = (fact for fact in model.facts if fact.name == _of(obligation))
    return next((fact for fact in facts if fact.type is not None and fact.type.many), None)


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
    effects, listed = obligation.do, _list(model, obligation)
    if listed is not None:
        # `item` is the item of a `for_each`, so the one item goes through one
        given = (replace(listed, id=word(ITEMS), required=None, category=None, personal=True),)
        effects = tuple(_for_item(effect, word(ITEMS)) for effect in effects)
    data = _event_data(model, obligation)
    happens = Transition(
        span=span,
        to=word("done"),
        when=word("true"),
        by=By((word("system"),), span),
        may=tuple(one.id for one in data),
        do=effects,
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


def _for_item(effect: Effect, items: Fragment) -> Effect:
    if isinstance(effect, Open) and effect.for_each is None:
        return replace(effect, for_each=Value(items))
    return effect


def _of(obligation: Obligation) -> str:
    return obligation.of.text if obligation.of is not None else "account"


def _event_data(model: Model, obligation: Obligation) -> tuple[Declaration, ...]:
    if obligation.event is None:
        return ()
    declared: Mapping[str, tuple[Declaration, ...]] = {event.name: event.data for event in model.events}
    return declared.get(obligation.event.text, ())
