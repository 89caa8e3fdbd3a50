"""What follows from obligations and key figures made ready to run: effects as small workflows that cases carry out.

Such a case is named `~` and what it belongs to, opens when that falls due, and is over in the same unit of work: its
history says when and why, its messages and openings have stable keys like those of any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from weakref import WeakKeyDictionary

from relflow.compiler import compile_model
from relflow.diagnostics import Diagnostic, Fragment, Severity
from relflow.engine.duties import MARK, Duty, duty_of
from relflow.engine.follows import Follow, follows_of
from relflow.model import By, Effect, Event, Model, State, Transition, Workflow
from relflow.policy import Policy
from relflow.policy.offers import offered_functions
from relflow.program import workflows as flows

__all__ = ["Errands", "errands_of"]

HAPPEN: Final = "happen"
_MADE: WeakKeyDictionary[Policy, Errands] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Errands:
    """The obligations of a policy by id, and the consequences of its key figures by name; `flows` carry them out.

    `watching` are the obligations that begin when a condition turns true, by the kind of subject and what it is of.
    """

    duties: Mapping[str, Duty] = field(default_factory=dict)
    follows: Mapping[str, Follow] = field(default_factory=dict)
    watching: Mapping[tuple[str, str | None], Sequence[Duty]] = field(default_factory=dict)

    def names(self) -> list[str]:
        """The names of all workflows that carry something out."""
        return [*(one.name for one in self.duties.values()), *(one.name for one in self.follows.values())]

    def flow(self, name: str) -> flows.Workflow | None:
        """The workflow of that name, which begins with `~`."""
        short = name.removeprefix(MARK)
        found = self.duties.get(short) or self.follows.get(short)
        return None if found is None else found.flow


def errands_of(policy: Policy) -> Errands:
    """Everything of a policy that does something by itself; made once, whatever the number of engines."""
    if policy not in _MADE:
        _MADE[policy] = _made(policy)
    return _MADE[policy]


def _made(policy: Policy) -> Errands:
    model, program = policy.model, policy.program
    duties = [duty_of(model, one, program.obligations[one.name]) for one in model.obligations if one.do]
    follows = [found for one in model.kpis for found in follows_of(model, one, program.kpis[one.name])]
    wanted: Sequence[Duty | Follow] = [*duties, *follows]
    if not wanted:
        return Errands()
    made = tuple(_workflow(model, one) for one in wanted)
    compiled, findings = compile_model(
        replace(model, workflows=(*model.workflows, *made)), offered_functions(policy.plugins)
    )
    errors = [one for one in findings if one.severity is Severity.ERROR]

    def ready(one: Duty | Follow) -> dict[str, object]:
        wrong = tuple(problem for problem in errors if _inside(problem, one.effects))
        return {"wrong": wrong, "flow": None if wrong else compiled.workflows[one.name]}

    # `ready` gives exactly the two fields, and a mapping does not say so
    able = {one.obligation.id: replace(one, **ready(one)) for one in duties}  # type: ignore[arg-type]
    return Errands(
        able,
        {one.name.removeprefix(MARK): replace(one, **ready(one)) for one in follows},  # type: ignore[arg-type]
        _watching(able.values()),
    )


def _watching(duties: Iterable[Duty]) -> dict[tuple[str, str | None], Sequence[Duty]]:
    found: dict[tuple[str, str | None], list[Duty]] = {}
    for duty in duties:
        if duty.flow is not None and duty.obligation.trigger == "becomes":
            found.setdefault((duty.obligation.subject, duty.obligation.of), []).append(duty)
    return {**found}


def _inside(problem: Diagnostic, effects: Sequence[Effect]) -> bool:
    """Whether a finding is about one of the effects."""
    return any(
        problem.span.source.name == effect.span.source.name
        and effect.span.line <= problem.span.line <= effect.span.end_line
        for effect in effects
    )


def _workflow(model: Model, errand: Duty | Follow) -> Workflow:
    """Due, then done: the event happens by itself and has the effects."""
    span = errand.span

    def word(text: str) -> Fragment:
        return Fragment(text, span)

    happens = Transition(
        span=span,
        to=word("done"),
        when=word("true"),
        by=By((word("system"),), span),
        may=tuple(one.id for one in errand.may),
        do=errand.effects,
    )
    return Workflow(
        span=span,
        id=word(errand.name),
        label=errand.label,
        version=word("1"),
        roles=model.roles,
        records=errand.records,
        data=(*errand.given, *errand.may),
        initial=word("due"),
        states=(
            State(span=span, id=word("due"), events=(Event(span=span, id=word(HAPPEN), alternatives=(happens,)),)),
            State(span=span, id=word("done"), final=True),
        ),
        digest=f"{errand.name} {model.digest}",
    )
