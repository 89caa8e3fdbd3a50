"""Temporal values from their ISO and FEEL texts: strict, in linear time, and nothing but ValueError goes wrong."""

from __future__ import annotations

import re
from typing import Final

from relflow.values.moments import (
    NANOSECONDS_PER_SECOND,
    Date,
    DateTime,
    DaysDuration,
    Time,
    make_date,
    make_datetime,
    make_duration,
    make_time,
)
from relflow.values.months import YearsMonthsDuration
from relflow.values.zones import parse_zone

__all__ = ["parse_date", "parse_datetime", "parse_duration", "parse_temporal", "parse_time"]

_LONGEST: Final = 120
_DATE = re.compile(r"(-?)([1-9][0-9]{4,8}|[0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?((?:[Zz]|[+\-@].*)?)", re.ASCII)
_DAYS = re.compile(
    r"(-?)P(?:([0-9]{1,18})D)?(?:(T)(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18})(?:\.([0-9]{0,9}))?S)?)?",
    re.ASCII,
)


def parse_date(text: str) -> Date:
    """A date, `2026-04-15`, `-0044-03-15`, `12026-01-01`. Raises ValueError for any other text."""
    match = _DATE.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise ValueError(f"not a date: {text[:40]}")
    year = int(match[2])
    if match[1] and year == 0:
        raise ValueError("there is no year -0000")
    return make_date(-year if match[1] else year, int(match[3]), int(match[4]))


def parse_time(text: str) -> Time:
    """A time, `09:30:00`, `09:30:00.5Z`, `09:30:00+08:00`, `09:30:00@Asia/Shanghai`.

    Raises ValueError for any other text, and for zones that there are not.
    """
    return _time(text)[0]


def _time(text: str) -> tuple[Time, bool]:
    """The time, and whether it was the midnight at the end of the day."""
    match = _TIME.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise ValueError(f"not a time: {text[:40]}")
    hour, fraction = int(match[1]), (match[4] or "").ljust(9, "0")
    value = make_time(hour, int(match[2]), int(match[3]), int(fraction), parse_zone(match[5]))
    return value, hour == 24


def parse_datetime(text: str) -> DateTime:
    """A date and time, `2026-04-15T09:30:00+08:00`; a date alone is its midnight. Raises ValueError for other texts."""
    day, separator, clock = text.partition("T")
    if not separator:
        return make_datetime(parse_date(text), make_time(0, 0, 0))
    value, next_day = _time(clock)
    return make_datetime(parse_date(day), value, next_day=next_day)


def parse_duration(text: str) -> DaysDuration | YearsMonthsDuration:
    """A duration of either kind, `P3DT4H`, `-PT0.5S`, `P1Y6M`. Raises ValueError for any other text."""
    if len(text) > _LONGEST:
        raise ValueError("not a duration: the text is too long")
    match = _DAYS.fullmatch(text)
    if match is None:
        return YearsMonthsDuration.parse(text)
    sign, days, clock, hours, minutes, seconds, fraction = match.groups()
    given = [part for part in (hours, minutes, seconds) if part is not None]
    if (days is None and not given) or (clock and not given):
        raise ValueError(f"not a duration: {text}")
    whole = int(days or 0) * 86_400 + int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    nanoseconds = whole * NANOSECONDS_PER_SECOND + int((fraction or "").ljust(9, "0"))
    return make_duration(-nanoseconds if sign else nanoseconds)


def parse_temporal(text: str) -> Date | Time | DateTime | DaysDuration | YearsMonthsDuration:
    """What stands between the quotes of `@"…"`: a date, time, date and time, or duration.

    Raises ValueError for any other text.
    """
    if "P" in text[:2]:
        return parse_duration(text)
    if text[2:3] == ":":
        return parse_time(text)
    return parse_datetime(text) if "T" in text[:17] else parse_date(text)
