"""The arithmetic of working time: moves by working days and by open time, on dates and on microseconds of UTC."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from relflow.calendars.hours import Hours
from relflow.calendars.instants import local_of, utc_of
from relflow.calendars.lists import DayList
from relflow.calendars.months import add_months
from relflow.calendars.tables import DayTable, OpenTable, OwnDay, day_table, open_table
from relflow.errors import FactError
from relflow.structs import dataclass

__all__ = ["WorkTime", "beyond", "bounded"]

_FIRST_YEAR: Final = 2
_LAST_YEAR: Final = 9997
_MEAN_YEAR: Final = 31_556_952_000_000
P = ParamSpec("P")
R = TypeVar("R")


def bounded(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call `function`; what is beyond the years that Python knows is a FactError."""
    try:
        return function(*args, **kwargs)
    except (OverflowError, ValueError) as error:
        raise beyond() from error


def beyond() -> FactError:
    """What says that a result is beyond the years that can be counted."""
    return FactError.of("calendar-range", "the result is beyond the years of the calendar", "结果超出了日历的年份范围")


@dataclass(frozen=True, slots=True)
class WorkTime:
    """The working days and open stretches of all years; each year is worked out when first asked for, then kept."""

    days: DayList
    hours: Hours
    zone: ZoneInfo
    own: tuple[OwnDay, ...]
    _days: dict[int, DayTable] = field(default_factory=dict, compare=False, repr=False)
    _open: dict[int, OpenTable] = field(default_factory=dict, compare=False, repr=False)
    _starts: dict[int, int] = field(default_factory=dict, compare=False, repr=False)

    def year(self, year: int) -> DayTable:
        """The days of a year. Raises FactError beyond the years of the calendar."""
        if year not in self._days:
            if not _FIRST_YEAR <= year <= _LAST_YEAR:
                raise beyond()
            self._days[year] = day_table(year, self.days, self.hours, self.own)
        return self._days[year]

    def open_year(self, year: int) -> OpenTable:
        """The open stretches of a year. Raises FactError beyond the years of the calendar."""
        if year not in self._open:
            self._open[year] = open_table(self.year(year), self.hours, self.own, self.zone)
        return self._open[year]

    def year_of(self, instant: int) -> int:
        """The local year of an instant. Raises FactError beyond the years of the calendar."""
        year = 1970 + instant // _MEAN_YEAR
        if instant < self._start(year):
            return year - 1
        return year + 1 if instant >= self._start(year + 1) else year

    def _start(self, year: int) -> int:
        """The instant at which a year begins."""
        if year not in self._starts:
            if not _FIRST_YEAR <= year <= _LAST_YEAR + 1:
                raise beyond()
            self._starts[year] = utc_of(date(year, 1, 1).toordinal(), 0, self.zone)
        return self._starts[year]

    def is_provisional(self, first: int, last: int) -> bool:
        """Whether any year between two instants is only guessed."""
        if self.days.always:
            return False
        return any(map(self.days.is_provisional, range(self.year_of(first), self.year_of(last) + 1)))

    def moved(self, day: date, working_days: int) -> date:
        """The working day so many after `day`, or before it if negative; `day` itself for none."""
        if working_days == 0:
            return day
        year, ordinal = day.year, day.toordinal()
        table = self.year(year).working
        index = (bisect_right(table, ordinal) - 1 if working_days > 0 else bisect_left(table, ordinal)) + working_days
        while index >= len(table):
            index, year = index - len(table), year + 1
            table = self.year(year).working
        while index < 0:
            year -= 1
            table = self.year(year).working
            index += len(table)
        return date.fromordinal(table[index])

    def opened(self, first: int, last: int) -> int:
        """The open time between two instants, `first` not later than `last`."""
        year, end = self.year_of(first), self.year_of(last)
        passed = -self.open_year(year).passed(first)
        while year < end:
            passed += self.open_year(year).total
            year += 1
        return passed + self.open_year(year).passed(last)

    def opening(self, instant: int) -> int:
        """`instant` if it is open, else the next opening."""
        year = self.year_of(instant)
        while (found := self.open_year(year).opening(instant)) is None:
            year += 1
        return found

    def advanced(self, instant: int, amount: int, *, closing: bool) -> int:
        """The instant at which `amount` of open time has passed since `instant`.

        Where that falls on the end of a stretch, `closing` chooses that end, otherwise it is the next opening.
        """
        start = self.opening(instant)
        if not amount:
            return start
        year = self.year_of(start)
        passed = self.open_year(year).passed(start) + amount
        while passed > (total := self.open_year(year).total) or (passed == total and not closing):
            passed -= total
            year += 1
        return self.open_year(year).reach(passed, closing=closing)

    def working_days_later(self, instant: int, days: Fraction | Decimal) -> int:
        """The same time of day so many working days later; part of a day is that part of the open time of the next."""
        whole = int(days)
        before = self._whole_days_later(instant, whole)
        if days == whole:
            return before
        after, part = self._whole_days_later(instant, whole + 1), Fraction(days) - whole
        return self.advanced(before, round(self.opened(before, after) * part), closing=False)

    def months_later(self, instant: int, months: int) -> int:
        """The same local time of day so many months later, on the month's last day where it has no such day."""
        day, time = bounded(local_of, instant, self.zone)
        later = bounded(add_months, date.fromordinal(day), months)
        return bounded(utc_of, later.toordinal(), time, self.zone)

    def _whole_days_later(self, instant: int, days: int) -> int:
        start = self.opening(instant)
        if not days:
            return start
        day, time = local_of(start, self.zone)
        later = self.moved(date.fromordinal(day), days).toordinal()
        return self.opening(utc_of(later, time, self.zone))
