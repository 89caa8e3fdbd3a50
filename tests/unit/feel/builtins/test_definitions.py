"""What every built-in function promises: examples that hold, both languages, nulls instead of exceptions."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relflow import feel
from relflow.feel.builtins import BUILTINS, FAMILIES
from relflow.feel.definition import Builtin
from relflow.values import Range, YearsMonthsDuration, identical, kind_of, literal, parse_temporal

NOW = datetime(2026, 11, 21, 20, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
ALL = [pytest.param(builtin, id=name.replace(" ", "_")) for name, builtin in BUILTINS.items()]
EXAMPLES = [
    pytest.param(example.expression, example.result, id=f"{name.replace(' ', '_')}-{number}")
    for name, builtin in BUILTINS.items()
    for number, example in enumerate(builtin.examples, 1)
]
VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2.5,
    Decimal("1E30"),
    "",
    "a",
    "2026-04-15",
    parse_temporal("2026-04-15"),
    parse_temporal("-2026-04-15T10:00:00.000000001@Europe/Paris"),
    parse_temporal("10:00:00@Asia/Shanghai"),
    timedelta(days=-1),
    YearsMonthsDuration(14),
    [],
    [1, None],
    ["b", "a"],
    [[1], [2]],
    {},
    {"key": "a", "value": 1},
    Range(1, 5),
    Range(None, 5, start_included=False),
)
MEMBER = feel.parse("p in r", {"p": feel.ANY, "r": feel.ANY})
KINDS = {*map(kind_of, VALUES), "years and months duration", "days and time duration"}


@pytest.mark.parametrize(("expression", "result"), EXAMPLES)
def test_example_holds(expression: str, result: str) -> None:
    """What the reference shows is what comes out."""
    value = feel.evaluate(expression, now=NOW)

    assert identical(value, feel.evaluate(result, now=NOW)), literal(value)


@pytest.mark.parametrize("builtin", ALL)
def test_definition_is_whole(builtin: Builtin) -> None:
    """A meaning in both languages, an example, a clause, and names that can be named."""
    languages = dict(builtin.meaning.pairs)

    assert set(languages) == {"en", "zh"}
    assert languages["en"].endswith(".")
    assert languages["zh"].endswith("。")
    assert 1 <= len(builtin.examples) <= 3
    assert re.fullmatch(r"10\.3\.4\.\d+|relflow", builtin.clause)
    for signature in builtin.signatures:
        names = [parameter.name for parameter in signature.parameters]
        assert len(set(names)) == len(names)
        assert not any(parameter.variadic for parameter in signature.parameters[:-1])


def test_families_hold_every_function_once() -> None:
    """No name is defined twice."""
    names = [builtin.name for family in FAMILIES.values() for builtin in family]

    assert sorted(names) == sorted(BUILTINS)


@pytest.mark.parametrize("builtin", ALL)
def test_no_arguments_raise(builtin: Builtin) -> None:
    """Any values in any number give a value or null, and a null says why."""
    names = [f"v{index}" for index in range(3)]
    for count in range(4):
        expression = f"{builtin.name}({', '.join(names[:count])})"
        pool = VALUES if count < 3 else VALUES[::4]
        compiled = feel.parse(expression, feel.Scope.of(dict.fromkeys(names, feel.ANY), open=True))
        for values in product(pool, repeat=count):
            result = compiled.evaluate(dict(zip(names, values, strict=False)), now=NOW)
            assert kind_of(result) in KINDS


@pytest.mark.parametrize("builtin", [item for item in ALL if item.id not in {"now", "today"}])
def test_wrong_names_are_null(builtin: Builtin) -> None:
    """A parameter that the function has not makes the call null, and says so."""
    recording = feel.explain(f"{builtin.name}(nonsense: 1)", now=NOW)

    assert recording.value is None
    assert [found.reason.message.name for found in recording.reasons] == ["null-call"]


@pytest.mark.parametrize(
    ("expression", "type_"),
    [
        ("max([1, 2])", "number"),
        ('max(["a"])', "string"),
        ('min(@"2026-01-01", @"2026-01-02")', "date"),
        ("append([1], 2)", "list<number>"),
        ('append([1], "a")', "list<Any>"),
        ("flatten([[1], [2]])", "list<number>"),
        ("concatenate([1], [2])", "list<number>"),
        ('abs(@"-P1D")', "days and time duration"),
        ('split("a", ",")', "list<string>"),
        ("mode([1])", "list<number>"),
        ('years and months duration(@"2026-01-01", @"2026-02-01")', "years and months duration"),
    ],
)
def test_types_of_results(expression: str, type_: str) -> None:
    """Where the type depends on the arguments, it is worked out."""
    assert str(feel.check_expression(expression, feel.Scope.of({})).type) == type_


def test_today_may_be_all_that_is_known() -> None:
    """A caller that gives a date knows the day, not the time."""
    day = NOW.date()

    assert feel.evaluate("today()", now=day) == day
    assert feel.evaluate("now()", now=day) is None
    assert feel.evaluate("today()") is None


@given(st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=20))
def test_aggregates_agree_with_the_standard_library(numbers: list[int]) -> None:
    """Sums, means, medians and deviations are those of the textbook."""
    import statistics

    context = {"l": numbers}

    assert feel.evaluate("sum(l)", context) == sum(numbers)
    assert abs(feel.evaluate("mean(l)", context) - Decimal(sum(numbers)) / len(numbers)) < Decimal("1e-20")
    assert feel.evaluate("median(l)", context) == statistics.median(numbers)
    assert feel.evaluate("mode(l)", context) == sorted(statistics.multimode(numbers))
    assert float(feel.evaluate("stddev(l)", context)) == pytest.approx(statistics.stdev(numbers))
    assert feel.evaluate("min(l)", context) == min(numbers)
    assert feel.evaluate("sort(l, function(x, y) x < y)", context) == sorted(numbers)


@given(st.lists(st.integers(-3, 3)), st.lists(st.integers(-3, 3)))
def test_lists_as_sets(first: list[int], second: list[int]) -> None:
    """Unions and distinct values hold each item once, in the order of coming."""
    context = {"a": first, "b": second}

    assert feel.evaluate("union(a, b)", context) == list(dict.fromkeys(first + second))
    assert feel.evaluate("distinct values(a)", context) == list(dict.fromkeys(first))
    assert feel.evaluate("reverse(reverse(a))", context) == first


@given(st.integers(-10, 10), st.integers(-10, 10), st.booleans(), st.booleans(), st.data())
def test_relations_of_ranges_agree_with_their_points(
    start: int, width: int, with_start: bool, with_end: bool, data: st.DataObject
) -> None:
    """What a relation says of two ranges is true of the half steps inside them."""
    first = Range(start, start + abs(width) + 1, with_start, with_end)
    other = data.draw(st.integers(-10, 10))
    second = Range(other, other + data.draw(st.integers(1, 8)), data.draw(st.booleans()), data.draw(st.booleans()))
    points = [Decimal(n) / 2 for n in range(-50, 80)]
    inside = [{point for point in points if MEMBER.evaluate({"p": point, "r": r})} for r in (first, second)]
    context = {"a": first, "b": second}

    assert feel.evaluate("overlaps(a, b)", context) is bool(inside[0] & inside[1])
    assert feel.evaluate("includes(a, b)", context) is (inside[1] <= inside[0])
    assert feel.evaluate("during(a, b)", context) is (inside[0] <= inside[1])
    assert feel.evaluate("coincides(a, b)", context) is (inside[0] == inside[1])
    assert feel.evaluate("before(a, b)", context) is (max(inside[0]) < min(inside[1]))
    assert feel.evaluate("after(a, b)", context) is (min(inside[0]) > max(inside[1]))
