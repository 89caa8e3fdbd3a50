"""Sums, differences, products and quotients of dates, times and durations."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from relflow.values import add, divide, multiply, negate, parse_temporal, subtract, to_text


def read(text: str) -> Any:
    """A temporal value or a number from text."""
    return Decimal(text) if text.replace(".", "").lstrip("-").isdigit() else parse_temporal(text)


CASES = [
    (add, "2026-01-31", "P1M", "2026-02-28"),
    (add, "2024-01-31", "P1M", "2024-02-29"),
    (add, "2024-02-29", "-P1Y", "2023-02-28"),
    (add, "2026-01-01", "PT36H", "2026-01-02"),
    (subtract, "2026-01-02", "PT1H", "2026-01-01"),
    (subtract, "2026-01-02", "-PT1H", "2026-01-02"),
    (add, "9999-12-31", "P1D", "10000-01-01"),
    (subtract, "0001-01-01", "P1D", "0000-12-31"),
    (add, "P1M", "2026-01-31T10:00:00+08:00", "2026-02-28T10:00:00+08:00"),
    (add, "2026-03-28T12:00:00@Europe/Paris", "P1D", "2026-03-29T13:00:00@Europe/Paris"),
    (add, "2026-03-28T12:00:00@Europe/Paris", "P1M", "2026-04-28T12:00:00@Europe/Paris"),
    (add, "2026-10-25T02:30:00@Europe/Paris", "PT1H", "2026-10-25T02:30:00@Europe/Paris"),
    (add, "2026-10-25T02:30:00@Europe/Paris", "PT2H", "2026-10-25T03:30:00@Europe/Paris"),
    (add, "2026-01-01T00:00:00.999999999", "PT0.000000001S", "2026-01-01T00:00:01"),
    (add, "-2021-01-01T10:10:10@Australia/Melbourne", "-P1D", "-2022-12-31T10:10:10@Australia/Melbourne"),
    (add, "23:30:00@Asia/Shanghai", "PT1H", "00:30:00@Asia/Shanghai"),
    (subtract, "00:30:00", "PT1H", "23:30:00"),
    (subtract, "10:00:00", "11:00:00", "-PT1H"),
    (subtract, "10:00:00+08:00", "10:00:00Z", "-PT8H"),
    (subtract, "2026-03-01", "2026-02-01", "P28D"),
    (subtract, "2026-01-02T10:10:10@Europe/Paris", "2026-01-01T10:10:10@Asia/Dhaka", "P1DT5H"),
    (subtract, "2026-01-02T00:00:00+01:00", "2026-01-02", "-PT1H"),
    (subtract, "2026-01-02", "2026-01-02T00:00:00+01:00", "PT1H"),
    (add, "P1D", "PT12H", "P1DT12H"),
    (subtract, "P1Y", "P2M", "P10M"),
    (multiply, "P4DT1H", "1.5", "P6DT1H30M"),
    (multiply, "-2.5", "P1Y11M", "-P4Y9M"),
    (divide, "P1D", "5", "PT4H48M"),
    (divide, "P1Y", "5", "P2M"),
]


@pytest.mark.parametrize(("operation", "first", "second", "result"), CASES)
def test_results(operation: Callable[[Any, Any], Any], first: str, second: str, result: str) -> None:
    """Months clamp to the end of the month, hours count on the line of time, times of day go round the clock."""
    assert to_text(operation(read(first), read(second))) == result


def test_durations_divide_to_numbers() -> None:
    """Only within their kind."""
    assert divide(read("P1D"), read("PT6H")) == 4
    assert divide(read("P1Y"), read("P8M")) == Decimal("1.5")
    assert divide(read("P1Y"), read("P1D")) is NotImplemented


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2026-01-02T10:00:00", "2026-01-01T10:00:00Z"),
        ("2026-01-02T10:00:00", "2026-01-01"),
        ("2026-01-01", "2026-01-02T10:00:00"),
        ("10:00:00", "10:00:00@Europe/Paris"),
    ],
)
def test_local_and_zoned_have_no_difference(first: str, second: str) -> None:
    """Nobody knows where the local one is."""
    with pytest.raises(ValueError, match="zone"):
        subtract(read(first), read(second))


@pytest.mark.parametrize(
    ("operation", "first", "second"),
    [
        (add, "999999999-12-31", "P1D"),
        (add, "-999999999-01-01", "-P1M"),
        (add, "999999999-12-31T23:59:59", "PT1S"),
        (multiply, "P999999999D", "1000000000000"),
    ],
)
def test_results_out_of_range_are_value_errors(operation: Callable[[Any, Any], Any], first: str, second: str) -> None:
    """Years end at 999,999,999."""
    with pytest.raises(ValueError, match=r"range|no such"):
        operation(read(first), read(second))


@pytest.mark.parametrize(
    ("operation", "first", "second"),
    [
        (add, "2026-01-01", "2026-01-02"),
        (add, "P1D", "P1M"),
        (subtract, "P1D", "P1M"),
        (add, "10:00:00", "P1M"),
        (subtract, "10:00:00", "P1M"),
        (multiply, "P1D", "P1D"),
        (subtract, "P1D", "2026-01-01"),
        (divide, "2", "P1D"),
    ],
)
def test_kinds_that_do_not_mix(operation: Callable[[Any, Any], Any], first: str, second: str) -> None:
    """NotImplemented says so, as Python's own operators do."""
    assert operation(read(first), read(second)) is NotImplemented


def test_signs_of_durations_only() -> None:
    """A date has no opposite."""
    assert to_text(negate(read("P1DT2H"))) == "-P1DT2H"
    assert to_text(negate(read("-P1Y"))) == "P1Y"
    assert negate(read("2026-01-01")) is NotImplemented


def test_texts_have_a_length_limit() -> None:
    """A million characters and no more."""
    assert add("a", "b") == "ab"
    with pytest.raises(ValueError, match="too long"):
        add("a" * 600_000, "b" * 600_000)
