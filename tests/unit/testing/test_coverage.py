"""What tests reach: rows, bands, criteria, signs, plan rows, through other decisions, schemes and cases."""

from __future__ import annotations

import json

import pytest

from relflow.review import Coverage
from relflow.testing import run

POLICY = """
policy: small
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
include: [small.yaml, ticket.yaml]
"""
SECTIONS = """
facts:
  amount: {type: number}
  late: {type: boolean}
parameters:
  rhythm: {type: duration, value: 1 month}
decisions:
  size:
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | amount || size  |
      | >= 100 || large |
      | >= 0   || small |
  extras:
    hit_policy: collect
    output: {type: string}
    table: |
      | size  || extras |
      | large || wine   |
      | large || song   |
      | small || tea    |
  danger:
    scorecard:
      criteria:
        lateness: {when: late, points: 40}
        bulk: {expression: amount, weight: 10, bands: {">= 100": 100, "-": 0}}
  over: {expression: amount > 50, output: {type: boolean}}
  twice: {expression: amount * 2}
indicators:
  overdue: {when: late}
tiers:
  tier: {from: size, levels: [large, small]}
cadences:
  contact:
    touchpoints: {call: {channel: phone}, visit: {channel: visit}}
    plan: |
      | tier  || touchpoint | target   |
      | large || visit      | = rhythm |
      | -     || call       | = rhythm |
"""
WORKFLOW = """
workflow: ticket
version: 1
expects:
  size: {type: string, one_of: [large, small]}
roles: [clerk]
data: {note: {type: string}}
initial: open
states:
  open:
    events:
      settle:
        - {when: size = "large", to: done, needs: [note]}
        - {to: done}
  done: {final: true}
clocks:
  answer: {from: open, until: [done], within: 2 hours, steps: [{at: due, do: [{notify: owner}]}]}
"""


@pytest.fixture
def measure(tmp_path):
    """A function that runs tests beside the small policy and gives what they reach."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "small.yaml").write_text(SECTIONS, encoding="utf-8")
    (tmp_path / "ticket.yaml").write_text(WORKFLOW, encoding="utf-8")

    def measured(text: str) -> Coverage:
        (tmp_path / "small.test.yaml").write_text(text, encoding="utf-8")
        coverage = Coverage()
        results = list(run(tmp_path, coverage=coverage))
        assert [result.text() for result in results if not result.passed] == []
        return coverage

    return measured


def missed(coverage):
    """What is missed, without files."""
    return {(goal.kind, goal.owner, goal.part, goal.answer) for goal in coverage.missed}


def test_a_policy_without_tests_reaches_nothing(measure):
    """All goals are known before the first test runs."""
    coverage = measure("tests: []")

    assert coverage.percent == 0
    assert {kind: of for kind, (_, of) in coverage.counts().items()} == {
        "row": 5,
        "criterion": 2,
        "band": 2,
        "indicator": 2,
        "expression": 3,
        "plan_row": 2,
        "transition": 2,
        "clock_step": 1,
    }


def test_rows_are_reached_through_the_decisions_above_them(measure):
    """A row of `size` decides when `extras` is asked; a collect table counts each row that matched."""
    coverage = measure("tests: [{it: gives, given: {amount: 100}, expect: {extras: [wine, song]}}]")

    rows = {goal for goal in missed(coverage) if goal[0] == "row"}
    assert rows == {("row", "size", "2", ""), ("row", "extras", "3", "")}


def test_a_row_is_reached_through_the_level_in_force(measure):
    """A test that expects a tier runs the decision behind it."""
    coverage = measure("tests: [{it: is small, today: 2026-07-01, given: {amount: 1}, expect: {tier: small}}]")

    assert ("row", "size", "2", "") not in missed(coverage)
    assert ("row", "size", "1", "") in missed(coverage)


def test_an_unknown_answer_reaches_no_row(measure):
    """Where a missing fact keeps the answer open, no row decided."""
    coverage = measure("tests: [{it: is open, given: {}, expect: {size: unknown, danger: unknown, overdue: unknown}}]")

    assert coverage.reached == 0


def test_criteria_signs_and_conditions_count_both_ways(measure):
    """True alone is half of it; bands count one by one."""
    coverage = measure(
        "tests: [{it: is bad, given: {amount: 100, late: true}, expect: {danger: 50, overdue: true, over: true}}]"
    )

    found = missed(coverage)
    assert ("criterion", "danger", "lateness", "false") in found
    assert ("criterion", "danger", "lateness", "true") not in found
    assert ("band", "danger", "`bulk: -`", "") in found
    assert ("band", "danger", "`bulk: >= 100`", "") not in found
    assert ("indicator", "overdue", "", "false") in found
    assert ("expression", "over", "", "false") in found
    assert ("expression", "twice", "", "known") in found


def test_a_criterion_that_a_missing_fact_leaves_open_is_not_reached(measure):
    """The band is settled although lateness is not."""
    coverage = measure("tests: [{it: is open, given: {amount: 1}, expect: {danger: unknown}}]")

    found = missed(coverage)
    assert {goal for goal in found if goal[0] == "criterion"} == {
        ("criterion", "danger", "lateness", "true"),
        ("criterion", "danger", "lateness", "false"),
    }
    assert ("band", "danger", "`bulk: -`", "") not in found


def test_plan_rows_count_where_they_give_contacts(measure):
    """A small customer is called and not visited; what the plan reads counts too."""
    coverage = measure(
        """
