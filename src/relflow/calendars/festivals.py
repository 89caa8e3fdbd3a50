"""Festivals by id: their names, and the date of each in a year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from relflow.calendars import lunar
from relflow.calendars.lunar import LunarDay
from relflow.errors import FactError
from relflow.text import Text

__all__ = ["FESTIVALS", "festival", "festivals_between"]


def _named(en: str, zh: str) -> Text:
    return Text((("en", en), ("zh", zh)))


FESTIVALS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "new_year": _named("New Year's Day", "元旦"),
        "new_year_eve": _named("Lunar New Year's Eve", "除夕"),
        "spring_festival": _named("Spring Festival", "春节"),
        "lantern": _named("Lantern Festival", "元宵节"),
        "qingming": _named("Qingming", "清明节"),
        "labour_day": _named("Labour Day", "劳动节"),
        "dragon_boat": _named("Dragon Boat Festival", "端午节"),
        "qixi": _named("Qixi", "七夕"),
        "mid_autumn": _named("Mid-Autumn Festival", "中秋节"),
        "double_ninth": _named("Double Ninth", "重阳节"),
        "national_day": _named("National Day", "国庆节"),
    }
)
"""Every festival id with its name; the order is that of the year."""


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _lunar(month: int, day: int) -> Callable[[int], date]:
    def found(year: int) -> date:
        at = lunar.solar(year, LunarDay(month, day))
        assert at is not None, "every lunar year has the festivals' days"
        return at

    return found


_SPRING = _lunar(1, 1)
_DATES: Final[Mapping[str, Callable[[int], date]]] = {
    "new_year": _fixed(1, 1),
    "new_year_eve": lambda year: _SPRING(year) - timedelta(days=1),
    "spring_festival": _SPRING,
    "lantern": _lunar(1, 15),
    "qingming": lunar.qingming,
    "labour_day": _fixed(5, 1),
    "dragon_boat": _lunar(5, 5),
    "qixi": _lunar(7, 7),
    "mid_autumn": _lunar(8, 15),
    "double_ninth": _lunar(9, 9),
    "national_day": _fixed(10, 1),
}
_FIXED: Final = frozenset({"new_year", "labour_day", "national_day"})


def festival(id: str, year: int) -> date:
    """The date on which a festival falls in the solar `year`; New Year's Eve is the eve of that year's Spring Festival.

    Raises KeyError for an id that `FESTIVALS` has not, FactError for a lunar festival outside 1900 to 2100.
    """
    dates = _DATES[id]
    if id not in _FIXED and not lunar.FIRST_YEAR <= year <= lunar.LAST_YEAR:
        raise FactError.of(
            "calendar-range",
            f"lunar festivals are known from {lunar.FIRST_YEAR} to {lunar.LAST_YEAR}, not in {year}",
            f"农历节日只覆盖 {lunar.FIRST_YEAR} 到 {lunar.LAST_YEAR} 年，不含 {year} 年",
        )
    return dates(year)


def festivals_between(id: str, start: date, end: date) -> tuple[date, ...]:
    """The dates of a festival from `start` to `end`, both included."""
    dates = (festival(id, year) for year in range(start.year, end.year + 1))
    return tuple(day for day in dates if start <= day <= end)
