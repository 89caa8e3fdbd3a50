"""Dates, times and durations from texts, parts and one another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, tzinfo
from typing import Any, Final

from relflow.feel.builtins.define import define, known, optional, param, sig
from relflow.feel.builtins.messages import BAD_DATE_PART, BAD_TEXT, NOT_WHOLE
from relflow.feel.definition import Builtin
from relflow.feel.nulls import fail
from relflow.feel.reasons import kind_word
from relflow.feel.types import (
    ANY,
    DATE,
    DATE_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NUMBER,
    STRING,
    TIME,
)
from relflow.values import (
    Date,
    DateTime,
    DaysDuration,
    Number,
    Time,
    YearsMonthsDuration,
    duration_nanoseconds,
    exact_decimal,
    kind_of,
    make_date,
    make_datetime,
    make_duration,
    make_time,
    multiply,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
    whole,
)
from relflow.values.moments import NANOSECONDS_PER_DAY, NANOSECONDS_PER_SECOND, nanosecond_of
from relflow.values.zones import offset_zone

__all__ = ["TEMPORAL"]

_LONGEST_SHOWN: Final = 40


def _read(text: str, parse: Callable[[str], Any], kind: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        return fail(BAD_TEXT, text=text[:_LONGEST_SHOWN], wanted=kind_word(kind))


def _part(value: Number, name: str) -> int | None:
    number = whole(value)
    return fail(NOT_WHOLE, name=name) if number is None else number


def _clock(value: Time | DateTime) -> Time:
    return make_time(value.hour, value.minute, value.second, nanosecond_of(value), value.tzinfo)


@known("from")
def _date_from(value: Any) -> Date | None:
    if isinstance(value, str):
        day: Date | None = _read(value, parse_date, "date")
        return day
    return make_date(value.year, value.month, value.day)


@known("year", "month", "day")
def _date_of(year: Number, month: Number, day: Number) -> Date | None:
    parts = _part(year, "year"), _part(month, "month"), _part(day, "day")
    try:
        return None if None in parts else make_date(*parts)  # type: ignore[arg-type]
    except ValueError:
        return fail(BAD_DATE_PART, wanted=kind_word("date"))


def _date(*values: Any) -> Date | None:
    day: Date | None = _date_from(*values) if len(values) == 1 else _date_of(*values)
    return day


@known("from")
def _time_from(value: Any) -> Time | None:
    kind = kind_of(value)
    if kind == "string":
        clock: Time | None = _read(value, parse_time, "time")
        return clock
    return make_time(0, 0, 0, 0, UTC) if kind == "date" else _clock(value)


@known("hour", "minute", "second")
def _time_of(hour: Number, minute: Number, second: Number, offset: DaysDuration | None = None) -> Time | None:
    hours, minutes = _part(hour, "hour"), _part(minute, "minute")
    if hours is None or minutes is None:
        return None
    if hours == 24:  # a text may say 24:00:00, the parts may not
        return fail(BAD_DATE_PART, wanted=kind_word("time"))
    nanoseconds = int(exact_decimal(second) * NANOSECONDS_PER_SECOND)
    seconds, nanosecond = divmod(nanoseconds, NANOSECONDS_PER_SECOND)
    try:
        return make_time(hours, minutes, seconds, nanosecond, _zone(offset))
    except ValueError:
        return fail(BAD_DATE_PART, wanted=kind_word("time"))


def _zone(offset: DaysDuration | None) -> tzinfo | None:
    """The zone at an offset of whole seconds. Raises ValueError for other offsets."""
    if offset is None:
        return None
    seconds, rest = divmod(duration_nanoseconds(offset), NANOSECONDS_PER_SECOND)
    if rest:
        raise ValueError("a time offset has whole seconds")
    return offset_zone(seconds)


def _time(*values: Any) -> Time | None:
    clock: Time | None = _time_from(*values) if len(values) == 1 else _time_of(*values)
    return clock


@known("from")
def _datetime_from(value: Any) -> DateTime | None:
    moment: DateTime | None = _read(value, parse_datetime, "date and time")
    return moment


@known("date", "time")
def _datetime_of(day: Date | DateTime, clock: Time) -> DateTime:
    return make_datetime(make_date(day.year, day.month, day.day), clock)


def _datetime(*values: Any) -> DateTime | None:
    moment: DateTime | None = _datetime_from(*values) if len(values) == 1 else _datetime_of(*values)
    return moment


@known("from")
def _duration(text: str) -> Any:
    return _read(text, parse_duration, "days and time duration")


@known("from", "to")
def _months_between(start: Date | DateTime, end: Date | DateTime) -> YearsMonthsDuration:
    """Whole months from one date to the other; times of day do not count."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsMonthsDuration(months)


