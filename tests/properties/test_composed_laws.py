"""Decisions over decisions: straight code agrees with the general run, whatever is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relflow.policy import Policy, build
from relflow.reader import read_text
from relflow.rules import Question

POLICY = """
policy: composed
version: 1
parameters:
  limit: {type: number, value: 3}
  open: {type: number, source: C-1}
  rhythm: {type: duration, per: tier, value: {high: 1 month, middle: 20 days}}
  share: {type: number, values: {2026-01-01: 50%, 2026-07-01: 75%}}
records:
  order: {amount: {type: number}, on: {type: date}}
facts:
  a: {type: number, min: -5}
  b: {type: number}
  c: {type: string, one_of: [x, y, z]}
  d: {type: boolean}
  on: {type: date}
  orders: {type: [order]}
indicators:
  quiet: {when: 'b < limit and c != "z"'}
  loud: {when: a > open}
decisions:
  points:
    scorecard:
      criteria:
        first: {when: d, points: 30}
        second: {expression: a, weight: 50, bands: {">= 2": 100, "[0..2)": 40, "-": 0}}
        third: {expression: c, weight: 20, bands: {"null": 50, x: 100, "-": 10}}
        fourth: {when: quiet, points: -5}
        fifth: {expression: b, weight: 10, bands: {"-": 10}}
        sixth: {expression: a * 2, weight: 10, bands: {">= 4": 100, "null": 50}}
  level:
    scorecard:
      criteria:
        score: {expression: points, weight: 100, bands: {">= 60": 100, ">= 30": 50, "-": 0}}
      levels: {high: 80, middle: 40, low: 0}
  total: {expression: sum(orders.amount), output: {type: number}}
  half: {expression: total / 2 + a}
  says:
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | level  | total | c    || tier   |
      | high   | -     | -    || high   |
      | -      | >= 10 | x, y || high   |
      | middle | -     | -    || middle |
      | -      | -     | null || low    |
      | -      | < 0.5 | -    || low    |
      | -      | -     | -    || middle |
  reasons:
    hit_policy: collect
    output: {type: string}
    table: |
      | quiet | tier        | half  || reason |
      | true  | -           | -     || quiet  |
      | -     | high        | -     || worthy |
      | -     | not("high") | >= 2  || rising |
  worst:
    hit_policy: priority
    output: {type: string, one_of: [bad, fair, good]}
    table: |
      | a   | b   || worst |
      | > 2 | -   || good  |
      | -   | > 2 || bad   |
      | -   | -   || fair  |
  due: {expression: on + rhythm}
  shared: {expression: a * share}
  computed:
    hit_policy: first
    output: {type: number}
    default: 0
    table: |
      | a * 2 | d    || n         |
      | >= 4  | true || = a + b   |
      | >= 4  | -    || = total   |
      | < 0   | -    || -1        |
  whole: {expression: '{level: level, tier: tier, reasons: reasons, n: computed}'}
tiers:
  tier: {from: says, levels: [high, middle, low]}
"""
NAMES = (
    "points", "level", "total", "half", "says", "reasons", "worst", "due", "shared", "computed", "whole", "tier",
    "quiet", "loud",
)  # fmt: skip


@cache
def policy(mode: str) -> Policy:
    """The policy, with missing facts unknown or as plain DMN has them."""
    text = POLICY
    if mode == "no_match":
        for name in ("points", "level", "says", "reasons", "worst", "computed", "half", "total"):
            text = text.replace(f"  {name}:\n", f"  {name}:\n    when_missing: no_match\n")
            text = text.replace(f"  {name}: {{", f"  {name}: {{when_missing: no_match, ")
    return build(*read_text(text, name="composed.yaml"))


numbers = st.sampled_from([-1, 0, 1, 2, 3, 5, 0.5, 2.5, 2.0, Decimal(2), Decimal("0.1"), 10**17, float("nan")])
orders = st.lists(st.fixed_dictionaries({}, optional={"amount": st.none() | numbers, "on": st.none()}), max_size=3)
records = st.fixed_dictionaries(
    {},
    optional={
        "a": st.none() | numbers,
        "b": st.none() | numbers,
        "c": st.sampled_from([None, "x", "y", "z"]),
        "d": st.sampled_from([None, True, False]),
        "on": st.sampled_from([None, date(2026, 1, 31)]),
        "orders": st.none() | orders,
    },
)


@pytest.mark.parametrize("mode", ["unknown", "no_match"])
@settings(max_examples=100)
@given(record=records)
def test_straight_code_agrees_with_the_general_run(mode: str, record: dict[str, Any]) -> None:
    """Every decision, indicator and scheme: value, unknown, row, and what is kept to explain it."""
    loaded, today = policy(mode), date(2026, 8, 1)
    for name in NAMES:
        quick = loaded.decide(name, record, today)
        slow = Question(loaded.program, name).decide(record, today)

        assert (quick.value, quick.unknown, quick.row) == (slow.value, slow.unknown, slow.row), name


@settings(max_examples=100)
@given(record=records, digits=st.integers(0, 20))
def test_a_decimal_answers_as_the_number_it_is(record: dict[str, Any], digits: int) -> None:
    """A host whose numbers are decimals, with however many zeros behind the point, gets the same answers."""
    exact = {name: _decimal(value, digits) for name, value in record.items()}
    for name in NAMES:
        ours = policy("unknown").decide(name, record, date(2026, 8, 1))
        theirs = policy("unknown").decide(name, exact, date(2026, 8, 1))
        slow = Question(policy("unknown").program, name).decide(exact, date(2026, 8, 1))

        assert (ours.value, ours.unknown, ours.row) == (theirs.value, theirs.unknown, theirs.row), name
        assert repr(theirs.value) == repr(slow.value), name


def _decimal(value: Any, digits: int) -> Any:
    if value.__class__ not in (int, float):
        return value
    return Decimal(f"{value!r}.{'0' * digits}" if value.__class__ is int else repr(value))


@settings(max_examples=60)
@given(record=records)
def test_every_answer_can_be_traced(record: dict[str, Any]) -> None:
    """The recorded run ends in the same answer, and an unknown one names what is missing."""
    for name in NAMES:
        decision = policy("unknown").decide(name, record, date(2026, 8, 1))

        last = decision.trace().steps[-1]

        assert (last.value, last.unknown) == (decision.value, decision.unknown), name
        assert not decision.unknown or decision.missing, name


@settings(max_examples=60)
@given(record=records)
@pytest.mark.parametrize("mode", ["unknown", "no_match"])
def test_what_straight_code_remembers_is_what_a_recorded_run_finds(mode: str, record: dict[str, Any]) -> None:
    """The quick trace, what is missing, the reasons and the provisional mark are those of the recorded run."""
    for name in NAMES:
        decision = policy(mode).decide(name, record, date(2026, 8, 1))
        details = decision.details

        assert decision.trace() == details.trace, name
        assert decision.missing == details.missing, name
        assert (decision.reasons, decision.provisional) == (details.reasons, details.provisional), name


def test_straight_code_exists_for_what_is_ordinary() -> None:
    """The quick way is really taken: only what rests on something open has none."""
    entries = policy("unknown")._entries
    slow = [name for name in NAMES if entries[name].__class__.__name__ == "method"]

    assert slow == ["shared", "loud"]
