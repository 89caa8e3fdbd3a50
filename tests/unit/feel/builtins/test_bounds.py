"""Built-in functions end: within the steps of the evaluation, or with null and a reason."""

from __future__ import annotations

from typing import Any

import pytest

from relflow import feel
from relflow.feel import steps

SHARED = "(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])"
"""Sixty small lists whose last one has 2 to the power of 60 leaves."""


@pytest.fixture(autouse=True)
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fiftieth of the steps that there are, so that the tests need a fiftieth of the time."""
    monkeypatch.setattr(steps, "MAX_STEPS", 20_000)


def reason(expression: str, **context: Any) -> str:
    """Why the expression is null."""
    recording = feel.explain(expression, context)

    assert recording.value is None
    return recording.reasons[-1].reason.message.name


@pytest.mark.parametrize(
    "expression",
    [
        f"string({SHARED})",
        f"flatten({SHARED})",
        f"is({SHARED}, {SHARED})",
        f"list contains({SHARED}, {SHARED}[-1])",
        f"index of({SHARED}, {SHARED}[-1])",
        f"distinct values([{SHARED}[-1], {SHARED}[-1]])",
    ],
)
def test_lists_that_share_their_parts_are_not_walked_for_ever(expression: str) -> None:
    """What would take longer than the sun lasts is null."""
    assert reason(expression) == "null-bounds"


def test_loops_pay_for_what_their_calls_look_at() -> None:
    """A million calls on long lists are as bounded as a million steps."""
    long = list(range(20_000))

    assert reason("for i in 1..1000000 return count(reverse(long))", long=long) == "null-bounds"


@pytest.mark.parametrize(
    "pattern", ['"(a{90}){90}" + string(i)', '"(" + string(i)', '"((a{500}){500}){500}" + string(i)']
)
def test_loops_pay_for_their_patterns(pattern: str) -> None:
    """A new pattern in each pass has to be read in each pass, also one that is none."""
    assert reason(f'for i in 1..1000000 return matches("a", {pattern})') == "null-bounds"


def test_sorting_is_bounded() -> None:
    """By the calls of its function."""
    assert (
        reason("sort(long, function(a, b) a < b)", long=[number * 7919 % 10_007 for number in range(10_000)])
        == "null-bounds"
    )


def test_texts_are_bounded() -> None:
    """Joining and replacing cannot make more than a million characters."""
    text = "a" * 900_000

    assert reason("string join([text, text])", text=text) == "null-bounds"
    assert reason('replace(text, "a", "bbb")', text=text) == "null-pattern"


def test_distinct_records_are_found_in_one_pass() -> None:
    """Thousands of records are no trouble."""
    records = [{"id": number % 2000, "name": f"n{number % 2000}"} for number in range(6_000)]

    assert feel.evaluate("count(distinct values(records))", {"records": records}) == 2000