tests:
  - it: calls
    today: 2026-07-01
    until: 2026-08-31
    given: {amount: 1}
    history: [{touchpoint: call, on: 2026-06-15}]
    expect: [{touchpoint: call, on: 2026-07-15}]
"""
    )

    assert {goal for goal in missed(coverage) if goal[0] == "plan_row"} == {("plan_row", "contact", "1", "")}
    assert ("row", "size", "2", "") not in missed(coverage)


def test_cases_reach_alternatives_clock_steps_and_what_they_ask(measure):
    """The second alternative happened because the policy said small; the clock rang."""
    coverage = measure(
        """
tests:
  - it: settles
    case: ticket
    given: {amount: 1}
    today: 2026-03-02
    steps:
      - {open: {}, as: clerk}
      - {at: "2026-03-02T12:00", expect: {breached: [answer]}}
      - {fire: settle, as: clerk}
      - {expect: {state: done}}
"""
    )

    found = missed(coverage)
    assert {goal for goal in found if goal[0] in ("transition", "clock_step")} == {
        ("transition", "ticket", "`open.settle` (1)", "")
    }
    assert ("row", "size", "2", "") not in found


def test_a_test_that_does_not_hold_reaches_nothing(measure):
    """A known gap passes while it fails, and proves nothing about the rows it ran through."""
    coverage = measure(
        "tests: [{it: is large, given: {amount: 1}, expect: {size: large}, known_gap: not yet}]",
    )

    assert coverage.reached == 0


def test_what_is_missed_has_a_place_and_a_sentence(measure, tmp_path):
    """File by file from top to bottom, in both languages, and as JSON."""
    coverage = measure("tests: [{it: is small, given: {amount: 1}, expect: {size: small}}]")

    first = coverage.missed[0]
    assert first.place == f"{tmp_path}/small.yaml:13:7"
    assert first.text("en") == "decision `size`, row 1 is never reached"
    assert first.text("zh") == "判定 `size` 第 1 行从未触及"
    written = json.loads(json.dumps(coverage.to_dict("zh"), ensure_ascii=False))
    assert written["reached"] == 1
    assert written["missed"][0]["text"] == "判定 `size` 第 1 行从未触及"


def test_tests_beside_an_included_workflow_count(measure, tmp_path):
    """A workflow of another folder has its tests beside it; they run with those of the policy that includes it."""
    apart = tmp_path.parent / f"{tmp_path.name}-flows"
    apart.mkdir()
    (apart / "ticket.yaml").write_text(WORKFLOW, encoding="utf-8")
    (apart / "ticket.test.yaml").write_text(
        "tests: [{it: settles, case: ticket, steps: [{open: {}, as: clerk}, {fire: settle, as: clerk}]}]",
        encoding="utf-8",
    )
    (tmp_path / "policy.yaml").write_text(POLICY.replace("ticket.yaml", f"../{apart.name}/ticket.yaml"), "utf-8")
    coverage = measure("tests: []")

    assert {goal for goal in missed(coverage) if goal[0] == "transition"} == {
        ("transition", "ticket", "`open.settle` (1)", "")
    }
