"""One year of a calendar, worked out once: which days work and why, and every open stretch as instants."""

from __future__ import annotations

import enum
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from relflow.calendars.hours import Hours, Shift
from relflow.calendars.instants import MINUTE, day_offsets, start_of, utc_of
from relflow.calendars.lists import DayList
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["DayKind", "DayTable", "OpenTable", "OwnDay", "day_table", "open_table"]


class DayKind(enum.Enum):
    """Why a day works or does not."""

    ORDINARY = "ordinary"
    MAKEUP = "makeup"
    OPENED = "opened"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED = "closed"

    @property
    def works(self) -> bool:
        """Whether it is a working day."""
        return self in {DayKind.ORDINARY, DayKind.MAKEUP, DayKind.OPENED}


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day that the company itself opens or closes, or on which it keeps other hours."""

    day: date
    works: bool
    label: Text
    shifts: tuple[Shift, ...] | None = None


@dataclass(frozen=True, slots=True)
class DayTable:
    """A year's days: `working` are the ordinals of those that work; `special` names those that differ from the week."""

    year: int
    provisional: bool
    working: tuple[int, ...]
    special: Mapping[int, tuple[DayKind, Text]]

    def works(self, ordinal: int) -> bool:
        """Whether a day of this year works."""
        index = bisect_left(self.working, ordinal)
        return index < len(self.working) and self.working[index] == ordinal


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A year's open stretches in microseconds of UTC; `before` is the open time of the year before each."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    def passed(self, instant: int) -> int:
        """The open time of the year up to `instant`."""
        index = bisect_right(self.starts, instant) - 1
        if index < 0:
            return 0
        return self.before[index] + min(instant, self.ends[index]) - self.starts[index]

    def opening(self, instant: int) -> int | None:
        """`instant` if it is open, else the year's next opening, None if there is no more."""
        index = bisect_right(self.ends, instant)
        return max(instant, self.starts[index]) if index < len(self.ends) else None

    def reach(self, passed: int, *, closing: bool) -> int:
        """The instant at which so much of the year's open time has passed.

        Where that is the end of a stretch, `closing` chooses that end, otherwise it is the beginning of the next.
        """
        found = bisect_left(self.before, passed) if closing else bisect_right(self.before, passed)
        index = max(found - 1, 0)
        return self.starts[index] + passed - self.before[index]


def day_table(year: int, days: DayList, hours: Hours, own: Iterable[OwnDay]) -> DayTable:
    """Work out a year: the company's own days win over the official list, the list over the week."""
    listed = days.in_year(year)
    special: dict[int, tuple[DayKind, Text]] = {}
    for kind, named in ((DayKind.HOLIDAY, listed.closed), (DayKind.MAKEUP, listed.makeup)):
        special |= {day.toordinal(): (kind, name) for day, name in named.items()}
    for one in own:
        if one.day.year == year:
            special[one.day.toordinal()] = (DayKind.OPENED if one.works else DayKind.CLOSED, one.label)
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    working = tuple(
        day
        for day in range(first, last + 1)
        if (special[day][0].works if day in special else bool(hours.week[(day - 1) % 7]))
    )
    return DayTable(year, days.is_provisional(year), working, special)


def open_table(table: DayTable, hours: Hours, own: Iterable[OwnDay], zone: ZoneInfo) -> OpenTable:
    """The open stretches of a year's working days."""
    other = {one.day.toordinal(): one.shifts for one in own if one.shifts and one.day.year == table.year}
    starts: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    total = 0
    january, december = date(table.year, 1, 1).toordinal(), date(table.year, 12, 31).toordinal()
    offsets = day_offsets(january, december, zone)
    for day in table.working:
        offset = offsets[day - january]
        for first, last in other.get(day) or hours.on((day - 1) % 7):
            if offset is None:
                start, end = utc_of(day, first * MINUTE, zone), utc_of(day, last * MINUTE, zone)
            else:
                midnight = start_of(day) - offset
                start, end = midnight + first * MINUTE, midnight + last * MINUTE
            if start < end:
                starts.append(start)
                ends.append(end)
                before.append(total)
                total += end - start
    return OpenTable(tuple(starts), tuple(ends), tuple(before), total)
