"""Festivals, lunar days, months that clamp, and dates that come again."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from relflow.calendars import (
    FESTIVALS,
    Every,
    LunarDay,
    LunarYearly,
    MissingDay,
    Yearly,
    add_months,
    festival,
    festivals_between,
    lunar_day,
    months_between,
    yearly,
)
from relflow.calendars.lunar import days_in_lunar_month, leap_month, solar
from relflow.errors import FactError
from relflow.values import Duration
from tests.strategies.calendars import CALENDARS

DATA = Path(__file__).parents[2] / "data"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows("cn_lunar_festivals_2024_2027.csv"), ids=lambda row: row["date"])
def test_lunar_festivals(row: dict[str, str]) -> None:
    """A festival falls on the date that six packages agree on."""
    assert festival(row["festival"], int(row["lunar_year"])) == date.fromisoformat(row["date"])


def test_leap_months_of_the_century() -> None:
    """The lunar years with a leap month are the listed ones, all others have none."""
    listed = {int(row["lunar_year"]): int(row["leap_month"]) for row in rows("cn_leap_months_2000_2099.csv")}

    assert {year: leap_month(year) for year in range(2000, 2100) if leap_month(year)} == listed


def test_festivals_have_names_and_stay_in_their_year() -> None:
    """Each festival has a name in both languages and one date in each solar year."""
    for key, name in FESTIVALS.items():
        assert name.text("en") != name.text("zh")
        assert [festival(key, year).year for year in (1950, 2026, 2100)] == [1950, 2026, 2100]


def test_fixed_festivals_and_qingming() -> None:
    """Solar festivals stand on their dates; Qingming moves between 4 and 5 April."""
    assert festival("national_day", 9000) == date(9000, 10, 1)
    assert [festival("qingming", year).day for year in (2023, 2024, 2025, 2026)] == [5, 4, 4, 5]


def test_festivals_between_two_dates() -> None:
    """Both ends count, and every year between has its festival."""
    found = festivals_between("spring_festival", date(2024, 2, 10), date(2026, 2, 17))

    assert found == (date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17))
    assert festivals_between("spring_festival", date(2026, 2, 18), date(2026, 12, 31)) == ()


def test_unknown_festivals_and_years() -> None:
    """An id that there is not is a KeyError; a year that the lunar calendar here has not is refused."""
    with pytest.raises(KeyError):
        festival("christmas", 2026)
    with pytest.raises(FactError) as caught:
        festival("qixi", 2200)

    assert caught.value.reason == "calendar-range"


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-01-15", -13, "2024-12-15"),
    ],
)
def test_months_clamp(anchor: str, months: int, expected: str) -> None:
    """A month later is the same day, or the month's last."""
    assert add_months(date.fromisoformat(anchor), months) == date.fromisoformat(expected)


def test_whole_months_between() -> None:
    """A month has passed once adding it does not go beyond the end."""
    assert months_between(date(2026, 1, 31), date(2026, 2, 28)) == 1
    assert months_between(date(2026, 1, 31), date(2026, 3, 30)) == 1
    assert months_between(date(2026, 3, 31), date(2026, 2, 28)) == -1
    assert months_between(date(2026, 3, 31), date(2026, 3, 1)) == -1


def test_a_monthly_rhythm_never_drifts() -> None:
    """Each date is counted from the anchor: after a short February the 31st comes back."""
    every = Every(date(2026, 1, 31), Duration.of("1 month"))

    assert [str(day) for day in every.between(date(2026, 1, 1), date(2026, 6, 1))] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
    ]
    assert every.after(date(2026, 2, 28)) == date(2026, 3, 31)
    assert every.after(date(2020, 1, 1)) == date(2026, 2, 28)


def test_a_rhythm_may_be_denser() -> None:
    """Twice as often puts a date halfway between two of the months, by days."""
    every = Every(date(2026, 1, 31), Duration.of("1 month"), 2)

    assert [str(day) for day in every.between(date(2026, 1, 31), date(2026, 3, 31))] == [
        "2026-01-31",
        "2026-02-14",
        "2026-02-28",
        "2026-03-15",
        "2026-03-31",
    ]
    assert Every(date(2026, 1, 1), Duration.of("2 weeks"), Decimal(2)).at(3) == date(2026, 1, 22)


