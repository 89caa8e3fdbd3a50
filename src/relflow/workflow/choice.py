"""Which alternative of an event happens, and whether this person may make it happen with these data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from relflow.errors import RefusedError
from relflow.program.workflows import Alternative, Event
from relflow.results import Case, Roles, Trigger
from relflow.text import Text
from relflow.workflow import refusals
from relflow.workflow.data import missing, typed
from relflow.workflow.phrases import name, phrase
from relflow.workflow.scene import Scene
from relflow.workflow.signatures import Signed, sign, standing_for, still_open

__all__ = ["Choice", "authorised", "choose", "possible", "whole"]

OWNER = "owner"
_NOTHING: Mapping[str, object] = {}
_DONE = Signed((), complete=True)


class Choice(NamedTuple):
    """What happens: an alternative with its data; `signed` says whether more signatures are awaited."""

    event: Event
    alternative: Alternative
    data: Mapping[str, object]
    signed: Signed


def choose(scene: Scene, trigger: Trigger, roles: Roles, only: str | None = None) -> Choice:
    """The alternative that `trigger` makes happen. Raises RefusedError with everything that is in the way.

    The case's data as the event would leave them are what conditions see; the scene keeps them. `only` is the key of
    the alternative whose time has come.
    """
    event = scene.workflow.states[scene.state].events.get(trigger.name) or possible(scene, trigger.name)
    given = _given(scene, event, trigger) if trigger.data else _NOTHING
    candidates = _candidates(event, trigger, only)
    if not candidates:
        raise refusals.role_missing(scene.workflow, event, event.alternatives[0], event.alternatives[0].signers.roles)
    alternative = _open_alternative(scene, candidates, given)
    if alternative is None:
        _refuse_outsiders(scene, event, candidates, trigger, roles)
        raise refusals.guard_failed(event, _unknown(scene, candidates))
    signed = authorised(scene, event, alternative, trigger, roles)
    if given:
        _refuse_foreign(event, alternative, given)
    if alternative.needs:
        _refuse_missing(scene, event, alternative, given)
    return Choice(event, alternative, given, signed)


def possible(scene: Scene, event: str) -> Event:
    """The event in the case's state. Raises RefusedError if there is none."""
    state = scene.workflow.states[scene.case.state]
    found = state.events.get(event)
    if found is not None:
        return found
    if event not in scene.workflow.events:
        raise refusals.nothing_like_it(scene.workflow, event)
    raise refusals.wrong_state(scene.workflow, event, state)


def _given(scene: Scene, event: Event, trigger: Trigger) -> Mapping[str, object]:
    """The event's data, typed; formulas read them as `event`, and those that an alternative takes as the case's."""
    good, bad = typed(scene.workflow, trigger.data)
    if bad:
        raise refusals.wrong_data(name(event.id, event.label), bad)
    return good


def _candidates(event: Event, trigger: Trigger, only: str | None) -> tuple[Alternative, ...]:
    """The alternatives that such a trigger can make happen: people's, timed ones, or those with a mere condition."""
    if trigger.kind == "timer":
        return tuple(one for one in event.alternatives if one.timed and one.key == only)
    if trigger.kind == "condition":
        return tuple(one for one in event.alternatives if one.signers.system and not one.timed)
    if len(event.alternatives) == 1:
        return event.alternatives
    return tuple(one for one in event.alternatives if not one.signers.system)


def _open_alternative(
    scene: Scene, alternatives: tuple[Alternative, ...], given: Mapping[str, object]
) -> Alternative | None:
    before = scene.case.data
    for alternative in alternatives:
        if given:
            own = {key: value for key, value in given.items() if key in alternative.takes}
            scene.local = {"event": own}
            scene.data = {**before, **{key: value for key, value in own.items() if key != OWNER}}
            scene.owner = own.get(OWNER, scene.case.owner)  # type: ignore[assignment]
        if alternative.when is None or scene.value(alternative.when) is True:
            return alternative
    return None


def _unknown(scene: Scene, alternatives: tuple[Alternative, ...]) -> dict[str, tuple[str, ...]]:
    guards = (one.when for one in alternatives if one.when is not None)
    return {guard.text: scene.unknown(guard) for guard in guards}


