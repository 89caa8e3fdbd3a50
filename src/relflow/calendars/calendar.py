"""A working calendar: which days work, the next of them, and what an instant is so many working days or hours later."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from math import ceil
from typing import Any, Literal
from zoneinfo import ZoneInfo

from relflow.calendars.hours import Hours
from relflow.calendars.instants import MICROSECOND, shown, to_utc
from relflow.calendars.lists import PLAIN, DayList, PublishedYear
from relflow.calendars.months import add_months
from relflow.calendars.results import Day, Elapsed, Reached, ReachedDay, Working
from relflow.calendars.tables import DayKind, OwnDay
from relflow.calendars.worktime import WorkTime, beyond, bounded
from relflow.errors import FactError
from relflow.structs import dataclass
from relflow.values.durations import Duration, DurationKind

__all__ = ["Calendar", "DayRule"]

DayRule = Literal["previous", "next", "unchanged"]
"""Where a day goes that does not work."""


@dataclass(frozen=True)
class Calendar:
    """A country's days off, the opening hours of a week, a zone, and the company's own days.

    Immutable and picklable; calendars that say the same have the same `digest`. Instants that go in are aware
    datetimes of any zone, FactError otherwise; those that come out are local to the calendar's zone.
    """

    days: DayList = PLAIN
    hours: Hours = field(default_factory=Hours.every_day)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    own: tuple[OwnDay, ...] = ()

    @cached_property
    def work(self) -> WorkTime:
        """The arithmetic beneath, in microseconds of UTC."""
        return WorkTime(self.days, self.hours, self.zone, self.own)

    def is_working(self, day: date) -> Working:
        """Whether `day` is a working day; PROVISIONAL where the year's official list is not published."""
        known = self.day(day)
        if known.provisional:
            return Working.PROVISIONAL
        return Working.YES if known.works else Working.NO

    def day(self, day: date) -> Day:
        """What is known of a day: whether it works and why; guessed in a provisional year, unless the company says."""
        table, ordinal = self.work.year(day.year), day.toordinal()
        works = table.works(ordinal)
        kind, name = table.special.get(ordinal, (DayKind.ORDINARY if works else DayKind.WEEKEND, None))
        guessed = table.provisional and kind not in {DayKind.OPENED, DayKind.CLOSED}
        return Day(day, works, guessed, kind, name)

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether anything from `first` to `last` rests on a year whose official list is not published."""
        if first.year == last.year:
            return self.days.is_provisional(first.year)
        return any(self.days.is_provisional(year) for year in range(first.year, last.year + 1))

    def next_working_day(self, day: date) -> ReachedDay:
        """The first working day after `day`."""
        return self._reached_day(day, self.work.moved(day, 1))

    def previous_working_day(self, day: date) -> ReachedDay:
        """The last working day before `day`."""
        return self._reached_day(day, self.work.moved(day, -1))

    def adjusted(self, day: date, rule: DayRule) -> ReachedDay:
        """`day` itself if it works, else the working day before it, after it, or still `day`, as the rule says."""
        if rule == "unchanged":
            return ReachedDay(day)
        table = self.work.year(day.year)
        if table.works(day.toordinal()):
            return ReachedDay(day, table.provisional)
        return self.next_working_day(day) if rule == "next" else self.previous_working_day(day)

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days there are after `first` up to and including `last`."""
        if last <= first:
            return 0
        tables = [self.work.year(year).working for year in range(first.year, last.year + 1)]
        within = bisect_right(tables[-1], last.toordinal()) - bisect_right(tables[0], first.toordinal())
        return sum(map(len, tables[:-1])) + within

    def shift(self, day: date, duration: Duration, *, back: bool = False) -> ReachedDay:
        """The day that is `duration` after `day`, or before it if `back`.

        Months clamp to the month's end; working days count working days, `day` itself not included, and part of one
        as a whole; less than a day moves nothing. Raises FactError for working hours.
        """
        if duration.kind is not DurationKind.WORKING:
            return ReachedDay(self.later(day, duration, -1 if back else 1))
        if duration.time:
            raise FactError.of(
                "time-of-day",
                f"{duration} can be counted from an instant, not from a date",
                f"{duration.text('zh')}只能从具体时刻起算，不能从日期起算",
            )
        days = ceil(duration.working_days)
        return self._reached_day(day, self.work.moved(day, -days if back else days))

    def later(self, day: date, duration: Duration, times: int = 1) -> date:
        """The day so many durations after `day`, counted from it at once, so that months do not drift.

        As `shift` for the duration `times` over, which working time cannot be if negative.
        """
        try:
            if duration.kind is DurationKind.MONTHS:
                return add_months(day, duration.months * times)
            if duration.kind is DurationKind.DAYS:
                days = (duration.time * abs(times)).days
                return day + timedelta(days=days if times > 0 else -days)
        except OverflowError as error:
            raise beyond() from error
        return self.shift(day, duration.times(times)).day

    def add(self, at: datetime, duration: Duration) -> Reached:
        """The instant that is `duration` after `at`.

        Days and less are exact time. Months keep the local time of day and clamp to the month's end. Working days
        count working days and keep the local time of day; part of one is that part of the open time up to the next.
        Working hours count open time. Working time that starts outside opening hours counts from the next opening,
        and a working day that would end outside them ends at the next opening. Raises FactError beyond the years
        that Python knows.
        """
        start = to_utc(at)
        return self._reached(start, self.later_instant(start, duration), working=duration.kind is DurationKind.WORKING)

    def later_instant(self, start: int, duration: Duration) -> int:
        """As `add`, from an instant to an instant, both in microseconds of UTC."""
        if duration.kind is DurationKind.DAYS:
            return start + duration.time // MICROSECOND
        if duration.kind is DurationKind.MONTHS:
            return self.work.months_later(start, duration.months)
        end = self.work.working_days_later(start, duration.working_days)
        return self.work.advanced(end, duration.time // MICROSECOND, closing=True) if duration.time else end

    def next_opening(self, at: datetime) -> Reached:
        """`at` if it is within opening hours, else the next opening."""
        start = to_utc(at)
        return self._reached(start, self.work.opening(start), working=True)

    def elapsed(self, start: datetime, end: datetime) -> Elapsed:
        """The open time from `start` to `end`, none if `end` is not later."""
        first, last = to_utc(start), max(to_utc(start), to_utc(end))
        time = self.work.opened(first, last) * MICROSECOND
        return Elapsed(time, self.work.is_provisional(first, last))

    def local(self, at: datetime) -> datetime:
        """The instant in the calendar's zone."""
        return shown(to_utc(at), self.zone)

    def with_days(self, own: Iterable[OwnDay]) -> Calendar:
        """The calendar with more days of the company's own; the last word on a day wins."""
        merged = {one.day: one for one in (*self.own, *own)}
        return replace(self, own=tuple(merged[day] for day in sorted(merged)))

    def with_published(self, years: Iterable[PublishedYear]) -> Calendar:
        """The calendar with other years' official lists, which are no longer provisional."""
        return replace(self, days=self.days.with_published(years))

    @cached_property
    def digest(self) -> str:
        """A SHA-256 of everything the calendar says: official lists, hours, zone, own days."""
        days = self.days
        named = [[str(day), name.pairs] for listed in (days.closed, days.makeup) for day, name in listed.items()]
        content = {
            "country": [days.country, days.always, sorted(days.weekend), sorted(days.published), sorted(named)],
            "makeup": sorted(map(str, days.makeup)),
            "hours": [self.hours.week, self.hours.makeup],
            "zone": self.zone.key,
            "own": [[str(one.day), one.works, one.label.pairs, one.shifts] for one in self.own],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def _reached(self, start: int, end: int, *, working: bool = False) -> Reached:
        return Reached(bounded(shown, end, self.zone), working and self.work.is_provisional(start, end))

    def _reached_day(self, start: date, end: date) -> ReachedDay:
        return ReachedDay(end, self.is_provisional(min(start, end), max(start, end)))

    def __repr__(self) -> str:
        return f"<Calendar {self.days.country} {self.zone.key} {self.digest[:12]}>"

    def __hash__(self) -> int:
        return hash(self.digest)

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: what was said, not what was worked out from it."""
        return {name: getattr(self, name) for name in ("days", "hours", "zone", "own")}
