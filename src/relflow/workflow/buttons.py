"""What a person can do with a case now: the events with their words, the data they ask for, and why others are shut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from relflow.errors import RefusedError
from relflow.program.workflows import Alternative, Datum, Event, Workflow
from relflow.results import Actor, Case, Roles, Trigger
from relflow.text import DEFAULT_LANGUAGE, Text
from relflow.workflow import refusals
from relflow.workflow.choice import authorised
from relflow.workflow.data import missing
from relflow.workflow.machine import flat
from relflow.workflow.scene import Scene

__all__ = ["Allowed", "Need", "allowed", "conditions"]


@dataclass(frozen=True, slots=True)
class Need:
    """A field of the form that an event asks for; `value` is what the case has now, `required` whether it must be."""

    datum: Datum | None
    id: str
    required: bool
    value: object = None

    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What people call it."""
        return self.datum.label.text(lang) if self.datum is not None else self.id


@dataclass(frozen=True, slots=True)
class Allowed:
    """An event of the case's state: `refused` is None where this person may fire it, given the data it `needs`."""

    event: str
    text: Text
    needs: tuple[Need, ...] = ()
    refused: RefusedError | None = None
    token: str | None = None

    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What people call the event."""
        return self.text.text(lang)


def allowed(
    workflow: Workflow,
    case: Case,
    actor: Actor,
    facts: Mapping[str, object],
    roles: Roles,
    now: datetime,
    *,
    standings: Mapping[str, object] | None = None,
) -> tuple[Allowed, ...]:
    """Every event of the case's state that people fire, in the order of the file, open or refused with the reason."""
    if case.merged_into is not None:
        return ()
    trigger = Trigger("event", "", actor=actor)
    return tuple(
        _button(Scene(workflow, case, facts, now, standings), event, trigger, roles)
        for event in workflow.states[case.state].events.values()
        if not all(one.signers.system for one in event.alternatives)
    )


def _button(scene: Scene, event: Event, trigger: Trigger, roles: Roles) -> Allowed:
    refused: RefusedError | None = None
    shut: list[Alternative] = []
    people = [one for one in event.alternatives if not one.signers.system]
    for alternative in people:
        if not _may_open(scene, alternative):
            shut.append(alternative)
            continue
        try:
            authorised(scene, event, alternative, trigger, roles)
        except RefusedError as problem:
            refused = refused or problem
            if _surely(scene, alternative):
                break
            continue
        return Allowed(event.id, alternative.label or event.label, _needs(scene, alternative))
    if refused is None:
        refused = _outsider(scene, event, shut, trigger, roles)
    if refused is None:
        guards = (one.when for one in people if one.when is not None)
        refused = refusals.guard_failed(event, {guard.text: scene.unknown(guard) for guard in guards})
    return Allowed(event.id, event.label, (), refused)


def _may_open(scene: Scene, alternative: Alternative) -> bool:
    """Whether its condition is true, or could become true by data that come with the event."""
    when = alternative.when
    if when is None or scene.value(when) is True:
        return True
    return any(name in alternative.takes or name == "event" for name in when.reads)


def _surely(scene: Scene, alternative: Alternative) -> bool:
    return alternative.when is None or scene.value(alternative.when) is True


def _outsider(
    scene: Scene, event: Event, shut: list[Alternative], trigger: Trigger, roles: Roles
) -> RefusedError | None:
    """The refusal for somebody who may fire none of the shut alternatives: they learn nothing of the conditions."""
    problem: RefusedError | None = None
    for alternative in shut:
        try:
            authorised(scene, event, alternative, trigger, roles)
        except RefusedError as refused:
            problem = refused
        else:
            return None
    return problem


def _needs(scene: Scene, alternative: Alternative) -> tuple[Need, ...]:
    data = scene.workflow.data
    required = [
        Need(data.get(one), one, missing(scene.data.get(one) if one != "owner" else scene.case.owner), _now(scene, one))
        for one in alternative.needs
    ]
    return (*required, *(Need(data.get(one), one, False, _now(scene, one)) for one in alternative.may))


def _now(scene: Scene, datum: str) -> object:
    return scene.case.owner if datum == "owner" else scene.case.data.get(datum)


def conditions(
    workflow: Workflow,
    case: Case,
    facts: Mapping[str, object],
    now: datetime,
    *,
    standings: Mapping[str, object] | None = None,
) -> tuple[Trigger, ...]:
    """The events of the case's state that happen by themselves and whose condition holds now, in the file's order.

    They are to be stepped in the same unit of work, one after the other and asked for anew after each: an earlier one
    may close what a later one needs. Events with `after` are not among them: their clock makes them happen.
    """
    unasked = flat(workflow).unasked[case.state]
    if not unasked:
        return ()
    scene = Scene(workflow, case, facts, now, standings)
    return tuple(
        Trigger("condition", event.id) for event, whens in unasked if any(scene.value(when) is True for when in whens)
    )
