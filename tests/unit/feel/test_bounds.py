"""Expressions are bounded in length, depth and steps, and nothing but the documented error is ever raised."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from relflow import feel
from relflow.errors import FeelError


@pytest.mark.parametrize(
    "text",
    [
        "(" * 51 + "1" + ")" * 51,
        "[" * 5_000 + "]" * 5_000,
        "-" * 5_000 + "1",
        "not(" * 60 + "true" + ")" * 60,
        "{a: " * 60 + "1" + "}" * 60,
        "if " * 3_000,
        "function(x) " * 100 + "x",
        "x" + ".a" * 200,
        "+".join(["1"] * 151),
        " or ".join(["true"] * 10_000),
        "x instance of " + "list<" * 100 + "number" + ">" * 100,
        "]1.." * 30 + "2" + "[" * 30,
        "a" * (feel.MAX_LENGTH + 1),
    ],
)
def test_too_large_is_refused(text: str) -> None:
    """Depth, chains and length beyond the bounds are findings, and quickly so."""
    started = time.perf_counter()

    found = feel.check(text)

    assert [each.name for each in found] in (["feel-bounds"], ["feel-syntax"])
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(" * 48 + "1" + ")" * 48, 1),
        ("[" * 40 + "1" + "]" * 40 + "[1]" * 40, 1),
        ("+".join(["1"] * 149), 149),
        (" or ".join(["false"] * 140) + " or true", True),
        ("if false then 0 else " * 45 + "7", 7),
        ("x" + "[1]" * 100, 5),
    ],
)
def test_what_is_within_the_bounds_runs(text: str, expected: Any) -> None:
    """Deep and long texts below the bounds evaluate, in spite of CPython's limit on brackets."""
    assert feel.evaluate(text, {"x": 5}) == expected


@pytest.mark.parametrize(
    "text",
    [
        "count(for i in 1..2000, j in 1..2000 return i)",
        "some i in 1..100_000_000 satisfies i < 0",
        '(for i in 1..100 return if i = 1 then "aaaaaaaaaaaaaaaa" else partial[-1] + partial[-1])[-1]',
        "{f: function(g, n) g(g, n + 1), r: f(f, 1)}.r",
        "10 ** 6144 * 10 ** 6144",
        "(for i in 1..5000 return [partial[-1]])[-1] = (for i in 1..5000 return [partial[-1]])[-1]",
    ],
)
def test_too_many_steps_are_null(text: str) -> None:
    """What would run for ever or grow without bound is null, with a reason."""
    assert feel.evaluate(text) is None


def test_a_bound_that_was_reached_is_told() -> None:
    """The reason is there like any other."""
    recording = feel.explain("{f: function(g, n) g(g, n + 1), r: f(f, 1)}.r")

    assert recording.value is None
    assert [reason.reason.message.name for reason in recording.reasons] == ["null-bounds"]


def test_steps_are_counted_anew_for_each_evaluation() -> None:
    """One evaluation that used up its steps does not starve the next."""
    expression = feel.parse("every i in 1..600_000 satisfies true")

    assert expression.evaluate() is True
    assert expression.evaluate() is True


def test_a_host_deep_in_calls_gets_null_or_a_finding() -> None:
    """Near the end of Python's own stack nothing escapes but the documented error."""
    expression = feel.parse("sum(for i in 1..3 return if i > 1 then abs(i) else sqrt(i))")
    outcomes: list[Any] = []

    def dive(action: Callable[[], Any], levels: int) -> None:
        if levels:
            dive(action, levels - 1)
            return
        try:
            outcomes.append(action())
        except FeelError as error:
            outcomes.append(error)

    used = len(__import__("inspect").stack())
    for spare in range(20, 120, 5):
        dive(expression.evaluate, sys.getrecursionlimit() - used - spare)
        dive(lambda: feel.check("((1 + 2) * 3 > 4) and not(false)"), sys.getrecursionlimit() - used - spare)

    assert outcomes[-2] == 6
    assert outcomes[-1] == ()
