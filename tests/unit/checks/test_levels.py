"""Levels that are in the list of a scheme and not elsewhere: what is found, and what is meant to be so."""

from __future__ import annotations

import pytest

from relflow.policy import build
from relflow.reader import read_text

POLICY = """policy: x
version: 1
facts:
  amount: {{type: number, min: 0}}
  bad: {{type: boolean}}
parameters:
  rhythm: {{type: duration, per: tier, value: {rhythm}}}
decisions:
  says: {says}
  rate: {{expression: rhythm, output: {{type: duration}}}}
tiers:
  tier: {{from: says, levels: {levels}{gives}}}
cadences:
  contact:
    touchpoints: {{call: {{channel: phone}}}}
    plan: |
      | tier | bad || touchpoint | target  |
{plan}
"""
ALL = '{expression: \'if amount > 9 then "a" else if amount > 5 then "b" else "c"\', output: {levels_of: tier}}'
RHYTHM = "{a: 1 month, b: 1 month, c: 1 month}"


def found(
    *levels: str,
    says: str = ALL,
    rhythm: str = RHYTHM,
    plan: tuple[str, ...] = ("a | -", "not(a) | -", "- | true"),
    gives: str = "",
) -> list[str]:
    """What is said about the levels of a policy."""
    rows = "\n".join(f"      | {cells} || call | 1 month |" for cells in plan)
    text = POLICY.format(levels=f"[{', '.join(levels)}]", says=says, rhythm=rhythm, plan=rows, gives=gives)
    wanted = {"forgotten-level", "unreachable-level", "tier-without-cadence"}
    return [one.text() for one in build(*read_text(text)).diagnostics if one.name in wanted]


def card(*thresholds: str, late: int = 40) -> str:
    """A decision by points: from -10 to `late`."""
    criteria = f"one: {{when: bad, points: {late}}}, two: {{expression: amount, weight: -20, bands: {{'< 9': 50}}}}"
    levels = ", ".join(thresholds)
    return f"{{output: {{levels_of: tier}}, scorecard: {{criteria: {{{criteria}}}, levels: {{{levels}}}}}}}"


def test_one_finding_names_every_place_that_forgot_a_level() -> None:
    """The rule, the plan and the parameter, each with its line."""
    text = found("a", "b", "c", "d", plan=("a | -", "b | -", "c | -"), gives=", gives: {a: [x], b: [x], c: [x]}")

    assert text == [
        "`d` is a level of `tier`, but these places leave it out: the rule of `says` (policy.yaml:9), "
        "the contact plan `contact` (policy.yaml:14), the values of `rhythm` (policy.yaml:7)"
    ]


def test_what_most_levels_get_is_missed_by_the_others() -> None:
    """A list of gifts that names most of the levels counts beside another place; the lowest level needs none."""
    gives = ", gives: {b: [x], c: [x]}"

    assert found("a", "b", "c", plan=("b | -", "c | -"), gives=gives) == [
        "`a` is a level of `tier`, but these places leave it out: the contact plan `contact` (policy.yaml:14), "
        "what `tier` gives (policy.yaml:12)"
    ]
    assert found("a", "b", "c", gives=", gives: {a: [x], b: [x]}") == []


@pytest.mark.parametrize(
    "plan",
    [("a | -", "not(a) | -"), ("a | -", "- | true"), ("- | -",), ("- | true", "a | false"), ('"a", b | -', "c | true")],
)
def test_a_plan_is_about_each_level_that_some_row_accepts(plan: tuple[str, ...]) -> None:
    """Whatever else the row asks for."""
    assert found("a", "b", "c", plan=plan) == []


def test_a_tier_that_no_plan_is_about() -> None:
    """One finding for each such level, where nothing else forgot it."""
    assert found("a", "b", "c", plan=("a | -",)) == [
        "no row of the contact plan `contact` is about `b`, a level of `tier`",
        "no row of the contact plan `contact` is about `c`, a level of `tier`",
    ]


@pytest.mark.parametrize(
    ("says", "missing"),
    [
        (card("a: 40", "b: 20", "c: -10"), []),
        (card("a: 41", "b: 20", "c: -10"), ["a"]),
        (card("a: 40", "b: 20", "c: -11"), []),
        (card("a: 20", "b: 10", "c: -20", late=5), ["a", "b"]),
        (card("a: 10", "b: -10", "c: -20"), ["c"]),
        (card("a: 10", "b: -9", "c: -20"), []),
        ('{expression: \'if amount > 9 then "a" else "b"\', output: {levels_of: tier}}', ["c"]),
        ("{expression: 'if amount > 9 then \"a\" else null', output: {levels_of: tier}}", ["b", "c"]),
        ('{expression: \'if amount > 9 then "a" else ["b", "c"][1]\', output: {levels_of: tier}}', []),
        ("{output: {levels_of: tier}}", []),
    ],
)
def test_a_level_that_its_rule_never_gives(says: str, missing: list[str]) -> None:
    """By the least and the most points, by the ends of an expression; what cannot be told is not claimed."""
    assert found("a", "b", "c", says=says) == [f"`says` never gives `{level}`, a level of `tier`" for level in missing]


def test_a_table_gives_what_its_rows_and_its_default_say() -> None:
    """A row that computes its answer could say anything."""
    table = "\n    hit_policy: first\n    output: {levels_of: tier}%s\n    table: |\n      | amount || tier |\n%s"

    assert found("a", "b", "c", says=table % ("\n    default: c", "      | > 9 || a |\n      | > 5 || b |")) == []
    assert found("a", "b", "c", says=table % ("", "      | > 9 || a |\n      | - || b |")) == [
        "`says` never gives `c`, a level of `tier`"
    ]
    assert found("a", "b", "c", says=table % ("", '      | > 9 || a |\n      | - || = ["b", "c"][1] |')) == []
