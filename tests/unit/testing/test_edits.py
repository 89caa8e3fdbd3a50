"""Small changes of texts: what is moved, what is flipped, what is left alone."""

from __future__ import annotations

import pytest

from relflow.testing.edits import conditions, literals


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        (">= 5000万", ["> 5000万", ">= 50000001", ">= 49999999"]),
        ("[5..10)", ["(5..10)", "[6..10)", "[4..10)", "[5..11)", "[5..9)", "[5..10]"]),
        ("0.5", ["0.6", "0.4"]),
        ("80%", ["81%", "79%"]),
        ('< date("2026-01-01")', ['<= date("2026-01-01")', '< date("2026-01-02")', '< date("2025-12-31")']),
        ("x < 3 and y", ["x <= 3 and y", "x < 4 and y", "x < 2 and y", "x < 3 or y"]),
        ("(a > b) or c", ["(a >= b) or c", "(a > b) and c"]),
        ('"at least 5, or [1..2)"', []),
        ('not("x1")', []),
        ("-", []),
        ("order_2 = forward", []),
    ],
)
def test_conditions_differ_in_one_bound(text, changed):
    """Numbers and days move by one, bounds are counted or not, `and` becomes `or`; texts and names stay."""
    assert list(conditions(text)) == changed


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("30 days", ["31 days", "29 days"]),
        ("1 month", ["2 month"]),
        ("6 个月", ["7 个月", "5 个月"]),
        ("5000万", ["50000001", "49999999"]),
        ("2026-01-01", ["2026-01-02", "2025-12-31"]),
        ("0", ["1", "-1"]),
        ("true", ["false"]),
        ("strategic", []),
        ('"30 days"', []),
        ("P3M", []),
    ],
)
def test_literals_move_by_one(text, changed):
    """A duration moves by one of its unit and never to nothing; texts stay."""
    assert list(literals(text)) == changed
