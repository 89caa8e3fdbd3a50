"""Coverage as data: goals, shares that never round up, what is missed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from relflow.diagnostics import Source, Span
from relflow.review import Coverage, Goal
from relflow.review.coverage import share


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(9996, 10000, "99.9"), (9999, 10000, "99.9"), (1, 3, "33.3"), (2, 3, "66.6"), (5, 5, "100.0"), (0, 0, "100.0")],
)
def test_a_share_is_rounded_down(part, whole, percent):
    """99.96 % is 99.9, and only all of it is 100."""
    assert share(part, whole) == Decimal(percent)
    assert str(share(part, whole)) == percent


def goal(line, answer="", name="a.yaml", part=""):
    """A goal on a line."""
    return Goal.at("row", "size", Span(Source(name, ""), line, 1, line, 2), part, answer)


def test_a_goal_is_its_place_and_not_the_path_to_it():
    """A file that two policies include is one file; the words of a goal are no part of it."""
    assert goal(3, name="rules/x/../y/a.yaml") == goal(3, name="rules/y/a.yaml", part="other words")
    assert goal(3, "true") != goal(3, "false")


def test_only_what_is_a_goal_counts():
    """What is reached beside the goals is left aside."""
    coverage = Coverage()
    coverage.expect([goal(1), goal(2)])
    coverage.reach([goal(1), goal(9)])
    coverage.reach([goal(1)])

    assert coverage.goals == {goal(1): 2, goal(2): 0}
    assert coverage.percent == 50
    assert coverage.missed == (goal(2),)


def test_what_is_missed_is_told_from_top_to_bottom():
    """Line 10 comes after line 9."""
    coverage = Coverage()
    coverage.expect([goal(10), goal(9), goal(1, name="b.yaml")])

    assert [missed.place for missed in coverage.missed] == ["a.yaml:9:1", "a.yaml:10:1", "b.yaml:1:1"]
