"""Laws that values of expressions keep."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from relflow.values import (
    YearsMonthsDuration,
    add,
    compare,
    decimals,
    divide,
    equal,
    exact_decimal,
    identical,
    multiply,
    negate,
    number_text,
    parse_number,
    parse_temporal,
    same_number,
    subtract,
    to_text,
)
from tests.strategies import values as strategies


@given(strategies.temporal())
def test_what_is_printed_is_read_as_the_same(value: Any) -> None:
    """Dates, times and durations of every kind survive a trip through their text."""
    read = parse_temporal(to_text(value))

    assert identical(read, value)
    assert type(read) is type(value)


@given(strategies.numbers())
def test_numbers_survive_a_trip_through_their_text(value: Any) -> None:
    """With all their digits."""
    assert same_number(parse_number(number_text(value)), decimals.to_decimal(value))


@given(strategies.numbers(), strategies.numbers())
def test_numbers_are_ordered_as_decimals(first: Any, second: Any) -> None:
    """Whatever class the host chose."""
    a, b = exact_decimal(first), exact_decimal(second)

    assert compare(first, second) == (a > b) - (a < b)
    assert equal(first, second) is (a == b)


@given(strategies.small_numbers(), strategies.small_numbers())
def test_arithmetic_is_exact_within_34_digits(first: Any, second: Any) -> None:
    """Sums, differences and products of short numbers lose nothing."""
    a, b = Decimal(first), Decimal(second)

    assert decimals.add(first, second) == a + b
    assert decimals.subtract(first, second) == a - b
    assert decimals.multiply(first, second) == a * b
    if second:
        rest = decimals.modulo(first, second)
        assert 0 <= rest < b or b < rest <= 0


@given(strategies.dates(), strategies.durations())
def test_a_date_and_time_comes_back_from_a_duration(day: Any, duration: Any) -> None:
    """Adding and taking away is nothing, on the line of time."""
    start = parse_temporal(to_text(day) + "T12:00:00Z")
    try:
        there = add(start, duration)
    except ValueError:
        assume(False)

    assert equal(subtract(there, duration), start) is True
    assert equal(subtract(there, start), duration) is True


@given(strategies.datetimes(), strategies.durations())
def test_zones_do_not_bend_the_line_of_time(start: Any, duration: Any) -> None:
    """What is so much later is so much later in every zone."""
    try:
        there = add(start, duration)
    except ValueError:
        assume(False)
    assume(1 < start.year < 9999)
    assume(1 < there.year < 9999)
    back = subtract(there, start)

    # the hour that a zone repeats in autumn is one text for two instants
    assert abs(exact_seconds(back) - exact_seconds(duration)) <= (0 if start.tzinfo is None else 7200)


def exact_seconds(duration: Any) -> Decimal:
    """The seconds of a duration."""
    return exact_decimal(divide(duration, parse_temporal("PT1S")))


@given(strategies.durations(), strategies.durations())
def test_durations_are_a_group(first: Any, second: Any) -> None:
    """Order of adding does not matter, and each has its opposite."""
    assert equal(add(first, second), add(second, first)) is True
    assert equal(add(first, negate(first)), parse_temporal("PT0S")) is True
    assert equal(subtract(add(first, second), second), first) is True


@given(strategies.months(), st.integers(-50, 50))
def test_durations_in_months_multiply_by_whole_numbers(duration: YearsMonthsDuration, factor: int) -> None:
    """Exactly."""
    assert multiply(duration, factor) == YearsMonthsDuration(duration.months * factor)
    assert multiply(factor, duration) == multiply(duration, factor)


@given(st.lists(strategies.datetimes(), min_size=3, max_size=3))
def test_order_of_instants_is_transitive(values: list[Any]) -> None:
    """Among zoned values, and among local ones."""
    first, second, third = values
    assume((first.tzinfo is None) is (second.tzinfo is None) is (third.tzinfo is None))
    if compare(first, second) in {-1, 0} and compare(second, third) in {-1, 0}:
        assert compare(first, third) in {-1, 0}


@given(strategies.temporal(), strategies.temporal())
def test_equality_and_order_agree(first: Any, second: Any) -> None:
    """Equal exactly where the order says 0; what is identical is equal."""
    order, answer = compare(first, second), equal(first, second)

    if order is not None:
        assert answer is (order == 0)
    if identical(first, second):
        assert answer is True


@given(st.text(max_size=40))
def test_any_text_is_a_value_or_a_value_error(text: str) -> None:
    """No other exception leaves the parser."""
    try:
        value = parse_temporal(text)
    except ValueError:
        return
    assert to_text(value)
