"""`condition-never-reexamined`: a condition over the time of day that nothing looks at between two days.

What happens by itself as soon as a condition turns true is looked at after each event of its subject and once a day.
That is enough for dates; a condition that compares instants may be hours late.
"""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.paths import sound
from relflow.diagnostics import Diagnostic, Message, Severity, Span
from relflow.feel import tree
from relflow.program import Code, Decision, Indicator, Program

__all__ = ["check_reexamined"]

LATE = Message.of(
    "condition-never-reexamined",
    Severity.HINT,
    "`{name}` waits for an instant (`now()`), but its condition is looked at only once a day and after events",
    "`{name}` 等待的是某个时刻（`now()`），但其条件每天只检查一次，另在有事件时检查",
    "compare days (`today()`), let it happen `after` a time or at a clock's step, or say `check_every`",
    "改为比较日期（`today()`），用 `after` 或计时的步骤触发，或写明 `check_every`",
)


def check_reexamined(program: Program) -> Iterator[Diagnostic]:
    """Obligations that begin when something becomes true, and events that happen by themselves."""
    for duty in program.obligations.values():
        if duty.trigger == "becomes" and duty.check_every is None and _by_the_clock(program, duty.becomes):
            yield LATE.at(duty.span, name=duty.id)
    for workflow in sound(program):
        if workflow.check_every is not None:
            continue
        found: dict[Span, str] = {}
        for state in workflow.states.values():
            for event in state.events.values():
                for one in event.alternatives:
                    if one.signers.system and not one.timed and _by_the_clock(program, one.when):
                        found.setdefault(one.span, event.id)
        for span, name in found.items():
            yield LATE.at(span, name=name)


def _by_the_clock(program: Program, code: object) -> bool:
    """Whether a condition, or something that it reads, asks for the instant."""
    if not isinstance(code, Code):
        return False
    names = {deeper for name in code.reads for deeper in program.closure(name)}
    codes = [code, *(body for name in names for body in _codes(program.nodes.get(name)))]
    return any(isinstance(part, tree.Call) and part.function == "now" for one in codes for part in tree.walk(one.tree))


def _codes(node: object) -> list[Code]:
    body = node.body if isinstance(node, Decision) else node.when if isinstance(node, Indicator) else None
    return [body] if isinstance(body, Code) else list(getattr(body, "codes", ()))
