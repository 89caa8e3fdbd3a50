"""What is done to a case from outside its events: moved by the host, forced, cancelled, merged, given to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from relflow.results import Child
from relflow.workflow import refusals
from relflow.workflow.clocks import turn
from relflow.workflow.data import missing, typed
from relflow.workflow.draft import Draft
from relflow.workflow.phrases import name

__all__ = ["administer"]

# what an administrator says about the act itself; everything else in the trigger is data of the case
_SAID = ("state", "because", "approver", "from", "into", "children")


def administer(draft: Draft) -> None:
    """Carry out an `adopt`, `child` or `admin` trigger.

    `adopt` puts the case into the state that the trigger names, without asking for guards or roles, and says so in the
    history. `child` notes that the case of that id is closed. `admin` is `force` or `cancel` (data `state`, `because`,
    `approver`), `assign` (data `owner`), `merge` (data `from`, `children` and what the survivor takes over), `merged`
    (data `into`, `state`), or `recompute`, which derives the clocks anew from the calendar and the durations of today.
    """
    trigger = draft.trigger
    if trigger.kind == "adopt":
        _move(draft, trigger.name, _data(trigger.data))
        draft.findings.append(f"bypassed:{trigger.name}")
    elif trigger.kind == "child":
        draft.children = tuple(
            Child(one.id, one.workflow, closed=True) if one.id == trigger.name else one for one in draft.children
        )
    elif trigger.name in _ACTS:
        _ACTS[trigger.name](draft, trigger.data)
    else:
        raise refusals.nothing_like_it(draft.workflow, trigger.name)


def _data(given: Mapping[str, Any]) -> dict[str, object]:
    return {key: value for key, value in given.items() if key not in _SAID}


def _force(draft: Draft, given: Mapping[str, Any]) -> None:
    state = str(given.get("state", ""))
    _move(draft, state, _data(given))
    draft.findings.append(f"forced:{state}")


def _cancel(draft: Draft, given: Mapping[str, Any]) -> None:
    state = str(given.get("state", ""))
    _end(draft, state)
    draft.findings.append(f"cancelled:{state}")


def _assign(draft: Draft, given: Mapping[str, Any]) -> None:
    draft.put("owner", given.get("owner"))


def _merge(draft: Draft, given: Mapping[str, Any]) -> None:
    """Take over what the other case knows and this one does not, and the cases that it opened."""
    good, bad = typed(draft.workflow, _data(given))
    if bad:
        raise refusals.wrong_data(name(draft.workflow.id, draft.workflow.label), bad)
    draft.take({key: value for key, value in good.items() if missing(draft.case.data.get(key))})
    taken = tuple(Child(id_, workflow, bool(closed)) for id_, workflow, closed in given.get("children", ()))
    draft.children = (*draft.children, *taken)
    draft.findings.append(f"merged:{given.get('from')}")


def _merged(draft: Draft, given: Mapping[str, Any]) -> None:
    """Go on as the other case; its children are the other's from now on."""
    _end(draft, str(given.get("state", "")))
    draft.merged_into = str(given.get("into"))
    draft.children = tuple(one for one in draft.children if one.closed)
    draft.findings.append(f"merged_into:{draft.merged_into}")


def _nothing(draft: Draft, given: Mapping[str, Any]) -> None:
    """The clocks are looked at after every step."""


_ACTS: Mapping[str, Callable[[Draft, Mapping[str, Any]], None]] = {
    "force": _force,
    "cancel": _cancel,
    "assign": _assign,
    "merge": _merge,
    "merged": _merged,
    "recompute": _nothing,
}


def _end(draft: Draft, state: str) -> None:
    """Into a final state; any other would leave the case open."""
    target = draft.workflow.states.get(state)
    if target is not None and not target.final:
        raise refusals.not_final(draft.workflow, target)
    _move(draft, state, {})


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
