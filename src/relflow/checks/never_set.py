"""`never-set`: a datum that a condition reads and to which no event ever gives a value."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.paths import sound
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Program
from relflow.program.workflows import Formula, Workflow

__all__ = ["check_never_set"]

NEVER_SET = Message.of(
    "never-set",
    Severity.HINT,
    "`{datum}` is read, but no event of `{workflow}` asks for it or sets it: only whoever opens a case can give it",
    "`{workflow}` 读取了 `{datum}`，但没有任何事件填写或设置它：只有新建工单时才能给出",
    "list it under `needs` or `may` of an event, `set` it, or write `required: true`",
    "把它列入某个事件的 `needs` 或 `may`，用 `set` 设置，或写 `required: true`",
)


def check_never_set(program: Program) -> Iterator[Diagnostic]:
    """Every datum that stays empty unless an opening happens to bring it."""
    for workflow in sound(program):
        given = _given(workflow)
        read = {name for formula in _conditions(workflow) for name in formula.reads}
        for datum in workflow.data.values():
            if datum.id in read and datum.id not in given:
                yield NEVER_SET.at(datum.span, datum=datum.id, workflow=workflow.id)


def _given(workflow: Workflow) -> set[str]:
    found = {datum.id for datum in workflow.data.values() if datum.required}
    for state in workflow.states.values():
        for event in state.events.values():
            for one in event.alternatives:
                found |= one.takes
                found |= {name for action in one.actions if action.verb == "set" for name, _ in action.values}
    for clock in workflow.clocks.values():
        for step in clock.steps:
            found |= {name for action in step.actions if action.verb == "set" for name, _ in action.values}
    return found


def _conditions(workflow: Workflow) -> Iterator[Formula]:
    """What decides how a case goes on; what a clock reads is often known when the case is opened."""
    for state in workflow.states.values():
        for event in state.events.values():
            yield from (one.when for one in event.alternatives if one.when is not None)
