"""Idle columns and redundant rows, against what removing them changes on a grid that is fine enough for every cell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings

from tests.strategies.decisions import Example
from tests.unit.checks.test_tables import RECORDS, named, simple_tables

COLUMNS = "abcd"


def answers(example: Example) -> list[Any]:
    """What the table answers for each record of the grid."""
    policy = example.load()
    return [policy.decide("answer", record).value for record in RECORDS]


@settings(max_examples=30)
@given(simple_tables("first"))
def test_a_redundant_row_is_one_whose_removal_changes_nothing(example: Example) -> None:
    """Reported if and only if the table without it answers the same, and the row decides something at all."""
    policy = example.load()
    reached = {policy.decide("answer", record).row for record in RECORDS}
    before = answers(example)
    wanted = [
        index + 1
        for index in range(len(example.rows))
        if len(example.rows) > 1
        and index in reached
        and answers(replace(example, rows=example.rows[:index] + example.rows[index + 1 :])) == before
    ]

    found = [int(text.split()[1]) for text in named(policy, "redundant-row")]

    assert found == wanted


@settings(max_examples=30)
@given(simple_tables("first"))
def test_an_idle_column_is_one_whose_value_changes_nothing(example: Example) -> None:
    """Reported if and only if records that differ in that column alone are answered alike, beside one that decides."""
    policy = example.load()
    idle = set()
    for column in COLUMNS:
        groups: dict[str, set[str]] = {}
        for record in RECORDS:
            key = repr({name: value for name, value in record.items() if name != column})
            groups.setdefault(key, set()).add(repr(policy.decide("answer", record).value))
        if all(len(group) == 1 for group in groups.values()):
            idle.add(column)
    busy = {
        column
        for column, cells in zip(COLUMNS, zip(*(row[0] for row in example.rows), strict=True), strict=True)
        if set(cells) != {"-"}
    }
    wanted = {column for column in idle if (busy - {column} if column not in busy else len(busy) > 1)}

    assert {text.split("`")[1] for text in named(policy, "idle-column")} == wanted
