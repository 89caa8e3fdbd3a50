"""Where a date stands in its year and week, and what time it is: `day of year`, `week of year`, `now`, `today`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from relflow.feel.builtins.define import define, known, param, sig
from relflow.feel.builtins.messages import NO_CLOCK, ONLY_A_DATE
from relflow.feel.definition import Builtin
from relflow.feel.nulls import fail
from relflow.feel.types import DATE, DATE_TIME, NUMBER, StringType, Type
from relflow.values.gregorian import day_of_year, iso_week, weekday

__all__ = ["CALENDAR"]

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _now(at: date | datetime | None) -> datetime | None:
    if isinstance(at, datetime):
        return at
    return fail(NO_CLOCK) if at is None else fail(ONLY_A_DATE)


def _today(at: date | datetime | None) -> date | None:
    if at is None:
        return fail(NO_CLOCK)
    return at.date() if isinstance(at, datetime) else at


def _of_date(
    name: str,
    read: Callable[[Any], int | str],
    returns: Type,
    meaning: tuple[str, str],
    *examples: tuple[str, str],
) -> Builtin:
    signatures = tuple(sig(returns, param("date", type_)) for type_ in (DATE, DATE_TIME))
    return define(name, known("date")(read), signatures, meaning, "10.3.4.8", *examples)


CALENDAR: Final[tuple[Builtin, ...]] = (
    _of_date(
        "day of year",
        lambda value: day_of_year(value.year, value.month, value.day),
        NUMBER,
        ("The number of the day in its year.", "当年的第几天。"),
        ('day of year(@"2026-12-31")', "365"),
    ),
    _of_date(
        "day of week",
        lambda value: _WEEKDAYS[weekday(value.year, value.month, value.day) - 1],
        StringType(one_of=_WEEKDAYS),
        ("The English name of the day of the week.", "星期几的英文名称。"),
        ('day of week(@"2026-04-15")', '"Wednesday"'),
    ),
    _of_date(
        "month of year",
        lambda value: _MONTHS[value.month - 1],
        StringType(one_of=_MONTHS),
        ("The English name of the month.", "月份的英文名称。"),
        ('month of year(@"2026-04-15")', '"April"'),
    ),
    _of_date(
        "week of year",
        lambda value: iso_week(value.year, value.month, value.day),
        NUMBER,
        ("The number of the week as in ISO 8601.", "按 ISO 8601 计算的周数。"),
        ('week of year(@"2026-04-15")', "16"),
        ('week of year(@"2005-01-01")', "53"),
    ),
    define(
        "now",
        _now,
        sig(DATE_TIME),
        (
            "The date and time at which the host asks for the evaluation; null where it gave a date only.",
            "业务系统请求计算的日期时间；如果只给了日期则为空值。",
        ),
        "10.3.4.11",
        ("now() instance of date and time", "true"),
        reads_time=True,
    ),
    define(
        "today",
        _today,
        sig(DATE),
        ("The date at which the host asks for the evaluation.", "业务系统请求计算的日期。"),
        "10.3.4.11",
        ("today() instance of date", "true"),
        reads_time=True,
    ),
)
