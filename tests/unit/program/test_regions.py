"""Cells as sets of values, and the index made of them."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relflow import feel
from relflow.compiler import Expressions
from relflow.compiler.cells import region_of
from relflow.feel import BOOLEAN, NUMBER, Scope, StringType, check_tests
from relflow.program import ColumnIndex, Interval, Region
from tests.strategies.decisions import BOOLEANS, VALUES, numbers, texts

TEXT = StringType(one_of=("x", "y", "z"))


def region(cell: str, type_: feel.Type) -> Region | None:
    """The region of a cell."""
    checked = check_tests(cell, Scope.of(), type_)
    assert checked.tree is not None
    return region_of(checked.tree, type_, Expressions([]).constant_of)


@pytest.mark.parametrize(
    ("cell", "intervals"),
    [
        (">= 50", [Interval(50, None, True, False)]),
        ("< 5000万", [Interval(None, 50_000_000, False, False)]),
        ("[1..5), [5..9]", [Interval(1, 9, True, True)]),
        ("[1..5), (5..9]", [Interval(1, 5, True, False), Interval(5, 9, False, True)]),
        ("not([1..5))", [Interval(None, 1, False, False), Interval(5, None, True, False)]),
        ("80%", [Interval(Decimal("0.8"), Decimal("0.8"), True, True)]),
        ("-3", [Interval(-3, -3, True, True)]),
        ("!= 2", [Interval(None, 2, False, False), Interval(2, None, False, False)]),
    ],
)
def test_cells_over_numbers_are_intervals(cell: str, intervals: list[Interval]) -> None:
    """Merged where they touch, in order, complements worked out."""
    found = region(cell, NUMBER)

    assert found is not None
    assert list(found.intervals) == intervals


@pytest.mark.parametrize(
    ("cell", "missing", "plain"),
    [
        (">= 5", None, None),
        ("5", None, False),
        ("not(5)", None, True),
        ("null", True, True),
        ("not(null)", False, False),
        ("null, 5", True, True),
        ("not(null, 5)", False, False),
        ("not(>= 5)", None, None),
    ],
)
def test_a_missing_value_leaves_open_what_does_not_speak_of_null(cell: str, missing: Any, plain: Any) -> None:
    """`null` counts null as data; FEEL's own answer for null is kept beside."""
    found = region(cell, NUMBER)

    assert found is not None
    assert (found.null, found.plain) == (missing, plain)


@pytest.mark.parametrize("cell", ["? > 5 and ? < 9", "> other"])
def test_other_cells_are_no_sets(cell: str) -> None:
    """They have to be run."""
    checked = check_tests(cell, Scope.of({"other": NUMBER}), NUMBER)
    assert checked.tree is not None

    assert region_of(checked.tree, NUMBER, Expressions([]).constant_of) is None


@given(st.lists(st.one_of(numbers(null=True)), min_size=1, max_size=8), st.sampled_from(VALUES["a"]))
def test_the_index_of_numbers_knows_the_rows_that_accept_a_value(cells: list[str], value: Any) -> None:
    """Masks by segment answer as FEEL's unary tests do, cell by cell; cells without a region are always there."""
    regions = [None if cell == "-" else region(cell, NUMBER) for cell in cells]
    index = ColumnIndex.of(regions)

    rows = index.rows(value)

    for row, (cell, found) in enumerate(zip(cells, regions, strict=True)):
        expected = found is None or feel.unary_test(cell, value) is True
        assert bool(rows >> row & 1) == expected
        assert bool(index.plain >> row & 1) == (found is None or feel.unary_test(cell, None) is True)


@given(st.lists(st.one_of(texts(null=True)), min_size=1, max_size=8), st.sampled_from(["x", "y", "z", "other"]))
def test_the_index_of_names_knows_the_rows_that_accept_a_value(cells: list[str], value: str) -> None:
    """Also for names that no cell mentions."""
    regions = [None if cell == "-" else region(cell, TEXT) for cell in cells]
    index = ColumnIndex.of(regions)

    for row, found in enumerate(regions):
        assert bool(index.rows(value) >> row & 1) == (found is None or found.accepts(value) is True)


@given(st.lists(BOOLEANS, min_size=1, max_size=5), st.booleans())
def test_the_index_of_booleans(cells: list[str], value: bool) -> None:
    """True and false are values, not numbers."""
    regions = [None if cell == "-" else region(cell, BOOLEAN) for cell in cells]
    index = ColumnIndex.of(regions)

    for row, cell in enumerate(cells):
        assert bool(index.rows(value) >> row & 1) == (cell in ("-", str(value).lower()))


@given(st.one_of(numbers(null=True)), st.one_of(numbers(null=True)))
def test_regions_that_meet_share_a_value(first: str, second: str) -> None:
    """`meets` is exact: some value is accepted by both if and only if it says so."""
    one, other = region(first, NUMBER), region(second, NUMBER)
    if one is None or other is None:
        return
    cuts = sorted({Decimal(b) for r in (one, other) for i in r.intervals for b in (i.low, i.high) if b is not None})
    probes = [*cuts, *((a + b) / 2 for a, b in pairwise(cuts)), Decimal(-99), Decimal(99)]

    assert one.meets(other) == any(one.accepts(value) and other.accepts(value) for value in probes)


def test_a_value_of_another_kind_is_accepted_by_no_cell() -> None:
    """What an expression of unknown type gives cannot break the index."""
    index = ColumnIndex.of([region(">= 5", NUMBER), None])

    assert index.rows("text") == 0b10
