"""China's days off and shifted working days (the only door to chinesecalendar), and the guess for later years.

The State Council publishes a year's list in the autumn before. Until then the usual arrangement is assumed: Spring
Festival eight days from its eve, Labour Day five, National Day seven, the other festivals one, on the Monday after
where it falls on a weekend, and no shifted working days. Held against the lists of 2016 to 2026 that guess is wrong
on 6 to 14 days a year, most of them the shifted working days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from relflow.calendars import lunar
from relflow.calendars.festivals import FESTIVALS, festival
from relflow.calendars.lists import DayList, PublishedYear
from relflow.text import Text

__all__ = ["china", "guess"]

# The newest list, so that an older chinesecalendar does not leave its year open: holiday, first day, days, days that
# work for it.
_BUNDLED: Final = {
    2026: (
        ("new_year", "2026-01-01", 3, ("2026-01-04",)),
        ("spring_festival", "2026-02-15", 9, ("2026-02-14", "2026-02-28")),
        ("qingming", "2026-04-04", 3, ()),
        ("labour_day", "2026-05-01", 5, ("2026-05-09",)),
        ("dragon_boat", "2026-06-19", 3, ()),
        ("mid_autumn", "2026-09-25", 3, ()),
        ("national_day", "2026-10-01", 7, ("2026-09-20", "2026-10-10")),
    )
}
_NAMES: Final[Mapping[str, Text]] = {
    "New Year's Day": FESTIVALS["new_year"],
    "Spring Festival": FESTIVALS["spring_festival"],
    "Tomb-sweeping Day": FESTIVALS["qingming"],
    "Labour Day": FESTIVALS["labour_day"],
    "Dragon Boat Festival": FESTIVALS["dragon_boat"],
    "Mid-autumn Festival": FESTIVALS["mid_autumn"],
    "National Day": FESTIVALS["national_day"],
    "Anti-Fascist 70th Day": Text(
        (("en", "70th anniversary of the end of the war"), ("zh", "抗日战争胜利 70 周年纪念日"))
    ),
}
# first day against the festival's date, and length
_USUAL: Final = {"spring_festival": (-1, 8), "labour_day": (0, 5), "national_day": (0, 7)}
_SINGLE: Final = ("new_year", "qingming", "dragon_boat", "mid_autumn")


@lru_cache(maxsize=1)
def china() -> DayList:
    """What is known of China: the years of the installed chinesecalendar, and the newest list that relflow carries."""
    from chinese_calendar import constants  # noqa: PLC0415 - 5 ms that only this country needs

    closed = {day: _name(name) for day, name in constants.holidays.items()}
    makeup = {day: _name(name) for day, name in constants.workdays.items()}
    known = DayList("CN", closed, makeup, frozenset(day.year for day in closed), guess=guess)
    return known.with_published(_bundled(year) for year in _BUNDLED if year not in known.published)


def guess(year: int) -> dict[date, Text]:
    """The days off of a year whose list is not published, by the usual arrangement; fixed festivals beyond 2100."""
    names = [*_USUAL, *_SINGLE]
    if not lunar.FIRST_YEAR <= year <= lunar.LAST_YEAR:
        names = [name for name in names if name in {"new_year", "labour_day", "national_day"}]
    return {day: FESTIVALS[name] for name in names for day in _usual(name, festival(name, year))}


def _usual(name: str, on: date) -> Iterator[date]:
    if name in _USUAL:
        shift, length = _USUAL[name]
        yield from (on + timedelta(days=shift + number) for number in range(length))
    else:
        yield on
        if on.weekday() >= 5:
            yield on + timedelta(days=7 - on.weekday())


def _bundled(year: int) -> PublishedYear:
    closed: dict[date, Text] = {}
    makeup: dict[date, Text] = {}
    for name, first, length, working in _BUNDLED[year]:
        start = date.fromisoformat(first)
        closed |= {start + timedelta(days=number): FESTIVALS[name] for number in range(length)}
        makeup |= {date.fromisoformat(day): FESTIVALS[name] for day in working}
    return PublishedYear(year, closed, makeup)


def _name(name: str) -> Text:
    return _NAMES.get(name) or Text.of(name)
