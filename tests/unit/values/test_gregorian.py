"""The calendar without limits of years."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from relflow.values.gregorian import add_months, date_of, day_of_year, days_in_month, iso_week, ordinal, weekday


@given(st.dates())
def test_the_calendar_is_that_of_the_standard_library(day: date) -> None:
    """Wherever the standard library has one."""
    parts = day.year, day.month, day.day

    assert ordinal(*parts) == day.toordinal()
    assert date_of(day.toordinal()) == parts
    assert weekday(*parts) == day.isoweekday()
    assert iso_week(*parts) == day.isocalendar()[1]
    assert day_of_year(*parts) == day.timetuple().tm_yday


@given(st.integers(-(10**12), 10**12))
def test_numbers_of_days_and_dates_are_the_same_thing(number: int) -> None:
    """In any year, and days follow one another."""
    year, month, day = date_of(number)

    assert ordinal(year, month, day) == number
    assert 1 <= day <= days_in_month(year, month)
    assert date_of(number) < date_of(number + 1)
    assert weekday(year, month, day) == weekday(*date_of(number + 7))


@given(st.dates(), st.integers(-5000, 5000))
def test_months_come_back_unless_a_day_was_cut_off(day: date, months: int) -> None:
    """The only loss is at the end of shorter months."""
    there = add_months(day.year, day.month, day.day, months)
    back = add_months(*there, -months)

    assert back[:2] == (day.year, day.month)
    assert back[2] == min(day.day, there[2])
