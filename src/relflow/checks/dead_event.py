"""`dead-event`: an event whose conditions cannot hold in any state in which it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from relflow.checks.paths import reached, sound
from relflow.diagnostics import Diagnostic, Message, Severity, Span
from relflow.feel import tree
from relflow.program import Code, Program
from relflow.program.workflows import Alternative

__all__ = ["check_dead_events"]

DEAD = Message.of(
    "dead-event",
    Severity.WARNING,
    "`{event}` of `{workflow}` can never happen: no condition of it can be true where it is written",
    "`{workflow}` 的 `{event}` 永远不会发生：它的条件在所在状态中都不可能成立",
    "correct its `when`, or write the event in another state",
    "修改其 `when`，或将该事件移到其他状态",
)
_OPEN: Final = object()


def check_dead_events(program: Program) -> Iterator[Diagnostic]:
    """Every event that is shut in each state that a case can reach, once for each place where it is written."""
    for workflow in sound(program):
        there = reached(workflow, [workflow.initial])
        alive: dict[Span, tuple[str, bool]] = {}
        for state in workflow.states.values():
            for event in state.events.values() if state.id in there else ():
                may = any(not _shut(one, state.id) for one in event.alternatives)
                alive[event.span] = (event.id, may or alive.get(event.span, ("", False))[1])
        for span, (name, may) in alive.items():
            if not may:
                yield DEAD.at(span, event=name, workflow=workflow.id)


def _shut(one: Alternative, state: str) -> bool:
    return isinstance(one.when, Code) and _truth(one.when.tree, state) is False


def _truth(node: tree.Node, state: str) -> bool | None:
    """What a condition comes to in a state whatever the data are; None where they decide."""
    match node:
        case tree.Boolean():
            return node.value
        case tree.And():
            sides = (_truth(node.left, state), _truth(node.right, state))
            return False if False in sides else True if sides == (True, True) else None
        case tree.Or():
            sides = (_truth(node.left, state), _truth(node.right, state))
            return True if True in sides else False if sides == (False, False) else None
        case tree.Comparison(operator="=" | "!=" as operator):
            same = _same(node.left, node.right, state)
            return same if same is None or operator == "=" else not same
        case tree.In():
            found = [_same(node.value, test, state) for test in node.tests]
            return True if True in found else False if all(one is False for one in found) else None
    return None


def _same(left: tree.Node, right: tree.Node, state: str) -> bool | None:
    """Whether two sides are equal whatever the data are."""
    one, other = _known(left, state), _known(right, state)
    return None if one is _OPEN or other is _OPEN else bool(one == other)


def _known(node: tree.Node, state: str) -> Any:
    match node:
        case tree.String() | tree.Number() | tree.Boolean():
            return node.value
        case tree.Name(name="state"):
            return state
        case tree.Test(operator="="):
            return _known(node.value, state)
    return _OPEN
