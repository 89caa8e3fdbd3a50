"""`unset`: a parameter without a value, or without one for a level; a question to the company, with its clause."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Program, Scheme
from relflow.text import Text

__all__ = ["check_unset"]

UNSET = Message.of(
    "unset",
    Severity.QUESTION,
    "`{name}` has no value{clause}",
    "`{name}` 尚未取值{clause}",
    "set it in the company's overlay: `set:` and `{name}: …` below it",
    "请在企业配置的 `set:` 下填写 `{name}: …`",
)
UNSET_LEVELS = Message.of(
    "unset",
    Severity.QUESTION,
    "`{name}` has no value for {levels}{clause}",
    "`{name}` 在以下等级尚未取值：{levels}{clause}",
    "set it in the company's overlay under `set`",
    "请在企业配置的 `set` 中填写",
)


def check_unset(program: Program) -> Iterator[Diagnostic]:
    """Every parameter that still needs a value."""
    for parameter in program.parameters.values():
        clause = clause_of(parameter.source)
        if parameter.unset:
            yield UNSET.at(parameter.span, name=parameter.id, clause=clause)
            continue
        scheme = program.nodes.get(parameter.per or "")
        if isinstance(scheme, Scheme) and parameter.code is None:
            without = tuple(level for level in scheme.levels if not parameter.values.get(level))
            if without:
                yield UNSET_LEVELS.at(parameter.span, name=parameter.id, levels=without, clause=clause)


def clause_of(source: tuple[str, ...]) -> Text:
    """The clauses that ask for something, to stand behind it; nothing where there are none."""
    if not source:
        return Text((("en", ""), ("zh", "")))
    word = "clause" if len(source) == 1 else "clauses"
    return Text((("en", f" ({word} {', '.join(source)})"), ("zh", f"（条款 {'、'.join(source)}）")))
