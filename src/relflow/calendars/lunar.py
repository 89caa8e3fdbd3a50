"""The Chinese lunar calendar: lunar days of solar dates and back (the only door to lunar-python).

New moons near midnight leave three festivals of this century in dispute between sources (Double Ninth 2057,
Mid-Autumn 2089, Qixi 2097); here they are what lunar-python computes.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from functools import lru_cache

from relflow.structs import dataclass

__all__ = ["FIRST_YEAR", "LAST_YEAR", "LunarDay", "days_in_lunar_month", "leap_month", "lunar_day", "qingming", "solar"]

FIRST_YEAR = 1900
LAST_YEAR = 2100


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day of the lunar year: `leap` for a day of the leap month that follows the ordinary one of that number."""

    month: int
    day: int
    leap: bool = False


@dataclass(frozen=True, slots=True)
class _Month:
    """A month of a lunar year: the ordinal of its first day, and its length."""

    number: int
    leap: bool
    first: int
    days: int


@lru_cache(maxsize=512)
def _months(year: int) -> tuple[_Month, ...]:
    """The months of a lunar year; lunar-python takes milliseconds for a year, so each is asked for once."""
    from lunar_python import LunarYear, Solar  # noqa: PLC0415 - 10 ms that only lunar days need

    months = []
    for month in LunarYear.fromYear(year).getMonthsInYear():
        first = Solar.fromJulianDay(month.getFirstJulianDay())
        ordinal = date(first.getYear(), first.getMonth(), first.getDay()).toordinal()
        months.append(_Month(abs(month.getMonth()), month.getMonth() < 0, ordinal, int(month.getDayCount())))
    return tuple(months)


def leap_month(year: int) -> int:
    """The number of the month that the lunar `year` doubles, 0 if none."""
    return next((month.number for month in _months(year) if month.leap), 0)


def days_in_lunar_month(year: int, month: int, leap: bool = False) -> int:
    """29 or 30; 0 for a leap month that the lunar `year` has not."""
    found = _found(year, month, leap)
    return found.days if found else 0


def solar(year: int, day: LunarDay) -> date | None:
    """The solar date of a day of the lunar `year`, None where that year lacks the day."""
    month = _found(year, day.month, day.leap)
    if month is None or not 1 <= day.day <= month.days:
        return None
    return date.fromordinal(month.first + day.day - 1)


def lunar_day(day: date) -> tuple[int, LunarDay]:
    """The lunar year and day of a solar date."""
    ordinal = day.toordinal()
    year = day.year if ordinal >= _months(day.year)[0].first else day.year - 1
    months = _months(year)
    month = months[bisect_right(months, ordinal, key=lambda one: one.first) - 1]
    return year, LunarDay(month.number, ordinal - month.first + 1, month.leap)


@lru_cache(maxsize=512)
def qingming(year: int) -> date:
    """The day of the solar term Clear and Bright in `year`, by Beijing time."""
    from lunar_python import Lunar  # noqa: PLC0415

    found = Lunar.fromYmd(year, 6, 1).getJieQiTable()["清明"]
    return date(found.getYear(), found.getMonth(), found.getDay())


def _found(year: int, month: int, leap: bool) -> _Month | None:
    return next((one for one in _months(year) if (one.number, one.leap) == (month, leap)), None)
