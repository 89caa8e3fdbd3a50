"""Equality, order and identity of values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from relflow.values import Range, WorkingDuration, compare, equal, identical, parse_temporal

P = parse_temporal


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        (None, None, True),
        (None, 0, False),
        ([], None, False),
        (1, Decimal("1.0"), True),
        (0.1, Decimal("0.1"), True),
        (1, True, None),
        (1, "1", None),
        ([], {}, None),
        ([1, [2]], [1.0, [Decimal(2)]], True),
        ([1, 2], [1], False),
        ([1, "a"], [1, 2], None),
        ([1, "a"], [2, 2], False),
        ([None], [None], True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        (Range(1, 2), Range(1, 2), True),
        (Range(1, 2), Range(1, 2, end_included=False), False),
        (Range(None, 2, start_included=False), Range(None, 2, start_included=False), True),
        (P("10:30:00.1"), P("10:30:00.2"), True),
        (P("10:30:00Z"), P("11:30:00+01:00"), True),
        (P("10:30:00"), P("10:30:00Z"), True),
        (P("10:30:00"), P("10:30:00@Europe/Paris"), True),
        (P("10:30:00"), P("11:30:00+01:00"), False),
        (P("10:30:00@Europe/Paris"), P("10:30:00@Europe/Paris"), True),
        (P("10:30:00@Europe/Paris"), P("10:30:00@Asia/Dhaka"), False),
        (P("2026-01-01T00:00:00@Europe/Paris"), P("2026-01-01T00:00:00+01:00"), True),
        (P("2026-01-01T00:00:00"), P("2026-01-01T00:00:00Z"), True),
        (P("2026-01-01T00:00:00"), P("2026-01-01T00:00:00+01:00"), True),
        (P("2026-01-01T00:00:00.000000001"), P("2026-01-01T00:00:00"), False),
        (P("2026-01-01"), P("2026-01-01T00:00:00"), None),
        (P("P1D"), P("PT24H"), True),
        (P("P1Y"), P("P12M"), True),
        (P("P0D"), P("P0M"), None),
        (WorkingDuration(Decimal(1)), WorkingDuration(Decimal(1)), True),
        (len, len, True),
        (len, sum, False),
    ],
)
def test_equality(first: Any, second: Any, answer: bool | None) -> None:
    """True, false, or open where the two cannot be compared; the order of the two does not matter."""
    assert equal(first, second) is answer
    assert equal(second, first) is answer


@pytest.mark.parametrize(
    ("first", "second", "order"),
    [
        (1, 2, -1),
        (Decimal("0.1"), 0.1, 0),
        ("a", "b", -1),
        ("😀", "￿", 1),
        (P("2026-01-01"), P("-2026-01-01"), 1),
        (P("2026-01-01T00:00:00Z"), P("2026-01-01T00:00:00+01:00"), 1),
        (P("2026-01-01T00:00:00"), P("2026-01-01T00:00:00Z"), 0),
        (P("2026-01-01T00:00:00"), P("2025-12-31T23:30:00-08:00"), 1),
        (P("10:00:00"), P("09:59:59.9"), 1),
        (P("P1M"), P("P1D"), None),
        (P("PT23H"), P("P1D"), -1),
        (P("P11M"), P("P1Y"), -1),
        (True, False, None),
        ([1], [2], None),
        (None, None, None),
        (1, "a", None),
    ],
)
def test_order(first: Any, second: Any, order: int | None) -> None:
    """Only within a kind, and not for truth values, lists and nulls."""
    assert compare(first, second) == order
    assert compare(second, first) == (None if order is None else -order)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (None, None, True),
        (1, 1.0, True),
        (1, "1", False),
        (None, 1, False),
        (P("10:00:00Z"), P("10:00:00@Etc/UTC"), False),
        (P("10:00:00Z"), P("11:00:00+01:00"), False),
        (P("10:00:00.1"), P("10:00:00.2"), False),
        (P("2026-01-01T10:00:00@Australia/Melbourne"), P("2026-01-01T10:00:00@Australia/Sydney"), False),
        (P("2026-01-01T10:00:00@Australia/Sydney"), P("2026-01-01T10:00:00@Australia/Sydney"), True),
        (P("2026-01-01"), P("2026-01-01T00:00:00Z"), False),
        (P("P1Y"), P("P12M"), True),
        ([P("10:00:00Z")], [P("11:00:00+01:00")], False),
        ({"a": 1}, {"a": 1}, True),
    ],
)
def test_identity(first: Any, second: Any, same: bool) -> None:
    """The same kind, written the same way."""
    assert identical(first, second) is same