@known("number")
def _days(number: Number) -> DaysDuration:
    days: DaysDuration = multiply(make_duration(NANOSECONDS_PER_DAY), number)
    return days


@known("number")
def _months(number: Number) -> YearsMonthsDuration | None:
    months = _part(number, "number")
    return None if months is None else YearsMonthsDuration(months)


_FROM_TEXT: Final = param("from", STRING)
_CLAUSE: Final = "10.3.4.1"
_PARTS: Final = (param("year", NUMBER), param("month", NUMBER), param("day", NUMBER))
_CLOCK: Final = (param("hour", NUMBER), param("minute", NUMBER), param("second", NUMBER))

TEMPORAL: Final[tuple[Builtin, ...]] = (
    define(
        "date",
        _date,
        (*(sig(DATE, param("from", type_)) for type_ in (STRING, DATE, DATE_TIME)), sig(DATE, *_PARTS)),
        (
            "A date from text, from a date and time, or from year, month and day.",
            "由文字、日期时间，或由年、月、日得到日期。",
        ),
        _CLAUSE,
        ('date("2026-04-15")', '@"2026-04-15"'),
        ("date(2026, 4, 15)", '@"2026-04-15"'),
        ('date("2026-02-30")', "null"),
    ),
    define(
        "time",
        _time,
        (
            *(sig(TIME, param("from", type_)) for type_ in (STRING, TIME, DATE_TIME, DATE)),
            sig(TIME, *_CLOCK, optional("offset", DAYS_DURATION)),
        ),
        (
            "A time from text, from a date and time, or from hour, minute, second and perhaps an offset from UTC.",
            "由文字、日期时间，或由时、分、秒（可加与 UTC 的时差）得到时刻。",
        ),
        _CLAUSE,
        ('time("23:59:00Z")', '@"23:59:00Z"'),
        ('time(9, 30, 0, @"PT8H")', '@"09:30:00+08:00"'),
        ('time("25:00:00")', "null"),
    ),
    define(
        "date and time",
        _datetime,
        (
            sig(DATE_TIME, _FROM_TEXT),
            sig(DATE_TIME, param("date", DATE), param("time", TIME)),
            sig(DATE_TIME, param("date", DATE_TIME), param("time", TIME)),
        ),
        (
            "A date and time from text, or from a date and a time; the zone is the time's.",
            "由文字，或由日期和时刻得到日期时间；时区取自时刻。",
        ),
        _CLAUSE,
        ('date and time("2026-04-15T09:30:00+08:00")', '@"2026-04-15T09:30:00+08:00"'),
        ('date and time(@"2026-04-15", @"09:30:00")', '@"2026-04-15T09:30:00"'),
    ),
    define(
        "duration",
        _duration,
        sig(ANY, _FROM_TEXT),
        (
            "A duration from text: days and less (`P3DT4H`), or years and months (`P1Y6M`), never both.",
            "由文字得到时长：天及更短的单位（`P3DT4H`），或年和月（`P1Y6M`），两者不能混用。",
        ),
        _CLAUSE,
        ('duration("P2DT2H")', '@"P2DT2H"'),
        ('duration("P1Y6M")', '@"P18M"'),
    ),
    define(
        "years and months duration",
        _months_between,
        tuple(
            sig(MONTHS_DURATION, param("from", start), param("to", end))
            for start in (DATE, DATE_TIME)
            for end in (DATE, DATE_TIME)
        ),
        (
            "The whole months from one date to another, negative if the second is earlier.",
            "两个日期之间相差的整月数；后者更早时为负。",
        ),
        _CLAUSE,
        ('years and months duration(@"2025-12-22", @"2026-08-24")', '@"P8M"'),
        ('years and months duration(@"2026-08-24", @"2024-12-22")', '@"-P1Y8M"'),
    ),
    define(
        "days",
        _days,
        sig(DAYS_DURATION, param("number", NUMBER)),
        ("A duration of so many days; not of the standard.", "若干天的时长；标准之外的函数。"),
        "relflow",
        ("days(90)", '@"P90D"'),
        ("days(0.5)", '@"PT12H"'),
    ),
    define(
        "months",
        _months,
        sig(MONTHS_DURATION, param("number", NUMBER)),
        ("A duration of so many whole months; not of the standard.", "若干个整月的时长；标准之外的函数。"),
        "relflow",
        ("months(3)", '@"P3M"'),
        ("months(1.5)", "null"),
    ),
)
