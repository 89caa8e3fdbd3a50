"""Dates, times and durations: the standard library's wherever they fit, our own classes where they do not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from relflow.structs import dataclass
from relflow.values.gregorian import MAX_YEAR, MIN_YEAR, date_of, days_in_month, ordinal
from relflow.values.zones import is_named, offset_at

__all__ = [
    "NANOSECONDS_PER_DAY",
    "NANOSECONDS_PER_SECOND",
    "Date",
    "DateTime",
    "DaysDuration",
    "ExactDateTime",
    "ExactDuration",
    "ExactTime",
    "FarDate",
    "Time",
    "at_instant",
    "duration_nanoseconds",
    "instant",
    "local_nanoseconds",
    "make_date",
    "make_datetime",
    "make_duration",
    "make_time",
    "nanosecond_of",
    "seconds_of_day",
]

NANOSECONDS_PER_SECOND: Final = 10**9
NANOSECONDS_PER_DAY: Final = 86_400 * NANOSECONDS_PER_SECOND
MAX_DURATION: Final = 10**30
_MAX_DAYS: Final = 999_999_999


@dataclass(frozen=True, slots=True)
class FarDate:
    """A date outside the years 1 to 9999; `make_date` chooses between it and `datetime.date`."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class ExactTime:
    """A time of day that `datetime.time` cannot hold: to the nanosecond, or in a zone with a name."""

    hour: int
    minute: int
    second: int
    nanosecond: int = 0
    tzinfo: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class ExactDateTime:
    """A date and time that `datetime.datetime` cannot hold: to the nanosecond, or outside the years 1 to 9999."""

    year: int
    month: int
    day: int
    hour: int = 0
    minute: int = 0
    second: int = 0
    nanosecond: int = 0
    tzinfo: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class ExactDuration:
    """A days-and-time duration that `timedelta` cannot hold: to the nanosecond, or beyond 999,999,999 days."""

    nanoseconds: int


Date = date | FarDate
Time = time | ExactTime
DateTime = datetime | ExactDateTime
DaysDuration = timedelta | ExactDuration


def make_date(year: int, month: int, day: int) -> Date:
    """The date. Raises ValueError where there is no such day, or beyond 999,999,999 years (DMN 1.5, 10.3.2.3.4)."""
    if not (MIN_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
        raise ValueError(f"no such date: {year}-{month}-{day}")
    return date(year, month, day) if 1 <= year <= 9999 else FarDate(year, month, day)


def make_time(hour: int, minute: int, second: int, nanosecond: int = 0, zone: tzinfo | None = None) -> Time:
    """The time of day; 24:00:00 is the midnight 00:00:00. Raises ValueError where there is no such time."""
    if hour == 24 and minute == second == nanosecond == 0:
        hour = 0
    _check_time(hour, minute, second, nanosecond)
    if nanosecond % 1000 or is_named(zone):
        return ExactTime(hour, minute, second, nanosecond, zone)
    return time(hour, minute, second, nanosecond // 1000, zone)


def make_datetime(day: Date, clock: Time, *, next_day: bool = False) -> DateTime:
    """The date and time of a day at a time, in the time's zone; `next_day` is for 24:00:00.

    Raises ValueError beyond 999,999,999 years.
    """
    year, month, number = day.year, day.month, day.day
    if next_day:
        year, month, number = date_of(ordinal(year, month, number) + 1)
        make_date(year, month, number)
    nanosecond = nanosecond_of(clock)
    if nanosecond % 1000 or not 1 <= year <= 9999:
        return ExactDateTime(year, month, number, clock.hour, clock.minute, clock.second, nanosecond, clock.tzinfo)
    return datetime(year, month, number, clock.hour, clock.minute, clock.second, nanosecond // 1000, clock.tzinfo)


def make_duration(nanoseconds: int) -> DaysDuration:
    """The days-and-time duration of so many nanoseconds. Raises ValueError beyond 10^30."""
    if abs(nanoseconds) > MAX_DURATION:
        raise ValueError("duration out of range")
    microseconds, rest = divmod(nanoseconds, 1000)
    if rest or abs(nanoseconds) > _MAX_DAYS * NANOSECONDS_PER_DAY:
        return ExactDuration(nanoseconds)
    days, microseconds = divmod(microseconds, 86_400_000_000)
    return timedelta(days, 0, microseconds)


def _check_time(hour: int, minute: int, second: int, nanosecond: int) -> None:
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60 and 0 <= nanosecond < NANOSECONDS_PER_SECOND):
        raise ValueError(f"no such time: {hour}:{minute}:{second}")


def nanosecond_of(value: Time | DateTime) -> int:
    """The nanoseconds after the whole second."""
    return value.nanosecond if isinstance(value, ExactTime | ExactDateTime) else value.microsecond * 1000


def seconds_of_day(value: Time | DateTime) -> int:
    """The whole seconds since midnight, as the clock shows them."""
    return value.hour * 3600 + value.minute * 60 + value.second


def duration_nanoseconds(value: DaysDuration) -> int:
    """How many nanoseconds the duration has."""
    if isinstance(value, ExactDuration):
        return value.nanoseconds
    return ((value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds) * 1000


def local_nanoseconds(value: DateTime) -> int:
    """The date and time as the clock shows it, in nanoseconds since the day before 0001-01-01."""
    days = ordinal(value.year, value.month, value.day)
    return (days * 86_400 + seconds_of_day(value)) * NANOSECONDS_PER_SECOND + nanosecond_of(value)


def instant(value: DateTime) -> int:
    """The moment in nanoseconds, comparable with that of every other zoned value; a local one counts as UTC."""
    return local_nanoseconds(value) - _offset(value) * NANOSECONDS_PER_SECOND


def _offset(value: DateTime) -> int:
    if value.tzinfo is None:
        return 0
    if isinstance(value, datetime):
        offset = value.utcoffset()
        return 0 if offset is None else offset.days * 86_400 + offset.seconds
    return offset_at(value.tzinfo, value.year, value.month, value.day, seconds_of_day(value))


def at_instant(nanoseconds: int, zone: tzinfo | None) -> DateTime:
    """The date and time that clocks in `zone` show at an instant; the reverse of `instant`.

    Raises ValueError beyond 999,999,999 years.
    """
    if zone is None:
        return _from_local(nanoseconds, None)
    days, rest = divmod(nanoseconds, NANOSECONDS_PER_DAY)
    year, month, day = date_of(days)
    if is_named(zone) and 1 < year < 9999:
        seconds, nanosecond = divmod(rest, NANOSECONDS_PER_SECOND)
        shown = (datetime(year, month, day, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone)
        if nanosecond % 1000 == 0:
            return shown.replace(microsecond=nanosecond // 1000)
        return make_datetime(shown, make_time(shown.hour, shown.minute, shown.second, nanosecond, zone))
    offset = offset_at(zone, year, month, day, rest // NANOSECONDS_PER_SECOND)
    return _from_local(nanoseconds + offset * NANOSECONDS_PER_SECOND, zone)


def _from_local(nanoseconds: int, zone: tzinfo | None) -> DateTime:
    days, rest = divmod(nanoseconds, NANOSECONDS_PER_DAY)
    seconds, nanosecond = divmod(rest, NANOSECONDS_PER_SECOND)
    clock = make_time(seconds // 3600, seconds // 60 % 60, seconds % 60, nanosecond, zone)
    return make_datetime(make_date(*date_of(days)), clock)
