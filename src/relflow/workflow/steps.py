"""One step of a case: from the case, a trigger, the facts, the roles and the instant to the case after it, as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from relflow.errors import RefusedError
from relflow.program.workflows import Workflow
from relflow.results import Actor, Case, Opening, Roles, Step, Trigger
from relflow.workflow import refusals
from relflow.workflow.administration import administer
from relflow.workflow.choice import Choice, choose
from relflow.workflow.clocks import begin, open_timers, refresh, strike, turn
from relflow.workflow.data import missing, typed
from relflow.workflow.draft import Draft
from relflow.workflow.effects import carry_out
from relflow.workflow.phrases import name
from relflow.workflow.scene import Scene
from relflow.workflow.watching import WATCHER

__all__ = ["open_case", "step"]


def open_case(
    workflow: Workflow,
    opening: Opening,
    actor: Actor | None,
    facts: Mapping[str, object],
    roles: Roles,
    now: datetime,
    *,
    event_id: str | None = None,
    tenant: str = "",
    key: str | None = None,
    standings: Mapping[str, object] | None = None,
) -> Step:
    """A new case in its initial state, with its clocks started.

    `opening` carries its id and data; without an owner there, the first holder of the workflow's owner role gets it.
    `now` is an aware instant. Raises RefusedError (`data`, `needs`) where data do not fit or required ones are missing.
    """
    good, bad = typed(workflow, opening.data)
    if bad:
        raise refusals.wrong_data(name(workflow.id, workflow.label), bad)
    case = _fresh(workflow, opening, good, _first_owner(workflow, opening, roles), now, tenant, key)
    scene = Scene(workflow, case, facts, now, standings)
    _refuse_incomplete(scene)
    trigger = Trigger("open", workflow.id, event_id, actor, opening.data)
    draft = Draft(scene, trigger, roles, opening=True)
    draft.changes.update(good)
    if workflow.owner is not None and draft.owner is None:
        draft.findings.append(f"nobody:{workflow.owner}")
    begin(draft)
    draft.timers = open_timers(draft)
    return draft.finish()


def _refuse_incomplete(scene: Scene) -> None:
    """Raise RefusedError where data are missing that every new case must have, or one like this."""
    workflow = scene.workflow
    absent = [
        one.id
        for one in workflow.data.values()
        if one.required and missing(scene.data.get(one.id)) and (one.when is None or scene.value(one.when) is True)
    ]
    if absent:
        raise refusals.missing_data(workflow, name(workflow.id, workflow.label), absent)


def _fresh(
    workflow: Workflow,
    opening: Opening,
    data: Mapping[str, object],
    owner: str | None,
    now: datetime,
    tenant: str,
    key: str | None,
) -> Case:
    return Case(
        id=opening.id,
        workflow=workflow.id,
        workflow_version=workflow.version,
        definition=workflow.digest,
        state=workflow.initial,
        version=0,
        opened_at=now,
        updated_at=now,
        tenant=tenant,
        account=opening.account,
        key=key,
        parent=opening.parent,
        element=opening.element,
        subject=opening.subject,
        owner=owner,
        data=data,
    )


def _first_owner(workflow: Workflow, opening: Opening, roles: Roles) -> str | None:
    if opening.owner is not None or workflow.owner is None:
        return opening.owner
    members = roles.members.get(workflow.owner, ())
    return roles.stand_ins.get(members[0], members[0]) if members else None


def step(
    workflow: Workflow,
    case: Case,
    trigger: Trigger,
    facts: Mapping[str, object],
    roles: Roles,
    now: datetime,
    *,
    standings: Mapping[str, object] | None = None,
) -> Step:
    """The case after one event, timer, condition or administrative act, with all that it leads to.

    `workflow` is the case's definition compiled against the policy in force, `roles` are those of the trigger's actor
    and the holders of the roles that the workflow asks for, `now` is the aware instant at which it happens, `standings`
    the account's state under the policy's schemes. Nothing else is read, and the case that came in is left as it is.

    Raises RefusedError, whose `reason` is `event`, `state`, `role`, `guard`, `needs` or `data`; `timer` for a timer
    that is early or no longer open; `definition` for a case of another definition.
    """
    if case.definition != workflow.digest:
        raise refusals.wrong_workflow(case.definition, workflow.digest)
    if now < case.updated_at:
        raise refusals.before_last_step(now, case.updated_at)
    if case.merged_into is not None:
        raise refusals.goes_on_elsewhere(case.merged_into)
    scene = Scene(workflow, case, facts, now, standings)
    draft = Draft(scene, trigger, roles)
    kind = trigger.kind
    if kind in ("event", "condition"):
        _happen(draft, choose(scene, trigger, roles))
    elif kind == "timer":
        _ring(draft)
    else:
        administer(draft)
    if workflow.clocks:
        refresh(draft)
        draft.timers = open_timers(draft)
    return draft.finish()


def _ring(draft: Draft) -> None:
    """A clock's step: its effects, or the event that was declared to happen after some time."""
    fires = strike(draft)
    if fires is None:
        return
    event, key = fires
    try:
        choice = choose(draft.scene, Trigger("timer", event), draft.roles, key)
    except RefusedError as refused:
        # its time has come but its condition does not hold: that is a fact about the case and no failure
        draft.findings.append(f"held:{key}:{refused.reason}")
        return
    _happen(draft, choice)


def _happen(draft: Draft, choice: Choice) -> None:
    """Carry out what was chosen, or keep the signature and wait for the others."""
    alternative = choice.alternative
    if choice.data:
        draft.take(choice.data)
    if not choice.signed.complete or (draft.approvals and _other_content(draft, choice)):
        _wait(draft, choice)
        return
    source = draft.state
    target = draft.machine.fire(source, alternative)
    watcher = WATCHER.get()
    if watcher is not None:
        watcher.happened(draft.workflow, alternative)
    actor = draft.trigger.actor
    if actor is not None:
        signers: tuple[str, ...] = actor.people
        if choice.signed.pairs:
            signers = tuple(dict.fromkeys((*(person for _, person in choice.signed.pairs), *actor.people)))
        draft.fired_by = {**draft.fired_by, choice.event.id: signers}
    if alternative.target is not None:
        draft.state = draft.scene.state = target
        draft.moved = True
        # signatures belong to the stay in a state: whoever comes back to it asks anew
        draft.approvals = {}
    elif draft.approvals:
        draft.approvals = {key: pairs for key, pairs in draft.approvals.items() if key != alternative.key}
    if draft.workflow.clocks and draft.moved:
        turn(draft)
    if alternative.actions:
        label = alternative.label or choice.event.label
        carry_out(draft, alternative.actions, f"{source}.{choice.event.id}", label)


def _wait(draft: Draft, choice: Choice) -> None:
    """Keep one signature and let the case wait for the others."""
    key, pairs = choice.alternative.key, choice.signed.pairs
    if _other_content(draft, choice):
        pairs = tuple(pair for pair in pairs if draft.trigger.actor is not None and pair[1] == draft.trigger.actor.id)
        draft.findings.append(f"restarted:{key}")
    draft.approvals = {**draft.approvals, key: pairs}
    draft.findings.append(f"signed:{key}")


def _other_content(draft: Draft, choice: Choice) -> bool:
    """Whether others signed other data than these: then their signatures do not count for them."""
    return choice.alternative.key in draft.case.approvals and any(
        draft.case.data.get(one) != value for one, value in choice.data.items()
    )
