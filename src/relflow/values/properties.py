"""What stands after the dot of a date, time, duration or range: `.year`, `.weekday`, `.time offset`, `.start`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from relflow.values import gregorian, kinds
from relflow.values.kinds import kind_of
from relflow.values.moments import (
    NANOSECONDS_PER_SECOND,
    DateTime,
    DaysDuration,
    Time,
    duration_nanoseconds,
    instant,
    local_nanoseconds,
    make_duration,
)
from relflow.values.months import YearsMonthsDuration
from relflow.values.zones import time_offset, zone_name

__all__ = ["PROPERTIES", "property_of"]


def _weekday(value: Any) -> int:
    return gregorian.weekday(value.year, value.month, value.day)


def _time_offset(value: Time) -> DaysDuration | None:
    seconds = time_offset(value.tzinfo)
    return None if seconds is None else make_duration(seconds * NANOSECONDS_PER_SECOND)


def _datetime_offset(value: DateTime) -> DaysDuration | None:
    return None if value.tzinfo is None else make_duration(local_nanoseconds(value) - instant(value))


def _part(of_seconds: int, modulus: int) -> Callable[[DaysDuration], int]:
    """One component of a duration, with the duration's sign."""

    def part(value: DaysDuration) -> int:
        nanoseconds = duration_nanoseconds(value)
        count = abs(nanoseconds) // NANOSECONDS_PER_SECOND // of_seconds
        if modulus:
            count %= modulus
        return -count if nanoseconds < 0 else count

    return part


def _years(value: YearsMonthsDuration) -> int:
    return -(-value.months // 12) if value.months < 0 else value.months // 12


def _months(value: YearsMonthsDuration) -> int:
    return -(-value.months % 12) if value.months < 0 else value.months % 12


_DATE_PART: dict[str, Callable[[Any], Any]] = {
    "year": lambda value: value.year,
    "month": lambda value: value.month,
    "day": lambda value: value.day,
    "weekday": _weekday,
}
_TIME_PART: dict[str, Callable[[Any], Any]] = {
    "hour": lambda value: value.hour,
    "minute": lambda value: value.minute,
    "second": lambda value: value.second,
    "timezone": lambda value: zone_name(value.tzinfo),
}

PROPERTIES: Final[dict[str, dict[str, Callable[[Any], Any]]]] = {
    kinds.DATE: _DATE_PART,
    kinds.TIME: {**_TIME_PART, "time offset": _time_offset},
    kinds.DATE_TIME: {**_DATE_PART, **_TIME_PART, "time offset": _datetime_offset},
    kinds.DAYS_DURATION: {
        "days": _part(86_400, 0),
        "hours": _part(3600, 24),
        "minutes": _part(60, 60),
        "seconds": _part(1, 60),
    },
    kinds.MONTHS_DURATION: {"years": _years, "months": _months},
    kinds.RANGE: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}
"""The properties of each kind of value, by their names (DMN 1.5, tables 58 to 60)."""


def property_of(value: Any, name: str) -> Any:
    """The property of a date, time, duration or range; None where a value of that kind has none of the name.

    Components of negative durations are negative. Seconds are whole. `time offset` and `timezone` are None for local
    values.
    """
    read = PROPERTIES.get(kind_of(value), {}).get(name)
    return None if read is None else read(value)
