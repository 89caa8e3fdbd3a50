"""`ignored-criterion`: a rule that the company gave and that leaves out what the manual names for it."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Program

__all__ = ["check_criteria"]

IGNORED = Message.of(
    "ignored-criterion",
    Severity.WARNING,
    "the rule of `{name}` leaves out {names}, which the manual names for it",
    "`{name}` 的规则未使用手册规定的依据：{names}",
    "use it, or say in the manual's clause why it does not count",
    "在规则中使用，或在条款中说明为何不计",
)


def check_criteria(program: Program) -> Iterator[Diagnostic]:
    """Every decision with a rule and a list of what it has to read."""
    for decision in program.decisions.values():
        if decision.body is None or not decision.criteria:
            continue
        read = set(program.closure(decision.id))
        left_out = tuple(f"`{name}`" for name in decision.criteria if name not in read)
        if left_out:
            yield IGNORED.at(decision.span, name=decision.id, names=left_out)
