"""How messages may go out on a channel, as compiled: quiet hours, limits, personal values."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from relflow.diagnostics import Span
from relflow.program.cadences import Valued
from relflow.structs import dataclass

__all__ = ["Channel", "quiet_hours", "quiet_until"]

_HOURS = re.compile(r"\s*(\d{1,2}):(\d\d)\s*[-–~]\s*(\d{1,2}):(\d\d)\s*")


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel: nothing goes out in its `quiet` hours, at most `count` to one recipient in each `per`.

    Only a `personal` one carries personal values, for messages that ask for them.
    """

    id: str
    span: Span
    quiet: Valued | None = None
    count: Valued | None = None
    per: Valued | None = None
    personal: bool = False
    source: tuple[str, ...] = ()


def quiet_hours(text: object) -> tuple[time, time] | None:
    """From when until when, read from `21:00-08:00`; None for any other text."""
    match = _HOURS.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    first, minute, last, end = (int(part) for part in match.groups())
    if first > 23 or last > 23 or minute > 59 or end > 59 or (first, minute) == (last, end):
        return None
    return time(first, minute), time(last, end)


def quiet_until(hours: tuple[time, time], at: datetime) -> datetime | None:
    """When the quiet hours end in which `at` lies; None where it lies outside. They may last past midnight."""
    begin, end = hours
    now = at.time()
    inside = begin <= now < end if begin < end else now >= begin or now < end
    if not inside:
        return None
    day = at.date() + timedelta(days=1) if now >= end else at.date()
    return datetime.combine(day, end, at.tzinfo)
