"""`trap-state`: a state that is not final and from which no final state can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.paths import arrows, reached, sound
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Program
from relflow.program.workflows import Workflow

__all__ = ["check_trap_states"]

DEAD_END = Message.of(
    "trap-state",
    Severity.WARNING,
    "a case that stands in `{state}` of `{workflow}` stays there for good",
    "`{workflow}` 的工单进入 `{state}` 后再也无法离开",
    "add an event that leads on, or `final: true`",
    "增加离开的事件，或写 `final: true`",
)
TRAP = Message.of(
    "trap-state",
    Severity.WARNING,
    "a case that stands in `{state}` of `{workflow}` can never be closed",
    "`{workflow}` 的工单进入 `{state}` 后永远无法关闭",
    "let a path lead from there to a final state ({finals})",
    "让它有路径通向终止状态（{finals}）",
)


def check_trap_states(program: Program) -> Iterator[Diagnostic]:
    """Every reachable state without a way out, or without a way to the end where there is an end."""
    for workflow in sound(program):
        finals = tuple(state.id for state in workflow.states.values() if state.final)
        there = reached(workflow, [workflow.initial])
        for state in workflow.states.values():
            if state.final or state.id not in there:
                continue
            if not _leaves(workflow, state.id):
                yield DEAD_END.at(state.span, workflow=workflow.id, state=state.id)
            elif finals and not reached(workflow, [state.id]) & set(finals):
                yield TRAP.at(state.span, workflow=workflow.id, state=state.id, finals=finals)


def _leaves(workflow: Workflow, state: str) -> bool:
    return any(arrow.target != state for arrow in arrows(workflow, state))
