"""Dates that come again: every so often from an anchor, yearly on a day, yearly on a lunar day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from relflow.calendars import lunar
from relflow.calendars.calendar import Calendar
from relflow.calendars.lunar import LunarDay
from relflow.calendars.months import add_months, part_of_months
from relflow.calendars.worktime import bounded
from relflow.errors import FactError
from relflow.structs import dataclass
from relflow.values.durations import Duration, DurationKind

__all__ = ["Every", "LunarYearly", "MissingDay", "Yearly", "yearly"]

MissingDay = Literal["last_day", "skip", "next_day"]
"""What a year does that lacks the day: its month's last day, nothing, or the day after that last day."""

_PLAIN: Final = Calendar()


@dataclass(frozen=True, slots=True)
class Every:
    """Every `step` from `anchor`, counted from the anchor each time; `often` makes it so many times as frequent.

    Working days are those of the `calendar`, Monday to Friday without one. Raises FactError for a step that is not of
    whole days, such as hours.
    """

    anchor: date
    step: Duration
    often: Decimal | int = 1
    calendar: Calendar | None = None

    def __post_init__(self) -> None:
        if self.step.time % timedelta(days=1) or not self.step or self.often <= 0:
            raise FactError.of(
                "recurrence", f"nothing comes again every {self.step}", f"不能以{self.step.text('zh')}为周期"
            )

    def at(self, number: int) -> date:
        """The date of occurrence `number`: 0 is the anchor, 1 the first after it."""
        times = Fraction(number) / Fraction(str(self.often))
        if self.step.kind is DurationKind.MONTHS:
            return bounded(part_of_months, self.anchor, self.step.months * times)
        if self.step.kind is DurationKind.DAYS:
            return bounded(self.anchor.__add__, timedelta(days=int(self.step.time.days * times // 1)))
        days = int(Fraction(self.step.working_days) * times // 1)
        return (self.calendar or _PLAIN).work.moved(self.anchor, days)

    def after(self, day: date) -> date:
        """The first occurrence later than `day`, and later than the anchor."""
        number = max(self._number(day + timedelta(days=1)), 1)
        while (found := self.at(number)) <= max(day, self.anchor):
            number += 1
        return found

    def between(self, start: date, end: date) -> tuple[date, ...]:
        """The occurrences from `start` to `end`, both included, the anchor among them."""
        found: dict[date, None] = {}
        number = max(self._number(start), 0)
        while (day := self.at(number)) <= end:
            if day >= start:
                found[day] = None
            number += 1
        return tuple(found)

    def _number(self, day: date) -> int:
        """A number of an occurrence not later than the first on or after `day`."""
        if day <= self.anchor:
            return 0
        low, high = 0, 1
        while self.at(high) < day:
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.at(middle) < day else (low, middle)
        return low


@dataclass(frozen=True, slots=True)
class Yearly:
    """A solar day of each year; only 29 February is ever missing."""

    month: int
    day: int
    missing: MissingDay = "last_day"

    def in_year(self, year: int) -> date | None:
        """The day in `year`, None where it is skipped."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            last = add_months(date(year, self.month, 1), 1) - timedelta(days=1)
            return _replaced(last, self.missing)

    def between(self, start: date, end: date) -> tuple[date, ...]:
        """The days from `start` to `end`, both included."""
        return tuple(_within((self.in_year(year) for year in range(start.year, end.year + 1)), start, end))


@dataclass(frozen=True, slots=True)
class LunarYearly:
    """A lunar day of each lunar year.

    A year may lack the thirtieth of its month. A day of a leap month falls in the ordinary month of that number where
    the year has no such leap month, unless missing days are skipped.
    """

    day: LunarDay
    missing: MissingDay = "last_day"

    def in_year(self, year: int) -> date | None:
        """The solar date in the lunar `year`, None where it is skipped. Raises FactError outside 1900 to 2100."""
        if not lunar.FIRST_YEAR <= year <= lunar.LAST_YEAR:
            raise FactError.of(
                "calendar-range",
                f"lunar days are known from {lunar.FIRST_YEAR} to {lunar.LAST_YEAR}, not in {year}",
                f"农历日期只覆盖 {lunar.FIRST_YEAR} 到 {lunar.LAST_YEAR} 年，不含 {year} 年",
            )
        month, leap = self.day.month, self.day.leap
        days = lunar.days_in_lunar_month(year, month, leap)
        if not days and self.missing == "skip":
            return None
        if not days:
            leap, days = False, lunar.days_in_lunar_month(year, month)
        found = lunar.solar(year, LunarDay(month, min(self.day.day, days), leap))
        assert found is not None, "the month has that day"
        return found if self.day.day <= days else _replaced(found, self.missing)

    def between(self, start: date, end: date) -> tuple[date, ...]:
        """The solar dates from `start` to `end`, both included."""
        first, last = lunar.lunar_day(start)[0] - 1, lunar.lunar_day(end)[0]
        years = range(max(first, lunar.FIRST_YEAR), last + 1)
        return tuple(_within((self.in_year(year) for year in years), start, end))


def yearly(birth: date, missing: MissingDay = "last_day", *, lunar_calendar: bool = False) -> Yearly | LunarYearly:
    """The anniversaries of a solar date, kept by the solar calendar or on the lunar day that it was."""
    if lunar_calendar:
        return LunarYearly(lunar.lunar_day(birth)[1], missing)
    return Yearly(birth.month, birth.day, missing)


def _replaced(last: date, missing: MissingDay) -> date | None:
    if missing == "skip":
        return None
    return last if missing == "last_day" else last + timedelta(days=1)


def _within(days: Iterator[date | None], start: date, end: date) -> Iterator[date]:
    return (day for day in days if day is not None and start <= day <= end)
