"""The proleptic Gregorian calendar without limits of years: days, months, weeks as integers."""

from __future__ import annotations

from typing import Final

__all__ = [
    "MAX_YEAR",
    "MIN_YEAR",
    "add_months",
    "date_of",
    "day_of_year",
    "days_in_month",
    "is_leap",
    "iso_week",
    "ordinal",
    "weekday",
]

MAX_YEAR: Final = 999_999_999
MIN_YEAR: Final = -999_999_999

_CYCLE: Final = 146_097  # days of 400 years
_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Whether the year has a 29th of February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """How many days the month has."""
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def ordinal(year: int, month: int, day: int) -> int:
    """The number of the day; 0001-01-01 is day 1, as in `datetime.date.toordinal`."""
    # a year that begins in March has its leap day last
    shifted = year - (month <= 2)
    cycle, year_of_cycle = divmod(shifted, 400)
    day_of_shifted = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_cycle = year_of_cycle * 365 + year_of_cycle // 4 - year_of_cycle // 100 + day_of_shifted
    return cycle * _CYCLE + day_of_cycle - 305


def date_of(number: int) -> tuple[int, int, int]:
    """The year, month and day of a day's number; the reverse of `ordinal`."""
    cycle, day_of_cycle = divmod(number + 305, _CYCLE)
    years = (day_of_cycle - day_of_cycle // 1460 + day_of_cycle // 36524 - day_of_cycle // 146096) // 365
    day_of_shifted = day_of_cycle - (365 * years + years // 4 - years // 100)
    month_of_shifted = (5 * day_of_shifted + 2) // 153
    day = day_of_shifted - (153 * month_of_shifted + 2) // 5 + 1
    month = (month_of_shifted + 2) % 12 + 1
    return years + cycle * 400 + (month <= 2), month, day


def weekday(year: int, month: int, day: int) -> int:
    """The ISO day of the week: Monday is 1, Sunday 7."""
    return (ordinal(year, month, day) - 1) % 7 + 1


def day_of_year(year: int, month: int, day: int) -> int:
    """The number of the day in its year, from 1."""
    return ordinal(year, month, day) - ordinal(year, 1, 1) + 1


def iso_week(year: int, month: int, day: int) -> int:
    """The ISO 8601 number of the week: the first one has the year's first Thursday."""
    thursday = ordinal(year, month, day) + 4 - weekday(year, month, day)
    return (thursday - ordinal(date_of(thursday)[0], 1, 1)) // 7 + 1


def add_months(year: int, month: int, day: int, months: int) -> tuple[int, int, int]:
    """The date so many months later; a day that the month lacks becomes its last one."""
    years, index = divmod(month - 1 + months, 12)
    year += years
    return year, index + 1, min(day, days_in_month(year, index + 1))
