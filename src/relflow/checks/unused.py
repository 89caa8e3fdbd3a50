"""`unused-fact`, `unused-parameter`: what is declared and read by nothing."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.parts import mentions
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Program

__all__ = ["check_unused"]

UNUSED_FACT = Message.of(
    "unused-fact",
    Severity.HINT,
    "nothing reads the fact `{name}`",
    "没有任何地方读取数据项 `{name}`",
    "delete it, or give it the `category` or the `source` for which it is kept",
    "删除，或填写保存它的 `category`（数据类别）或 `source`（条款）",
)
UNUSED_PARAMETER = Message.of(
    "unused-parameter",
    Severity.HINT,
    "nothing reads the parameter `{name}`",
    "没有任何地方读取参数 `{name}`",
    "delete it, or use it where its value is meant (`= {name}`)",
    "删除，或在应取其值的地方写 `= {name}`",
)

NAME = "name"


def check_unused(program: Program) -> Iterator[Diagnostic]:
    """Facts and parameters that nothing mentions.

    A fact with a category or a clause is kept for its own sake, and what an account is called for people to see.
    """
    if not (program.decisions or program.cadences or program.obligations or program.kpis or program.schemes):
        return
    mentioned = mentions(program)
    for fact in program.facts.values():
        if fact.id not in mentioned and fact.id != NAME and fact.category is None and not fact.source:
            yield UNUSED_FACT.at(fact.span, name=fact.id)
    for parameter in program.parameters.values():
        if parameter.id not in mentioned:
            yield UNUSED_PARAMETER.at(parameter.span, name=parameter.id)
