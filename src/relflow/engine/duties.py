"""An obligation made ready to run: what the case that carries it out has as data, and what it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from relflow.compiler.workflows import DUTY
from relflow.diagnostics import Diagnostic, Fragment, Span
from relflow.model import Declaration, Effect, Model, Obligation, Open, Record, Value, Wording
from relflow.policy import Policy
from relflow.program import Code, Valued
from relflow.program import Obligation as Compiled
from relflow.program import workflows as flows

__all__ = ["ITEMS", "MARK", "Duty", "duty_of"]

MARK: Final = DUTY
ITEMS: Final = "subject_items"


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation with the workflow that carries it out; `wrong` are the findings that keep it from running.

    `lunar` says that its yearly day is kept by the Chinese calendar. `given` are the data of the case that carries it
    out, `may` those that come with the occasion.
    """

    obligation: Compiled
    span: Span
    effects: tuple[Effect, ...]
    given: tuple[Declaration, ...] = ()
    may: tuple[Declaration, ...] = ()
    records: tuple[Record, ...] = ()
    label: Wording | None = None
    lunar: bool = False
    flow: flows.Workflow | None = None
    wrong: tuple[Diagnostic, ...] = ()

    @property
    def name(self) -> str:
        """The workflow's name, which is also the scheme under which the obligation's state is kept."""
        return MARK + self.obligation.id

    def facts(self, policy: Policy) -> set[str]:
        """The facts that its occasion and its conditions read, and since when which are known."""
        duty = self.obligation
        names = {duty.day} if duty.day is not None else set()
        names |= {duty.of} if duty.subject == "list" else set()
        for part in (duty.when, duty.becomes, duty.target, duty.at_most, duty.before, duty.after):
            code = part.code if isinstance(part, Valued) else part
            names |= set(code.reads) if isinstance(code, Code) else set()
        return policy.program.asked(names)


def duty_of(model: Model, obligation: Obligation, compiled: Compiled) -> Duty:
    """The obligation, its workflow still to be compiled."""
    subject = next((flow for flow in model.workflows if flow.name == _of(obligation)), None)
    given = () if subject is None else tuple(replace(one, required=None) for one in subject.data)
    effects, listed = obligation.do, _list(model, obligation)
    if listed is not None:
        # `item` is the item of a `for_each`, so the one item goes through one
        items = Fragment(ITEMS, obligation.span)
        given = (replace(listed, id=items, required=None, category=None, personal=True),)
        effects = tuple(_for_item(effect, items) for effect in effects)
    return Duty(
        compiled,
        obligation.id.span,
        effects,
        given,
        _event_data(model, obligation),
        () if subject is None else subject.records,
        obligation.label,
        _lunar(model, obligation),
    )


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
