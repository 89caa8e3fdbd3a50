"""Figures that have to be more than nothing: lengths of rhythms and periods, numbers of times."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from relflow.compiler.world import World
from relflow.diagnostics import Message, Severity
from relflow.program import Valued
from relflow.values import WorkingDuration, YearsMonthsDuration

__all__ = ["check_count", "check_length"]

NO_LENGTH = Message.of(
    "out-of-bounds",
    Severity.ERROR,
    "`{text}` is no time at all: nothing would ever be due",
    "`{text}` 的时长为零，永远不会到期",
    "write how long it is, e.g. `1 month`",
    "写明时长，例如 `1 个月`",
)
NO_COUNT = Message.of(
    "out-of-bounds",
    Severity.ERROR,
    "`{text}` is no whole number from {least} upward",
    "`{text}` 不是不小于 {least} 的整数",
    "write how many times, e.g. `{example}`",
    "写明次数，例如 `{example}`",
)


def check_length(world: World, *lengths: Valued | None) -> None:
    """Report a stated duration that has no length; a formula is only known when it is asked for."""
    for length in lengths:
        if length is not None and _nothing(length.value):
            world.report(NO_LENGTH.at(length.span, text=length.span.text))


def check_count(world: World, count: Valued | None, least: int, example: str) -> None:
    """Report a stated number that is no whole one from `least` upward."""
    if count is None or not isinstance(count.value, int | Decimal) or isinstance(count.value, bool):
        return
    if count.value != int(count.value) or count.value < least:
        world.report(NO_COUNT.at(count.span, text=count.span.text, least=str(least), example=example))


def _nothing(value: Any) -> bool:
    match value:
        case timedelta():
            return value <= timedelta()
        case YearsMonthsDuration():
            return value.months <= 0
        case WorkingDuration():
            return value.days <= 0 and value.time <= timedelta()
    return False
