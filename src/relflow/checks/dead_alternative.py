"""`dead-alternative`: an outcome of an event behind one that always holds."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.paths import sound
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Program
from relflow.program.workflows import Event, Workflow

__all__ = ["check_dead_alternatives"]

DEAD = Message.of(
    "dead-alternative",
    Severity.WARNING,
    "this outcome of `{event}` never happens: the one above it has no `when` and always comes first",
    "`{event}` 的这个分支永远不会发生：它上面的分支没有 `when`，总是先成立",
    "put it above, or give the one above a `when`",
    "把它移到上面，或给上面的分支加上 `when`",
)


def check_dead_alternatives(program: Program) -> Iterator[Diagnostic]:
    """Every alternative that can never be chosen, once for each place where it is written."""
    for workflow in sound(program):
        for event in _events(workflow):
            closed: set[bool] = set()
            for one in event.alternatives:
                if one.timed:
                    continue
                if one.signers.system in closed:
                    yield DEAD.at(one.span, event=event.id)
                if one.when is None:
                    closed.add(one.signers.system)


def _events(workflow: Workflow) -> Iterator[Event]:
    """Every event once, however many states it holds in."""
    seen: set[int] = set()
    for state in workflow.states.values():
        for event in state.events.values():
            if id(event) not in seen:
                seen.add(id(event))
                yield event
