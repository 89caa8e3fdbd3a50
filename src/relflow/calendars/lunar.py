"""The Chinese lunar calendar: lunar days of solar dates and back (the only door to lunar-python).

New moons near midnight leave three festivals of this century in dispute between sources (Double Ninth 2057,
Mid-Autumn 2089, Qixi 2097); here they are what lunar-python computes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

__all__ = ["FIRST_YEAR", "LAST_YEAR", "LunarDay", "days_in_lunar_month", "leap_month", "lunar_day", "qingming", "solar"]

FIRST_YEAR = 1900
LAST_YEAR = 2100


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day of the lunar year: `leap` for a day of the leap month that follows the ordinary one of that number."""

    month: int
    day: int
    leap: bool = False


@lru_cache(maxsize=1024)
def leap_month(year: int) -> int:
    """The number of the month that the lunar `year` doubles, 0 if none."""
    from lunar_python import LunarYear  # noqa: PLC0415 - 10 ms that only lunar days need

    return int(LunarYear.fromYear(year).getLeapMonth())


@lru_cache(maxsize=4096)
def days_in_lunar_month(year: int, month: int, leap: bool = False) -> int:
    """29 or 30; 0 for a leap month that the lunar `year` has not."""
    from lunar_python import LunarMonth  # noqa: PLC0415

    if leap and leap_month(year) != month:
        return 0
    return int(LunarMonth.fromYm(year, -month if leap else month).getDayCount())


@lru_cache(maxsize=4096)
def solar(year: int, day: LunarDay) -> date | None:
    """The solar date of a day of the lunar `year`, None where that year lacks the day."""
    from lunar_python import Lunar  # noqa: PLC0415

    if not 1 <= day.day <= days_in_lunar_month(year, day.month, day.leap):
        return None
    found = Lunar.fromYmd(year, -day.month if day.leap else day.month, day.day).getSolar()
    return date(found.getYear(), found.getMonth(), found.getDay())


@lru_cache(maxsize=4096)
def lunar_day(day: date) -> tuple[int, LunarDay]:
    """The lunar year and day of a solar date."""
    from lunar_python import Solar  # noqa: PLC0415

    found = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    month = int(found.getMonth())
    return int(found.getYear()), LunarDay(abs(month), int(found.getDay()), month < 0)


@lru_cache(maxsize=1024)
def qingming(year: int) -> date:
    """The day of the solar term Clear and Bright in `year`, by Beijing time."""
    from lunar_python import Lunar  # noqa: PLC0415

    found = Lunar.fromYmd(year, 6, 1).getJieQiTable()["清明"]
    return date(found.getYear(), found.getMonth(), found.getDay())
