"""Tests in words."""

from __future__ import annotations

from datetime import date

import pytest

from relflow.explain.gaps import gap
from relflow.explain.phrases import phrase
from relflow.explain.showing import show
from relflow.feel import ANY, Scope, check_tests
from relflow.values import YearsMonthsDuration


def tree_of(test):
    """The syntax tree of a cell."""
    return check_tests(test, Scope(open=True), ANY).tree


@pytest.mark.parametrize(
    ("test", "en", "zh"),
    [
        (">= 5000万", "at least 50,000,000", "不低于 50,000,000"),
        ("< 3", "less than 3", "低于 3"),
        ("[5..10)", "at least 5 and less than 10", "不低于 5 且低于 10"),
        ("7", "exactly 7", "等于 7"),
        ("oil, gas", "oil or gas", "oil或gas"),
        ("not(oil)", "not oil", "不是 oil"),
        ("-", "anything", "不限"),
        ("null", "missing", "缺失"),
        ("true", "yes", "是"),
        ('< @"2026-07-01"', "before 2026-07-01", "早于 2026-07-01"),
        (">= 0.5", "at least 0.5", "不低于 0.5"),
    ],
)
def test_a_cell_reads_as_a_sentence(test, en, zh):
    """What a cell asks for, in both languages."""
    said = phrase(tree_of(test), test)

    assert (said.text("en"), said.text("zh")) == (en, zh)


@pytest.mark.parametrize(
    ("test", "value", "en"),
    [
        (">= 50_000_000", 48_000_000, "2,000,000 short"),
        ("<= 3", 5, "2 too much"),
        ("[5..10]", 12, "2 too much"),
        ("[5..10]", 4, "1 short"),
        ('>= @"2026-07-01"', date(2026, 6, 28), "3 days short"),
        (">= 0.3", 0.1, "0.2 short"),
    ],
)
def test_a_gap_says_how_far_a_value_is_off(test, value, en):
    """The distance to the nearest bound, exactly as in decimal arithmetic."""
    assert gap(tree_of(test), value).text("en") == en


@pytest.mark.parametrize(("test", "value"), [("oil", "gas"), (">= 5", None), (">= 5", True), ("-", 3)])
def test_there_is_no_gap_where_distance_means_nothing(test, value):
    """Texts, missing values and booleans are not near or far."""
    assert gap(tree_of(test), value) is None


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (1234567.5, "1,234,567.5", "1,234,567.5"),
        (-0.25, "-0.25", "-0.25"),
        (True, "yes", "是"),
        (None, "missing", "缺失"),
        (["a", "b"], "a, b", "a、b"),
        ([], "none", "无"),
        ([{"x": 1}, {"x": 2}], "2 items", "共 2 项"),
        (date(2026, 7, 1), "2026-07-01", "2026-07-01"),
        (YearsMonthsDuration(1), "1 month", "1 个月"),
        (YearsMonthsDuration(-18), "-1 year 6 months", "-1 年 6 个月"),
        (YearsMonthsDuration(24), "2 years", "2 年"),
        (YearsMonthsDuration(0), "0 months", "0 个月"),
    ],
)
def test_values_are_shown_as_people_write_them(value, en, zh):
    """Grouped digits, yes and no, lists that are short in full."""
    shown = show(value)

    assert (shown.text("en"), shown.text("zh")) == (en, zh)
