"""`target-beyond-limit`: a rhythm whose target is later than the longest gap that it allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from relflow.diagnostics import Diagnostic, Message, Severity, Span
from relflow.feel import tree
from relflow.program import Cadence, Code, Parameter, Program, Valued
from relflow.text import Text
from relflow.values import Duration, compare

__all__ = ["check_limits"]

BEYOND = Message.of(
    "target-beyond-limit",
    Severity.WARNING,
    "the target of {target} is beyond the longest gap of {limit}{level}",
    "目标间隔为 {target}，超过最长间隔 {limit}{level}",
    "make the target shorter, or `at_most` longer",
    "缩短目标间隔，或放宽 `at_most`",
)
UNDER = Text((("en", " for {level}"), ("zh", "（{level}）")))


def check_limits(program: Program) -> Iterator[Diagnostic]:
    """Plan rows and obligations with both, for every level and every day on which a value begins to hold."""
    for cadence in program.cadences.values():
        for index, row in enumerate(cadence.rows):
            yield from _beyond(program, row.span, row.target, row.at_most, _levels(program, cadence, index))
    for duty in program.obligations.values():
        if duty.target is not None:
            yield from _beyond(program, duty.span, duty.target, duty.at_most, {})


def _levels(program: Program, cadence: Cadence, index: int) -> dict[str, tuple[str, ...]]:
    """For each scheme that the plan looks at, the levels that a row of it accepts."""
    found = {}
    for column in cadence.table.columns:
        scheme = program.schemes.get(column.name or "")
        if scheme is not None:
            found[scheme.id] = tuple(level for level in scheme.levels if column.index.rows(level) >> index & 1)
    return found


def _beyond(
    program: Program, span: Span, target: Valued, limit: Valued | None, levels: Mapping[str, tuple[str, ...]]
) -> Iterator[Diagnostic]:
    parameters = [_parameter(program, one) for one in (target, limit)]
    if limit is None or any(one is not None and one.code is not None for one in parameters):
        return
    for level in _chosen(program, parameters, levels):
        for day in _days(parameters):
            first, last = (_value(one, by, level, day) for one, by in zip((target, limit), parameters, strict=True))
            if first is not None and last is not None and compare(first, last) == 1:
                told = UNDER if level is not None else Text.of("")
                where = Text(tuple((lang, text.format(level=level)) for lang, text in told.pairs))
                yield BEYOND.at(span, target=_words(first), limit=_words(last), level=where)
                break


def _parameter(program: Program, valued: Valued | None) -> Parameter | None:
    """The parameter that a value names, None where it is something else."""
    code = valued.code if valued is not None else None
    named = code.tree.name if isinstance(code, Code) and isinstance(code.tree, tree.Name) else ""
    return program.parameters.get(named)


def _chosen(
    program: Program, parameters: Iterable[Parameter | None], levels: Mapping[str, tuple[str, ...]]
) -> tuple[str | None, ...]:
    """The levels to look at: those of the scheme by which a value is given, None alone where there is none."""
    for one in parameters:
        scheme = program.schemes.get(one.per or "") if one is not None else None
        if scheme is not None:
            return levels.get(scheme.id, scheme.levels)
    return (None,)


def _days(parameters: Iterable[Parameter | None]) -> list[date | None]:
    """The days from which some value holds; None stands for the time before."""
    found = {day for one in parameters if one is not None for dated in one.values.values() for day, _ in dated if day}
    return [None, *sorted(found)]


def _value(valued: Valued, parameter: Parameter | None, level: str | None, day: date | None) -> Any:
    if parameter is not None:
        return parameter.value(level if parameter.per is not None else None, day)
    return valued.value if valued.code is None else None


def _words(value: Any) -> Text:
    duration = Duration.of_value(value)
    return Text(tuple((lang, duration.text(lang)) for lang in ("en", "zh")))
