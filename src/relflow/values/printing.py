"""Values as FEEL's `string()` writes them; what is written so can be read back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from relflow.values import kinds
from relflow.values.decimals import number_text
from relflow.values.effort import Effort
from relflow.values.kinds import kind_of
from relflow.values.moments import (
    NANOSECONDS_PER_DAY,
    NANOSECONDS_PER_SECOND,
    Date,
    DateTime,
    DaysDuration,
    Time,
    duration_nanoseconds,
    nanosecond_of,
)
from relflow.values.months import YearsMonthsDuration
from relflow.values.ranges import Range
from relflow.values.zones import zone_text

__all__ = ["date_text", "datetime_text", "duration_text", "literal", "time_text", "to_text"]


def date_text(value: Date | DateTime) -> str:
    """The date in ISO form, `2026-04-15`, `-0044-03-15`."""
    return f"{'-' if value.year < 0 else ''}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def time_text(value: Time | DateTime) -> str:
    """The time in ISO form with its zone, `09:30:00.5+08:00`, `09:30:00@Asia/Shanghai`."""
    return f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{_fraction(value)}{zone_text(value.tzinfo)}"


def _fraction(value: Time | DateTime) -> str:
    nanosecond = nanosecond_of(value)
    return f".{nanosecond:09d}".rstrip("0") if nanosecond else ""


def datetime_text(value: DateTime) -> str:
    """The date and time in ISO form with its zone."""
    return f"{date_text(value)}T{time_text(value)}"


def duration_text(value: DaysDuration | YearsMonthsDuration) -> str:
    """The duration in ISO form, days first: `P1DT2H`, `-PT0.5S`, `PT0S`, `P1Y2M`."""
    if isinstance(value, YearsMonthsDuration):
        return str(value)
    nanoseconds = duration_nanoseconds(value)
    days, rest = divmod(abs(nanoseconds), NANOSECONDS_PER_DAY)
    seconds, nanosecond = divmod(rest, NANOSECONDS_PER_SECOND)
    clock = "".join(f"{count}{unit}" for count, unit in ((seconds // 3600, "H"), (seconds // 60 % 60, "M")) if count)
    if seconds % 60 or nanosecond or not (days or clock):
        clock += f"{seconds % 60}" + (f".{nanosecond:09d}".rstrip("0") if nanosecond else "") + "S"
    return ("-P" if nanoseconds < 0 else "P") + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")


def to_text(value: Any, effort: Effort | None = None) -> str:
    """The value as `string()` gives it: texts as they are, inside lists and contexts in quotes.

    Raises TooMuchError, a ValueError, for values too large or too deeply nested to write with this `effort`.
    """
    return value if isinstance(value, str) else literal(value, effort)


def literal(value: Any, effort: Effort | None = None) -> str:
    """The value as text, strings in quotes; lists, contexts and ranges with all that is in them.

    Raises TooMuchError, a ValueError, for values too large or too deeply nested to write with this `effort`.
    """
    pieces: list[str] = []
    _write(value, pieces, effort or Effort(), 0)
    return "".join(pieces)


def _write(value: Any, pieces: list[str], effort: Effort, level: int) -> None:
    effort.spend(level)
    kind = kind_of(value)
    if kind == kinds.LIST:
        pieces.append("[")
        for index, item in enumerate(value):
            pieces.append(", " if index else "")
            _write(item, pieces, effort, level + 1)
        pieces.append("]")
    elif kind == kinds.CONTEXT:
        pieces.append("{")
        for index, (key, item) in enumerate(value.items()):
            name = str(key) if _NAME.fullmatch(str(key)) else _quoted(str(key))
            pieces.append(f"{', ' if index else ''}{name}: ")
            _write(item, pieces, effort, level + 1)
        pieces.append("}")
    elif kind == kinds.RANGE:
        pieces.append(_range(value))
    else:
        pieces.append(_WRITERS.get(kind, str)(value))


# keys that are read back as they are; the others stand in quotes
_NAME = re.compile(r"[^\W\d]\w*(?: \w+)*")


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _range(value: Range) -> str:
    if value.start is None:
        return f"({'<=' if value.end_included else '<'} {literal(value.end)})"
    if value.end is None:
        return f"({'>=' if value.start_included else '>'} {literal(value.start)})"
    left, right = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{left}{literal(value.start)}..{literal(value.end)}{right}"


_WRITERS: dict[str, Callable[[Any], str]] = {
    kinds.NULL: lambda _value: "null",
    kinds.BOOLEAN: lambda value: "true" if value else "false",
    kinds.NUMBER: number_text,
    kinds.STRING: _quoted,
    kinds.DATE: date_text,
    kinds.TIME: time_text,
    kinds.DATE_TIME: datetime_text,
    kinds.DAYS_DURATION: duration_text,
    kinds.MONTHS_DURATION: str,
    kinds.WORKING_DURATION: lambda value: value.text(),
}
