"""Checks of tables against a search through a grid that is fine enough for every cell."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relflow.checks.spaces import Other, space_of
from relflow.policy import Policy, build
from relflow.program import Table
from relflow.reader import read_text
from tests.strategies.decisions import BOOLEANS, OUTPUTS, Example, numbers, texts

GRID = [Decimal(n) / 2 for n in range(-2, 10)]
RECORDS = [
    dict(zip("abcd", values, strict=True)) for values in product(GRID, [Decimal(0)], ("x", "y", "z"), (True, False))
]


@st.composite
def simple_tables(draw: st.DrawFn, policy: str) -> Example:
    """A table over one number, a text and a boolean, every cell of it a set of values."""
    number = numbers(null=False).filter(lambda cell: "?" not in cell)
    cells = st.tuples(number, st.just("-"), texts(null=False), BOOLEANS)
    rows = draw(st.lists(st.tuples(cells, st.sampled_from(OUTPUTS)), min_size=1, max_size=5))
    return Example("checks", policy, "list", False, tuple(rows))


def named(policy: Policy, name: str) -> list[str]:
    """What the finding of that name says."""
    return [found.text() for found in policy.diagnostics if found.name == name]


@settings(max_examples=40)
@given(simple_tables("first"))
def test_a_gap_is_reported_if_and_only_if_there_is_one(example: Example) -> None:
    """The witness is no guess: nothing answers it."""
    policy = example.load()
    table = policy.program.decisions["answer"].body
    assert isinstance(table, Table)
    holes = [record for record in RECORDS if policy.decide("answer", record).row < 0]

    space = space_of(table)
    assert space is not None
    witness = space.find(0, space.rows)

    assert bool(named(policy, "gap")) == bool(holes)
    assert (witness is not None) == bool(holes)
    if witness is not None:
        record = {name: value for name, value in witness.items() if not isinstance(value, Other)}
        assert policy.decide("answer", {"b": 0, "c": "x", "d": True, **record}).row == -1


@settings(max_examples=40)
@given(simple_tables("first"))
def test_dead_rows_are_those_that_never_decide(example: Example) -> None:
    """Reported if and only if no value reaches the row."""
    policy = example.load()
    reached = {policy.decide("answer", record).row for record in RECORDS}

    dead = [index for index in range(len(example.rows)) if index not in reached]

    assert [f"row {index + 1} of" in text for index, text in zip(dead, named(policy, "dead-row"), strict=True)] == [
        True
    ] * len(dead)


@settings(max_examples=40)
@given(simple_tables("unique"))
def test_rows_of_a_unique_table_that_meet_are_reported(example: Example) -> None:
    """An overlap is reported if and only if some value has two rows."""
    policy = example.load()
    plain = Example("checks", "rule_order", "list", False, example.rows).load()
    several = [record for record in RECORDS if len(as_list(plain, record)) > 1]

    assert bool(named(policy, "overlap")) == bool(several)


def as_list(policy: Policy, record: dict[str, Any]) -> list[Any]:
    """The outputs of all rows that match."""
    value = policy.decide("answer", record).value
    assert isinstance(value, list)
    return value


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ('| on ||n|\n| < date("2026-01-01") || 1 |\n| > date("2026-01-01") || 2 |', ["gap"]),
        ('| on ||n|\n| < date("2026-01-01") || 1 |\n| >= date("2026-01-01") || 2 |', []),
        ("| bounded ||n|\n| [0..10] || 1 |", []),
        ("| bounded ||n|\n| (0..10] || 1 |", ["gap"]),
        ("| bounded ||n|\n| - || 1 |\n| > 10 || 2 |", ["dead-row"]),
        ("| bounded | bounded + 1 ||n|\n| > 5 | < 3 || 1 |", []),
        ('| free ||n|\n| "a" || 1 |\n| "b" || 2 |', ["gap"]),
        ('| free ||n|\n| not("a") || 1 |\n| "a" || 2 |', []),
    ],
)
def test_spaces_of_other_kinds(table: str, names: list[str]) -> None:
    """Dates are discrete, bounds limit, two columns over one fact are not looked through, texts have others."""
    lines = "\n".join("      " + line for line in table.split("\n"))
    text = (
        "policy: x\nversion: 1\nfacts:\n  on: {type: date}\n  free: {type: string}\n"
        "  bounded: {type: number, min: 0, max: 10}\n"
        f"decisions:\n  answer:\n    hit_policy: first\n    output: {{type: number}}\n    table: |\n{lines}\n"
    )
    policy = build(*read_text(text, name="x.yaml"))

    assert [found.name for found in policy.diagnostics if found.name != "unused-fact"] == names


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("| count(list) ||n|\n| 0 || 1 |\n| > 0 || 2 |", []),
        ("| count(list) ||n|\n| 0 || 1 |\n| > 1 || 2 |", ["gap"]),
        ("| bounded ||level|\n| >= 8 || key |\n| [2..5) || key |\n| - || other |", ["not-monotone"]),
        ("| bounded ||level|\n| >= 8 || other |\n| - || key |", ["not-monotone"]),
        ("| bounded ||level|\n| < 3 || key |\n| - || other |", []),
        ("| bounded ||level|\n| [3..6] || key |\n| - || other |", []),
        ("| bounded ||level|\n| >= 0 || key |\n| - || other |", ["dead-row"]),
    ],
)
def test_counts_and_falling_levels(table: str, names: list[str]) -> None:
    """A count is never negative; a fall counts where all thresholds point upward or where it is made good again."""
    lines = "\n".join("      " + line for line in table.split("\n"))
    output = "{type: string, one_of: [key, other]}" if "level" in table else "{type: number}"
    text = (
        "policy: x\nversion: 1\nfacts:\n  list: {type: [number]}\n  bounded: {type: number, min: 0, max: 10}\n"
        f"decisions:\n  answer:\n    hit_policy: first\n    output: {output}\n    table: |\n{lines}\n"
    )
    policy = build(*read_text(text, name="x.yaml"))

    assert [found.name for found in policy.diagnostics if found.name != "unused-fact"] == names


@pytest.mark.parametrize("cell", [">= 5, < 9", "< 9, >= 5", "<= 5, >= 5", "not(null)"])
def test_a_cell_that_takes_every_number_is_not_dead(cell: str) -> None:
    """Where no cell tells one value from another, any value stands for all of them."""
    policy = build(
        *read_text(f"""policy: x
version: 1
facts: {{a: {{type: number}}}}
decisions:
  t:
    hit_policy: first
    output: {{type: number}}
    default: 0
    table: |
      | a      || t |
      | {cell} || 1 |
""")
    )

    assert named(policy, "dead-row") == []
    assert policy.decide("t", {"a": 7}).value == 1
