"""Instants as whole microseconds of UTC, and the way between them and the local time of a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from relflow.errors import FactError

__all__ = [
    "DAY",
    "MICROSECOND",
    "MINUTE",
    "day_offsets",
    "from_utc",
    "local_of",
    "shown",
    "start_of",
    "to_utc",
    "utc_of",
]

MICROSECOND: Final = timedelta(microseconds=1)
MINUTE: Final = 60_000_000
DAY: Final = 86_400_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
# the days that Python knows with those beside them, in every zone
_WHOLE: Final = range(date.min.toordinal() + 2, date.max.toordinal() - 1)


def to_utc(at: datetime) -> int:
    """An aware datetime as microseconds of UTC. Raises FactError for one without a zone."""
    if at.utcoffset() is None:
        raise FactError.of(
            "naive-datetime", f"the instant {at.isoformat()} has no time zone", f"时刻 {at.isoformat()} 没有时区"
        )
    return (at - _EPOCH) // MICROSECOND


def from_utc(instant: int, zone: ZoneInfo) -> datetime:
    """The instant as a datetime in `zone`."""
    return (_EPOCH + timedelta(microseconds=instant)).astimezone(zone)


def shown(instant: int, zone: ZoneInfo) -> datetime:
    """The instant as hosts get it: local time in `zone`, with the offset of that instant.

    A fixed offset and not the zone itself, because Python compares and subtracts two datetimes of one zone by their
    wall time, which is wrong where the clocks change.
    """
    offset = _steady(instant // DAY, zone)
    if offset is None:
        offset = _offset(from_utc(instant, zone))
    return (_EPOCH + timedelta(microseconds=instant)).astimezone(_fixed(offset))


@lru_cache(maxsize=256)
def _fixed(offset: int) -> timezone:
    return timezone(timedelta(microseconds=offset))


@lru_cache(maxsize=4096)
def _steady(day: int, zone: ZoneInfo) -> int | None:
    """The offset on a day of UTC, counted from 1970; None where it changes in it, or did so the day before.

    An hour that the zone repeats may reach into the day after the change.
    """
    if _EPOCH_DAY + day not in _WHOLE:
        return None
    midnights = {_offset(from_utc(one * DAY, zone)) for one in (day - 1, day, day + 1)}
    return midnights.pop() if len(midnights) == 1 else None


@lru_cache(maxsize=4096)
def _local_offset(day: int, zone: ZoneInfo) -> int | None:
    """The offset on a local day (an ordinal); None where it changes in it or at its midnights."""
    if day not in _WHOLE:
        return None
    midnights = [datetime.combine(date.fromordinal(one), datetime.min.time(), zone) for one in (day, day + 1)]
    offsets = {_offset(midnight.replace(fold=fold)) for midnight in midnights for fold in (0, 1)}
    return offsets.pop() if len(offsets) == 1 else None


def utc_of(day: int, time: int, zone: ZoneInfo) -> int:
    """The instant of a local day (as an ordinal) and time of day (in microseconds, up to 24 hours).

    A time that the zone skips is the instant of the skip; one that it repeats is the first of the two.
    """
    naive = start_of(day) + time
    if (offset := _local_offset(day, zone)) is not None:
        return naive - offset
    local = (datetime.fromordinal(day) + timedelta(microseconds=time)).replace(tzinfo=zone)
    before, after = _offset(local), _offset(local.replace(fold=1))
    if before < after:
        return _change(naive - after, naive - before, zone)
    return naive - before


def day_offsets(first: int, last: int, zone: ZoneInfo) -> list[int | None]:
    """The zone's offset on each local day (ordinals, `last` included); None for a day in which it changes."""
    midnights = [
        _offset(datetime.combine(date.fromordinal(day), datetime.min.time(), zone)) for day in range(first, last + 2)
    ]
    return [early if early == late else None for early, late in pairwise(midnights)]


def start_of(day: int) -> int:
    """The microseconds of UTC of a day's midnight at UTC."""
    return (day - _EPOCH_DAY) * DAY


def local_of(instant: int, zone: ZoneInfo) -> tuple[int, int]:
    """The local day (as an ordinal) and time of day (in microseconds) of an instant, never running backwards.

    The second pass of an hour that the zone repeats counts as that hour's end.
    """
    offset = _steady(instant // DAY, zone)
    if offset is not None:
        day, time = divmod(instant + offset, DAY)
        return _EPOCH_DAY + day, time
    local = from_utc(instant, zone)
    if local.fold:
        before, after = _offset(local.replace(fold=0)), _offset(local)
        local = local.replace(fold=0, tzinfo=None)
        change = _change(instant - (before - after), instant, zone)
        naive = change + before
        return _EPOCH_DAY + naive // DAY, naive % DAY
    time = ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond
    return local.toordinal(), time


def _offset(local: datetime) -> int:
    offset = local.utcoffset() or timedelta()
    return (offset.days * 86400 + offset.seconds) * 1_000_000 + offset.microseconds


def _change(low: int, high: int, zone: ZoneInfo) -> int:
    """The instant in (low, high] at which the zone's offset has changed."""
    earlier = _offset(from_utc(low, zone))
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(from_utc(middle, zone)) == earlier:
            low = middle
        else:
            high = middle
    return high
