"""Time zones: fixed offsets and IANA names, on either side of the years that the standard library knows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

__all__ = ["is_named", "offset_at", "offset_zone", "parse_zone", "time_offset", "zone_name", "zone_text"]

MAX_OFFSET_SECONDS: Final = 18 * 3600
# The date on which a time of day with a named zone finds its offset, as in XPath's comparisons of times.
_REFERENCE = (1972, 12, 31)
_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-5][0-9])(?::([0-5][0-9]))?", re.ASCII)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(?:/[A-Za-z0-9_+-]{1,30}){0,3}", re.ASCII)


@lru_cache(maxsize=256)
def offset_zone(seconds: int) -> tzinfo:
    """The zone at a fixed offset from UTC. Raises ValueError beyond 18 hours."""
    if abs(seconds) > MAX_OFFSET_SECONDS:
        raise ValueError("time offset beyond 18 hours")
    return UTC if seconds == 0 else timezone(timedelta(seconds=seconds))


def parse_zone(text: str) -> tzinfo | None:
    """A zone from the end of a time: nothing, `Z` or `z`, `+08:00`, `-05:30:15` or `@Asia/Shanghai`.

    Raises ValueError for any other text and for names that the time zone database has not.
    """
    if not text:
        return None
    if text in {"Z", "z"}:
        return UTC
    if text[0] == "@":
        return _named(text[1:])
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise ValueError(f"not a time offset: {text[:40]}")
    seconds = int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4] or 0)
    return offset_zone(-seconds if match[1] == "-" else seconds)


def _named(name: str) -> tzinfo:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a time zone: {name[:40]}")
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"not a time zone: {name}") from error


def is_named(zone: tzinfo | None) -> bool:
    """Whether the zone has a name rather than a fixed offset."""
    return zone is not None and not isinstance(zone, timezone)


def zone_name(zone: tzinfo | None) -> str | None:
    """The name of a named zone, else None."""
    return (getattr(zone, "key", None) or str(zone)) if is_named(zone) else None


def zone_text(zone: tzinfo | None) -> str:
    """How the zone is written after a time: nothing, `Z`, `+08:00` or `@Asia/Shanghai`."""
    if zone is None:
        return ""
    name = zone_name(zone)
    if name is not None:
        return "@" + name
    seconds = time_offset(zone) or 0
    if seconds == 0:
        return "Z"
    minutes, rest = divmod(abs(seconds), 60)
    text = f"{'-' if seconds < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{rest:02d}" if rest else text


def offset_at(zone: tzinfo, year: int, month: int, day: int, seconds: int) -> int:
    """The zone's offset from UTC, in seconds, at a local date and second of the day.

    Years that the standard library has not take the offset of its first days, or of the same year in its last cycle
    of 400 years.
    """
    if year < 1:
        local = datetime(1, 1, 2)  # noqa: DTZ001 - the zone is attached below
    else:
        known = year if year <= 9998 else 9200 + year % 400
        local = datetime(known, month, day, seconds // 3600, seconds // 60 % 60, seconds % 60)  # noqa: DTZ001
    return _seconds(local.replace(tzinfo=zone).utcoffset())


def time_offset(zone: tzinfo | None) -> int | None:
    """The offset, in seconds, of a time of day without a date; None for a local time."""
    if zone is None:
        return None
    return _seconds(datetime(*_REFERENCE, 12, tzinfo=zone).utcoffset())


def _seconds(offset: timedelta | None) -> int:
    return 0 if offset is None else offset.days * 86400 + offset.seconds
