"""Strategies for the values of expressions: numbers, dates, times, durations, ranges."""

from __future__ import annotations

from datetime import UTC, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from relflow.values import (
    Date,
    DateTime,
    DaysDuration,
    Range,
    Time,
    YearsMonthsDuration,
    make_date,
    make_datetime,
    make_duration,
    make_time,
)
from relflow.values.gregorian import MAX_YEAR, MIN_YEAR, days_in_month
from relflow.values.zones import offset_zone

ZONES = ("Asia/Shanghai", "Europe/Paris", "America/New_York", "Australia/Melbourne", "Asia/Kathmandu")


def numbers() -> st.SearchStrategy[int | float | Decimal]:
    """Numbers as a host may pass them, none beyond 34 digits."""
    return st.one_of(
        st.integers(-(10**34) + 1, 10**34 - 1),
        st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300),
        st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6),
    )


def small_numbers() -> st.SearchStrategy[int | Decimal]:
    """Numbers whose sums and products are exact."""
    return st.one_of(
        st.integers(-(10**6), 10**6), st.decimals(min_value=-1000, max_value=1000, places=3, allow_nan=False)
    )


def zones() -> st.SearchStrategy[tzinfo | None]:
    """No zone, UTC, an offset or a named zone."""
    offsets = st.integers(-18 * 60, 18 * 60).map(lambda minutes: offset_zone(minutes * 60))
    return st.one_of(st.none(), st.just(UTC), offsets, st.sampled_from(ZONES).map(ZoneInfo))


def years() -> st.SearchStrategy[int]:
    """Ordinary years mostly, and the others that the standard allows."""
    return st.one_of(st.integers(1900, 2100), st.integers(1, 9999), st.integers(MIN_YEAR + 1, MAX_YEAR - 1))


@st.composite
def dates(draw: st.DrawFn) -> Date:
    """Dates of any year."""
    year, month = draw(years()), draw(st.integers(1, 12))
    return make_date(year, month, draw(st.integers(1, days_in_month(year, month))))


def nanoseconds() -> st.SearchStrategy[int]:
    """Fractions of a second, mostly none."""
    return st.one_of(st.just(0), st.integers(0, 999_999).map(lambda n: n * 1000), st.integers(0, 999_999_999))


@st.composite
def times(draw: st.DrawFn) -> Time:
    """Times of day, local or in a zone."""
    return make_time(
        draw(st.integers(0, 23)),
        draw(st.integers(0, 59)),
        draw(st.integers(0, 59)),
        draw(nanoseconds()),
        draw(zones()),
    )


def datetimes() -> st.SearchStrategy[DateTime]:
    """Dates and times of any year, local or in a zone."""
    return st.builds(make_datetime, dates(), times())


def durations() -> st.SearchStrategy[DaysDuration]:
    """Durations in days and less, up to ten thousand years."""
    longest = 10_000 * 366 * 86_400 * 10**9
    return st.one_of(
        st.integers(-100, 100).map(lambda days: make_duration(days * 86_400 * 10**9)),
        st.integers(-longest, longest).map(make_duration),
    )


def months() -> st.SearchStrategy[YearsMonthsDuration]:
    """Durations in months."""
    return st.integers(-20_000, 20_000).map(YearsMonthsDuration)


def ranges() -> st.SearchStrategy[Range]:
    """Ranges of numbers, the lower end first."""
    ends = st.lists(st.integers(-5, 5), min_size=2, max_size=2).map(sorted)
    return st.builds(lambda pair, a, b: Range(pair[0], pair[1], a, b), ends, st.booleans(), st.booleans())


def temporal() -> st.SearchStrategy[object]:
    """Any date, time, date and time, or duration."""
    return st.one_of(dates(), times(), datetimes(), durations(), months())
