"""`endless-loop`: states between which a case could move by itself for ever."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.paths import Arrow, Paths, arrows, sound
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Program
from relflow.program.workflows import Workflow

__all__ = ["check_endless_loops"]

LOOP = Message.of(
    "endless-loop",
    Severity.WARNING,
    "a case of `{workflow}` could go round by itself without end, if all these conditions hold: {path}",
    "如果这些条件同时成立，`{workflow}` 的工单会自动循环不止：{path}",
    "let one of these events be fired by somebody, or happen `after` some time",
    "让其中一个事件由人操作，或改为 `after` 一段时间后发生",
)


def check_endless_loops(program: Program) -> Iterator[Diagnostic]:
    """Every circle of events that happen as soon as their conditions hold, shown once."""
    for workflow in sound(program):
        shown: set[frozenset[str]] = set()
        for state in workflow.states:
            loop = _loop(workflow, state)
            around = frozenset(arrow.source.id for arrow in loop)
            if loop and around not in shown:
                shown.add(around)
                path = " ".join((state, *(f"-{arrow.event.id}→ {arrow.target}" for arrow in loop)))
                yield LOOP.at(loop[0].alternative.span, workflow=workflow.id, path=path)


def _loop(workflow: Workflow, start: str) -> tuple[Arrow, ...]:
    """The shortest way from a state back to it on which nobody does anything; () where there is none."""
    found: list[tuple[Arrow, ...]] = []
    for first in _by_itself(workflow, start):
        paths = Paths(first.target, lambda state: ((a, a.target) for a in _by_itself(workflow, state)))
        back = paths.shortest(start.__eq__)
        if back is not None:
            found.append((first, *back))
    return min(found, key=len, default=())


def _by_itself(workflow: Workflow, state: str) -> Iterator[Arrow]:
    return (one for one in arrows(workflow, state) if one.alternative.signers.system and not one.alternative.timed)
