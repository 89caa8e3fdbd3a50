"""`violated-never`: a path that a `never` forbids; the finding shows the shortest one."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.paths import Arrow, Paths, arrows, shown, sound
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Program
from relflow.program.workflows import Never, Workflow
from relflow.text import Text

__all__ = ["check_never"]

VIOLATED = Message.of(
    "violated-never",
    Severity.ERROR,
    "a case of `{workflow}` can reach {reach} without {without}: {path}",
    "`{workflow}` 的工单可以不经过 {without} 就到达 {reach}：{path}",
    "remove one of these steps, or name the event that may do so under `unless:`",
    "去掉其中一步，或在 `unless:` 中写明允许例外的事件",
)


def check_never(program: Program) -> Iterator[Diagnostic]:
    """Every `never` that some path breaks."""
    for workflow in sound(program):
        for rule in workflow.never:
            path = _broken(workflow, rule)
            if path is not None:
                yield VIOLATED.at(
                    rule.span,
                    workflow=workflow.id,
                    reach=_named(rule.reach),
                    without=_named(rule.without),
                    path=shown(workflow, path),
                )


def _broken(workflow: Workflow, rule: Never) -> tuple[Arrow, ...] | None:
    """The shortest path to a forbidden state that neither passes a required one nor uses an exempt event."""
    if workflow.initial in rule.without:
        return None

    def ways(state: str) -> Iterator[tuple[Arrow, str]]:
        for arrow in arrows(workflow, state):
            if arrow.event.id not in rule.unless and arrow.target not in rule.without:
                yield arrow, arrow.target

    return Paths(workflow.initial, ways).shortest(lambda state: state in rule.reach)


def _named(states: frozenset[str]) -> tuple[str | Text, ...]:
    return tuple(f"`{state}`" for state in sorted(states))
