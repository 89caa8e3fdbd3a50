"""Official lists of days off and shifted working days, as data: what is published, and a guess for what is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from datetime import date
from typing import Final

from relflow.calendars.hours import WEEKEND
from relflow.diagnostics import Message, Severity
from relflow.structs import dataclass
from relflow.text import Text
from relflow.values.refusals import Refusal

__all__ = ["PLAIN", "DayList", "PublishedYear", "read_published"]


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """One year's official list: days off with the holiday's name, and days of the weekend that work, with its name."""

    year: int
    closed: Mapping[date, Text]
    makeup: Mapping[date, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayList:
    """What a country's calendar knows.

    `published` are the years whose list is out; `always` says that no list is needed, so that no year is provisional.
    `guess` names the days off of a year that is not published; `weekend` are its weekdays from 0, Monday.
    """

    country: str
    closed: Mapping[date, Text] = field(default_factory=dict)
    makeup: Mapping[date, Text] = field(default_factory=dict)
    published: frozenset[int] = frozenset()
    always: bool = False
    guess: Callable[[int], Mapping[date, Text]] | None = None
    weekend: frozenset[int] = WEEKEND

    def is_provisional(self, year: int) -> bool:
        """Whether `year` is only guessed."""
        return not self.always and year not in self.published

    def in_year(self, year: int) -> PublishedYear:
        """The days off and the shifted working days of `year`, guessed where it is not published."""
        if self.is_provisional(year):
            return PublishedYear(year, self.guess(year) if self.guess else {})
        return PublishedYear(
            year,
            {day: name for day, name in self.closed.items() if day.year == year},
            {day: name for day, name in self.makeup.items() if day.year == year},
        )

    def with_published(self, years: Iterable[PublishedYear]) -> DayList:
        """The list with other years published, each instead of what was known of it."""
        closed, makeup, published = dict(self.closed), dict(self.makeup), set(self.published)
        for one in years:
            for known, given in ((closed, one.closed), (makeup, one.makeup)):
                for day in [day for day in known if day.year == one.year]:
                    del known[day]
                known.update(given)
            published.add(one.year)
        return replace(self, closed=closed, makeup=makeup, published=frozenset(published))


PLAIN: Final = DayList("none", always=True)
"""Monday to Friday, without any holiday."""

NOT_A_LIST = Message.of(
    "not-a-day-list",
    Severity.ERROR,
    "this is not a year's list of days off: {why}",
    "这不是一年的放假安排：{why}",
    'the file is JSON, `{"year": 2027, "days": [{"name": "春节", "date": "2027-02-06", "isOffDay": true}]}`',
    '文件是 JSON 格式：`{"year": 2027, "days": [{"name": "春节", "date": "2027-02-06", "isOffDay": true}]}`',
)
_EMPTY = Text((("en", "it has no days, so the list is not published yet"), ("zh", "里面没有日期，说明安排尚未公布")))
_SHAPE = Text((("en", "`year` or `days` is missing or of another form"), ("zh", "缺少 `year` 或 `days`，或者格式不对")))


def read_published(text: str) -> PublishedYear | Refusal:
    """A year's list from JSON in the form of the holiday-cn project, as a company adds it before a release has it."""
    try:
        content = json.loads(text)
        year, days = int(content["year"]), content["days"]
        named = {date.fromisoformat(day["date"]): (bool(day["isOffDay"]), str(day["name"])) for day in days}
    except (KeyError, TypeError, ValueError, RecursionError):
        return Refusal(NOT_A_LIST, (("why", _SHAPE),))
    if not named:
        return Refusal(NOT_A_LIST, (("why", _EMPTY),))
    closed = {day: Text.of(name) for day, (off, name) in named.items() if off and day.year == year}
    makeup = {day: Text.of(name) for day, (off, name) in named.items() if not off and day.year == year}
    return PublishedYear(year, closed, makeup)
