"""Generated tests: boundaries of facts, valid files, rows that notice what is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

import relflow
from relflow.errors import NotFoundError
from relflow.testing import Mutations, generate, run
from relflow.testing.boundaries import around, boundaries
from relflow.values import YearsMonthsDuration

POLICY = """
policy: small
version: 1
timezone: Asia/Shanghai
parameters:
  limit: {type: number, value: 50}
facts:
  amount: {type: number, min: 0}
  share: {type: number, max: 1}
  kind: {type: string, one_of: [oil, gas]}
  word: {type: string}
  late: {type: boolean}
  since: {type: date}
  notice: {type: duration}
  orders: {type: [number]}
decisions:
  size:
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | amount         | kind     || size  |
      | [100..200)     | -        || large |
      | -              | "gas"    || large |
      | >= 0           | -        || small |
  fair: {expression: share > 0.5 and late != true, output: {type: boolean}}
  over: {expression: amount > limit + 1, output: {type: boolean}}
  old: {expression: since < today() - days(30), output: {type: boolean}}
  slow: {expression: notice >= days(7), output: {type: boolean}}
  known: {expression: 'word in ("a", "b | c")', output: {type: boolean}}
  sums: {expression: sum(orders), output: {type: number}}
  both:
    hit_policy: first
    outputs: {one: {type: number}, two: {type: string}}
    table: |
      | amount || one | two |
      | > 5    || 1   | a b |
      | -      || 2   |     |
  gifts:
    hit_policy: collect
    output: {type: string}
    table: |
      | amount || gifts |
      | > 5    || wine  |
      | > 9    || song  |
tiers:
  tier: {from: size, levels: [large, small]}
"""
TODAY = date(2026, 7, 1)
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
NAMES = ["size", "fair", "over", "old", "slow", "known", "both", "gifts", "tier"]


@pytest.fixture
def policy(tmp_path):
    """The small policy."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    return relflow.load(tmp_path)


@pytest.mark.parametrize(
    ("value", "near"),
    [
        (50, (49, 50, 51)),
        (Decimal("0.25"), (Decimal("0.24"), Decimal("0.25"), Decimal("0.26"))),
        (Decimal("0.9"), (Decimal("0.8"), Decimal("0.9"), 1)),
        (date(2026, 3, 1), (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2))),
        (NOON, (NOON - timedelta(minutes=1), NOON, NOON + timedelta(minutes=1))),
        (timedelta(days=7), (timedelta(days=6), timedelta(days=7), timedelta(days=8))),
        (YearsMonthsDuration(6), (YearsMonthsDuration(5), YearsMonthsDuration(6), YearsMonthsDuration(7))),
        ("oil", ("oil",)),
    ],
)
def test_neighbours_of_a_threshold(value, near):
    """One digit, one day, one minute, one month either way."""
    assert around(value) == near


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("size", {"amount": (0, 1, 99, 100, 101, 199, 200, 201), "kind": ("oil", "gas")}),
        ("fair", {"share": (Decimal("0.4"), Decimal("0.5"), Decimal("0.6"), 1), "late": (True, False)}),
        ("over", {"amount": (0, 50, 51, 52)}),
        ("old", {"since": (date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 2))}),
        ("slow", {"notice": (timedelta(days=6), timedelta(days=7), timedelta(days=8))}),
        ("known", {"word": ("a", "b | c", "other")}),
        ("sums", {}),
    ],
)
def test_boundaries_come_from_cells_conditions_parameters_and_the_day(policy, name, facts):
    """Thresholds with their neighbours within the declared bounds; each choice; nothing for lists."""
    assert boundaries(policy, name, TODAY) == facts


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_generated_is_a_test_that_holds(policy, tmp_path, name, lang):
    """The file is read, run, and says what is answered today."""
    written = generate(policy, name, at=TODAY, lang=lang)
    (tmp_path / "made.test.yaml").write_text(written.text, encoding="utf-8")
    (result,) = run(tmp_path)

    assert result.text(lang) == ""
    assert 2 <= written.rows <= 40


@pytest.mark.parametrize("name", ["size", "fair", "over", "old", "slow", "gifts"])
def test_what_is_generated_notices_changes(policy, tmp_path, name):
    """Whatever bound is moved, row dropped or answer exchanged, a generated row says so."""
    (tmp_path / "made.test.yaml").write_text(generate(policy, name, at=TODAY).text, encoding="utf-8")
    mutations = Mutations(tmp_path)
    list(mutations)

    assert [mutant.text() for mutant in mutations.unnoticed if mutant.name == name] == []


def test_the_first_rows_tell_most(policy):
    """Each rule decides once before bounds are explored; the number of rows is bounded."""
    written = generate(policy, "size", most=3)

    assert written.text.splitlines()[:4] == [
        "tests:",
        "  - it: answers at the boundaries of `size` as today (generated, review each row)",
        "    decide: size",
        "    table: |",
    ]
    assert written.rows == 3
    answers = [line.rstrip(" |\n").rsplit("|", 1)[-1].strip() for line in written.text.splitlines()[5:]]
    assert {"large", "small"} <= set(answers)


def test_facts_that_no_cell_holds_are_named(policy):
    """A list cannot stand in a table; where there is nothing else, that is said."""
    with pytest.raises(NotFoundError) as caught:
        generate(policy, "sums")

    assert caught.value.reason == "no-boundaries"
    assert caught.value.text("zh") == "`sums` 未用到可在表中取不同值的数据项"


def test_many_combinations_stay_bounded(tmp_path):
    """Eight facts with many thresholds each are sampled, in little time and the same way each time."""
    facts = "".join(f"  f{n}: {{type: number}}\n" for n in range(8))
    rows = "".join(
        "      | " + " | ".join(f">= {10 * n + c}" for c in range(8)) + f" || {n} |\n" for n in reversed(range(6))
    )
    heading = " | ".join(f"f{n}" for n in range(8))
    text = f"""
policy: wide
version: 1
facts:
{facts}decisions:
  wide:
    hit_policy: first
    output: {{type: number}}
    table: |
      | {heading} || wide |
{rows}"""
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    policy = relflow.load(tmp_path)

    assert generate(policy, "wide", most=30) == generate(policy, "wide", most=30)
    assert generate(policy, "wide", most=30).rows == 30
