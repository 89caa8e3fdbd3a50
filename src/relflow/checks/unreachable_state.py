"""`unreachable-state`: a state to which no path of events leads."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.paths import reached, sound
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Program

__all__ = ["check_unreachable_states"]

UNREACHABLE = Message.of(
    "unreachable-state",
    Severity.WARNING,
    "no path of `{workflow}` leads to `{state}`",
    "`{workflow}` 中没有任何路径能到达 `{state}`",
    "let an event lead there (`to: {state}`), or remove it",
    "让某个事件转到这里（`to: {state}`），或删除该状态",
)


def check_unreachable_states(program: Program) -> Iterator[Diagnostic]:
    """Every state that no case can be in."""
    for workflow in sound(program):
        there = reached(workflow, [workflow.initial])
        for state in workflow.states.values():
            if state.id not in there:
                yield UNREACHABLE.at(state.span, workflow=workflow.id, state=state.id)