def test_a_rhythm_denser_than_days_has_each_day_once() -> None:
    """Twice a day is every day: the anchor is not the next occurrence after itself."""
    every = Every(date(2026, 1, 1), Duration.of("1 day"), 2)

    assert every.after(date(2020, 1, 1)) == every.after(date(2026, 1, 1)) == date(2026, 1, 2)
    assert every.between(date(2026, 1, 1), date(2026, 1, 3)) == (date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3))


def test_a_rhythm_of_working_days() -> None:
    """Every five working days steps over Spring Festival and counts the shifted Saturdays."""
    every = Every(date(2026, 2, 9), Duration.of("5 working days"), calendar=CALENDARS["lunch"])

    assert [str(every.at(number)) for number in range(4)] == ["2026-02-09", "2026-02-14", "2026-02-28", "2026-03-06"]


@pytest.mark.parametrize("text", ["4 hours", "4 working hours", "0 days", "36 hours"])
def test_what_cannot_come_again(text: str) -> None:
    """Hours, and nothing at all, are no rhythm of dates."""
    with pytest.raises(FactError) as caught:
        Every(date(2026, 1, 1), Duration.of(text))

    assert caught.value.reason == "recurrence"


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("last_day", ["2024-02-29", "2025-02-28", "2026-02-28"]),
        ("skip", ["2024-02-29"]),
        ("next_day", ["2024-02-29", "2025-03-01", "2026-03-01"]),
    ],
)
def test_birthdays_on_29_february(missing: MissingDay, expected: list[str]) -> None:
    """In common years the rule says where the birthday goes."""
    birthday = yearly(date(2000, 2, 29), missing)

    assert isinstance(birthday, Yearly)
    assert [str(day) for day in birthday.between(date(2024, 1, 1), date(2026, 12, 31))] == expected


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("last_day", ["2024-02-09", "2025-01-28", "2026-02-16"]),
        ("skip", ["2024-02-09"]),
        ("next_day", ["2024-02-09", "2025-01-29", "2026-02-17"]),
    ],
)
def test_lunar_birthdays_on_the_thirtieth(missing: MissingDay, expected: list[str]) -> None:
    """The thirtieth of the twelfth month is absent from the lunar years 2024 and 2025: the rule says what then."""
    birthday = LunarYearly(LunarDay(12, 30), missing)

    assert [days_in_lunar_month(year, 12) for year in (2023, 2024, 2025)] == [30, 29, 29]
    assert [str(day) for day in birthday.between(date(2024, 1, 1), date(2026, 12, 31))] == expected


def test_a_lunar_birthday_may_fall_into_the_next_lunar_year() -> None:
    """The day after the last of a lunar year is New Year, and is found when only that day is asked for."""
    new_year = date(2025, 1, 29)

    assert LunarYearly(LunarDay(12, 30), "next_day").between(new_year, new_year) == (new_year,)


def test_lunar_birthdays_in_a_leap_month() -> None:
    """Who was born in a leap month keeps the ordinary month of that number, unless missing days are skipped."""
    born = date(2025, 7, 26)
    assert lunar_day(born) == (2025, LunarDay(6, 2, leap=True))
    kept, skipped = (yearly(born, missing, lunar_calendar=True) for missing in ("last_day", "skip"))
    between = (date(2024, 1, 1), date(2027, 12, 31))

    assert [str(day) for day in kept.between(*between)] == ["2024-07-07", "2025-07-26", "2026-07-15", "2027-07-05"]
    assert [str(day) for day in skipped.between(*between)] == ["2025-07-26"]


def test_lunar_days_and_back() -> None:
    """Every day of a lunar year with a leap month is found again from its solar date."""
    day = date(2025, 1, 29)
    while day < date(2026, 2, 17):
        year, found = lunar_day(day)
        assert solar(year, found) == day
        day += timedelta(days=1)
    assert solar(2026, LunarDay(6, 1, leap=True)) is None
    assert solar(2026, LunarDay(12, 30)) is None


def test_lunar_days_beyond_the_tables() -> None:
    """A lunar year outside 1900 to 2100 is refused."""
    with pytest.raises(FactError):
        LunarYearly(LunarDay(1, 1)).in_year(2101)