def _refuse_outsiders(
    scene: Scene, event: Event, alternatives: tuple[Alternative, ...], trigger: Trigger, roles: Roles
) -> None:
    """Whoever may fire no alternative learns that, and nothing of the conditions."""
    refused: RefusedError | None = None
    for alternative in alternatives:
        try:
            authorised(scene, event, alternative, trigger, roles)
        except RefusedError as problem:
            refused = problem
        else:
            return
    if refused is not None:
        raise refused


def authorised(scene: Scene, event: Event, alternative: Alternative, trigger: Trigger, roles: Roles) -> Signed:
    """The signatures of an alternative with this actor's. Raises RefusedError where the actor may not sign."""
    signers = alternative.signers
    if trigger.kind != "event":
        # timers and conditions make happen only what was declared to happen by itself
        if signers.system:
            return _DONE
        raise refusals.role_missing(scene.workflow, event, alternative, signers.roles)
    if trigger.actor is None or signers.system:
        raise refusals.role_missing(scene.workflow, event, alternative, signers.roles)
    actor = trigger.actor.id
    if alternative.not_by:
        _refuse_same(scene, event, alternative, trigger.actor.people)
    if signers.mode == "any" and not roles.held.isdisjoint(signers.roles):
        return _DONE
    stands = standing_for(signers, roles.held, owner=scene.case.owner in trigger.actor.people)
    if not stands and (signers.roles or signers.declared):
        raise refusals.role_missing(scene.workflow, event, alternative, signers.roles)
    if signers.mode == "any":
        return _DONE
    return _signed(scene, event, alternative, actor, stands)


def _refuse_same(scene: Scene, event: Event, alternative: Alternative, people: tuple[str, ...]) -> None:
    for other in alternative.not_by:
        if not set(people).isdisjoint(scene.case.fired_by.get(other, ())):
            raise refusals.not_the_same(scene.workflow, event, other)


def _signed(scene: Scene, event: Event, alternative: Alternative, actor: str, stands: tuple[str, ...]) -> Signed:
    signers = alternative.signers
    given = scene.case.approvals.get(alternative.key, ())
    signed = sign(signers, whole(scene, alternative), given, actor, stands)
    if signed is not None:
        return signed
    waiting = still_open(signers, given)
    if any(person == actor for _, person in given):
        labels = [_role(scene, role) for role in waiting]
        raise refusals.already_signed(event, labels, waiting)
    raise refusals.role_missing(scene.workflow, event, alternative, waiting)


def whole(scene: Scene, alternative: Alternative) -> int:
    """How many people have to sign; what nobody has set is everybody's signature, one for each role."""
    signers = alternative.signers
    if signers.mode == "any":
        return 1
    value = scene.value(signers.count) if signers.count is not None else None
    return max(1, int(value)) if isinstance(value, int | float) or hasattr(value, "__int__") else len(signers.roles)


def _role(scene: Scene, role: str) -> Text:
    declared = scene.workflow.roles.get(role)
    return name(role, declared.label) if declared is not None else Text.of(role)


def _refuse_foreign(event: Event, alternative: Alternative, given: Mapping[str, object]) -> None:
    """Data that the alternative would drop are refused: whoever sent them believes that they are kept."""
    foreign = [key for key in given if key not in alternative.takes]
    if foreign:
        reason = phrase("it is not asked for here", "在此不需要填写")
        raise refusals.wrong_data(name(event.id, event.label), dict.fromkeys(foreign, reason))


def _refuse_missing(scene: Scene, event: Event, alternative: Alternative, given: Mapping[str, object]) -> None:
    absent = [need for need in alternative.needs if missing(_datum(scene.case, scene, given, need))]
    if absent:
        raise refusals.missing_data(scene.workflow, name(event.id, event.label), absent)


def _datum(case: Case, scene: Scene, given: Mapping[str, object], need: str) -> object:
    if need == OWNER:
        return given.get(OWNER, case.owner)
    return scene.data.get(need)
