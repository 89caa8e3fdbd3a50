"""Days and instants as hosts give them: Python's own, or the text that people and files have."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from relflow.errors import FactError

__all__ = ["as_day", "as_instant"]


def as_instant(value: object, zone: tzinfo, what: str = "at") -> datetime | date | None:
    """A day, or an instant in the zone; a text such as `2026-07-01` or `2026-07-01T09:30` (then in that zone) too.

    Raises FactError, which calls it `what`, for a datetime without a zone and for anything else.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return _of_text(value, zone, what)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise FactError.of(
                "naive",
                f"`{what}` has no time zone: pass an aware datetime, or a date",
                f"`{what}` 缺少时区：请传入带时区的时间，或日期",
            )
        return _in_zone(value, zone, what)
    if isinstance(value, date):
        return value
    raise FactError.of(
        "type",
        f"`{what}` is neither a date nor a datetime: pass a date, a datetime with its zone, or `2026-07-01`",
        f"`{what}` 既不是日期也不是日期时间：请传入日期、带时区的时间，或 `2026-07-01`",
    )


def as_day(value: object, zone: tzinfo, what: str) -> date | None:
    """The day of what `as_instant` reads, in the zone."""
    found = as_instant(value, zone, what)
    return found.date() if isinstance(found, datetime) else found


def _of_text(text: str, zone: tzinfo, what: str) -> datetime | date:
    try:
        if len(text) <= len("2026-07-01"):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise FactError.of(
            "type",
            f"`{what}` is no day or instant: write `2026-07-01`, or `2026-07-01T09:30`",
            f"`{what}` 不是日期或时刻：请写成 `2026-07-01` 或 `2026-07-01T09:30`",
        ) from None
    return found.replace(tzinfo=zone) if found.tzinfo is None else _in_zone(found, zone, what)


def _in_zone(value: datetime, zone: tzinfo, what: str) -> datetime:
    try:
        return value.astimezone(zone)
    except OverflowError:
        raise FactError.of(
            "bounds",
            f"`{what}` lies before the year 1 or after 9999 in the policy's time zone",
            f"`{what}` 按制度所在时区早于公元 1 年或晚于 9999 年",
        ) from None
