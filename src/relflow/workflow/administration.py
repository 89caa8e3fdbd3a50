"""What is done to a case from outside its events: the host moved it, somebody forces it, a calendar was published."""

from __future__ import annotations

from relflow.results import Child
from relflow.workflow import refusals
from relflow.workflow.clocks import turn
from relflow.workflow.data import typed
from relflow.workflow.draft import Draft
from relflow.workflow.phrases import name

__all__ = ["administer"]


def administer(draft: Draft) -> None:
    """Carry out an `adopt`, `child` or `admin` trigger.

    `adopt` puts the case into the state that the trigger names, without asking for guards or roles, and says so in the
    history. `child` notes that the case of that id is closed. `admin` is `force` (data `state`), `assign` (data
    `owner`) or `recompute`, which derives the clocks anew from the calendar and the durations of today.
    """
    trigger = draft.trigger
    if trigger.kind == "adopt":
        _move(draft, trigger.name, dict(trigger.data))
        draft.findings.append(f"bypassed:{trigger.name}")
    elif trigger.kind == "child":
        draft.children = tuple(
            Child(one.id, one.workflow, closed=True) if one.id == trigger.name else one for one in draft.children
        )
    elif trigger.name == "force":
        data = dict(trigger.data)
        state = str(data.pop("state", ""))
        data.pop("because", None)
        data.pop("approver", None)
        _move(draft, state, data)
        draft.findings.append(f"forced:{state}")
    elif trigger.name == "assign":
        draft.put("owner", trigger.data.get("owner"))
    elif trigger.name != "recompute":
        raise refusals.nothing_like_it(draft.workflow, trigger.name)


def _move(draft: Draft, state: str, data: dict[str, object]) -> None:
    target = draft.workflow.states.get(state)
    if target is None:
        raise refusals.no_such_state(draft.workflow, state)
    good, bad = typed(draft.workflow, data)
    if bad:
        raise refusals.wrong_data(name(target.id, target.label), bad)
    draft.take(good)
    if state != draft.state:
        draft.state = draft.scene.state = state
        draft.moved = True
        draft.approvals = {}
        turn(draft)
