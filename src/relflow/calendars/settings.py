"""A calendar from the settings of a policy and its overlay, every mistake reported at its key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from relflow.calendars.calendar import Calendar
from relflow.calendars.countries import day_list
from relflow.calendars.hours import ALL_DAY, Hours, read_hours
from relflow.calendars.lists import PLAIN, DayList, PublishedYear
from relflow.calendars.tables import OwnDay
from relflow.diagnostics import Message, Severity, nearest
from relflow.text import Text
from relflow.values.refusals import Refusal

__all__ = ["build_calendar", "own_days", "read_calendar", "read_zone"]

UNKNOWN_ZONE = Message.of(
    "unknown-time-zone",
    Severity.ERROR,
    "there is no time zone `{text}`",
    "没有 `{text}` 这个时区",
    "write an IANA name such as `Asia/Shanghai` or `Europe/Berlin`",
    "写 IANA 时区名，例如 `Asia/Shanghai`、`Europe/Berlin`",
)

_CLOSED: Final = Text((("en", "company day off"), ("zh", "企业休息日")))
_OPENED: Final = Text((("en", "company working day"), ("zh", "企业工作日")))


def read_zone(text: str) -> ZoneInfo | Refusal:
    """A time zone by its IANA name."""
    try:
        return ZoneInfo(text)
    except (KeyError, OSError, ValueError):
        likely = nearest(text, sorted(available_timezones()))
        return Refusal(UNKNOWN_ZONE, (("text", text),), (likely,) if likely else ())


def own_days(
    closed: Mapping[date, str | Text] | Iterable[date] = (), open: Mapping[date, str | Text] | Iterable[date] = ()
) -> tuple[OwnDay, ...]:
    """Days that a company closes or opens by itself, with a label each or without."""
    days = [OwnDay(day, False, label) for day, label in _labelled(closed, _CLOSED)]
    days += [OwnDay(day, True, label) for day, label in _labelled(open, _OPENED)]
    return tuple(sorted(days, key=lambda one: one.day))


def _labelled(days: Mapping[date, str | Text] | Iterable[date], label: Text) -> list[tuple[date, Text]]:
    if isinstance(days, Mapping):
        return [(day, Text.of(text) or label) for day, text in days.items()]
    return [(day, label) for day in days]


def read_calendar(
    *,
    country: str | None = None,
    hours: str | Mapping[str, str] | None = None,
    timezone: str = "UTC",
    own: Iterable[OwnDay] = (),
    published: Iterable[PublishedYear] = (),
    known: Mapping[str, DayList] = MappingProxyType({}),
) -> Calendar | dict[str, Refusal]:
    """A calendar, or what is wrong by key: `country`, `hours`, `timezone`.

    `country` is `CN`, `DE`, `DE-BY`, `none`, or a name among `known`, which are lists that plugins bring; `hours` are
    one text for all working days or one for each weekday (absent: the whole day); `own` are the company's days,
    `published` official lists that relflow does not know yet.
    """
    days = known[country] if country is not None and country in known else day_list(country)
    weekend = (PLAIN if isinstance(days, Refusal) else days).weekend
    shifts = Hours.every_day(ALL_DAY, weekend) if hours is None else read_hours(hours, weekend)
    zone = read_zone(timezone)
    if isinstance(days, Refusal) or isinstance(shifts, Refusal) or isinstance(zone, Refusal):
        found = {"country": days, "hours": shifts, "timezone": zone}
        return {key: value for key, value in found.items() if isinstance(value, Refusal)}
    return Calendar(days.with_published(published), shifts, zone).with_days(own)


def build_calendar(
    country: str | None = None,
    hours: str | Mapping[str, str] | None = None,
    timezone: str = "UTC",
    own: Iterable[OwnDay] = (),
    published: Iterable[PublishedYear] = (),
) -> Calendar:
    """As `read_calendar`. Raises FactError with the first thing that is wrong."""
    found = read_calendar(country=country, hours=hours, timezone=timezone, own=own, published=published)
    if isinstance(found, Calendar):
        return found
    raise next(iter(found.values())).error()
