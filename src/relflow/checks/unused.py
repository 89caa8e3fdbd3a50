"""`unused-fact`, `unused-parameter`, `unused-element`: what is declared and read, sent or held by nothing."""

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
UNSENT = Message.of(
    "unused-element",
    Severity.HINT,
    "nothing sends the message `{name}`, and what it says is not looked at",
    "没有任何地方发送消息 `{name}`，其内容也不会检查",
    "name it where it is meant, e.g. `{notify: customer, message: {name}}`, or delete it",
    "在需要的地方引用，例如 `{notify: customer, message: {name}}`，或删除",
)
EMPTY_CATEGORY = Message.of(
    "unused-element",
    Severity.HINT,
    "no fact belongs to the category `{name}`: what it says holds for nothing",
    "没有数据项属于类别 `{name}`，其规定不适用于任何数据",
    "write `category: {name}` for the facts that it is about, or delete it",
    "在相关数据项上写 `category: {name}`，或删除",
)

NAME = "name"


def check_unused(program: Program) -> Iterator[Diagnostic]:
    """Facts, parameters and messages that nothing mentions, categories without facts.

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
    for message in program.messages.values():
        if message.id not in mentioned:
            yield UNSENT.at(message.span, name=message.id)
    for category in program.categories.values():
        if not category.facts and category.id not in mentioned:
            yield EMPTY_CATEGORY.at(category.span, name=category.id)
