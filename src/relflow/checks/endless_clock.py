"""`endless-clock`: a clock that, once started, no path of events can stop."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.paths import reached, sound
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Program

__all__ = ["check_endless_clocks"]

ENDLESS = Message.of(
    "endless-clock",
    Severity.WARNING,
    "the clock `{clock}` of `{workflow}` never stops once it has started in `{state}`",
    "`{workflow}` 的计时 `{clock}` 从 `{state}` 开始后永远不会停止",
    "name a state under `until:` that can be reached from there",
    "在 `until:` 中写一个从那里可以到达的状态",
)


def check_endless_clocks(program: Program) -> Iterator[Diagnostic]:
    """Every clock with a start from which neither its `until` nor a final state can be reached."""
    for workflow in sound(program):
        finals = {state.id for state in workflow.states.values() if state.final}
        for clock in workflow.clocks.values():
            for state in sorted(clock.from_):
                if not clock.hidden and not reached(workflow, [state]) & (clock.until | finals):
                    yield ENDLESS.at(clock.span, clock=clock.id, workflow=workflow.id, state=state)
                    break
