"""`Retry-After`: how long a server that is busy asks to be left alone (RFC 9110, section 10.2.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

__all__ = ["LONGEST", "pause"]

# a server that asks for a year is asked again tomorrow
LONGEST: Final = timedelta(days=1)


def pause(header: str, now: float) -> timedelta | None:
    """The wait that the header asks for, at most a day: seconds, or until a date; None for what is neither.

    `now` is in seconds since 1970. A date that is past asks for no wait.
    """
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        # "-0000" says that nobody knows the zone; HTTP dates are in GMT
        until = until.replace(tzinfo=UTC)
    return min(max(until - datetime.fromtimestamp(now, UTC), timedelta()), LONGEST)
