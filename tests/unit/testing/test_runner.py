"""Policy tests in YAML: what passes, what fails, and what a failure says."""

from __future__ import annotations

from pathlib import Path

import pytest

from relflow.errors import NotFoundError
from relflow.reader import read_policy
from relflow.testing import policies, run

POLICY = """
policy: small
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
parameters:
  limit: {type: number, source: M-1}
  rhythm: {type: duration, value: 1 month}
facts:
  amount: {type: number}
  note: {type: string}
decisions:
  size:
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | amount   || size  |
      | >= 100   || large |
      | >= 0     || small |
  over: {expression: amount > limit}
tiers:
  tier: {from: size, levels: [large, small], lower_after: 2 reviews, review_every: 1 month}
cadences:
  contact:
    touchpoints: {call: {channel: phone}}
    plan: |
      | tier || touchpoint | target   |
      | -    || call       | = rhythm |
"""


@pytest.fixture
def policy(tmp_path):
    """A folder with the small policy; returns a function that writes and runs tests beside it."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")

    def results(text: str, name: str = "small.test.yaml", **options):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return list(run(tmp_path, **options))

    return results


def test_a_table_passes_row_by_row(policy):
    """Every row of the test is decided; an empty cell is a missing fact."""
    (result,) = policy(
        """
tests:
  - it: sizes accounts
    decide: size
    table: |
      | amount || size    |
      | 100    || large   |
      | 99     || small   |
      |        || unknown |
"""
    )

    assert result.passed
    assert result.it == "sizes accounts"
    assert result.line == 3


def test_a_failure_names_the_row_that_won(policy):
    """What came out, what the test says, and which row decided, in both languages."""
    (result,) = policy(
        """
tests:
  - it: sizes accounts
    decide: size
    table: |
      | amount || size  |
      | 99     || large |
"""
    )

    assert not result.passed
    assert "`size` is small, the test says large (row 2 won, " in result.text()
    assert "`size` 得到small，测试要求large（命中第 2 行" in result.text("zh")


def test_an_unexpected_unknown_names_what_is_missing(policy):
    """The test leaves a fact away that it should give."""
    (result,) = policy("tests:\n  - it: forgets\n    given: {note: x}\n    expect: {size: small}\n")

    assert "`size` is unknown, the test says small (missing: `amount`)" in result.text()


def test_parameters_are_set_for_one_test_only(policy):
    """A value that one test sets does not reach the next."""
    first, second = policy(
        """
tests:
  - it: knows the limit
    set: {limit: 10}
    given: {amount: 11}
    expect: {over: true}
  - it: does not know it
    given: {amount: 11}
    expect: {over: unknown}
"""
    )

    assert first.passed
    assert second.passed


def test_levels_in_force_follow_from_the_state(policy):
    """A weak review counts, the second one lowers."""
    once, twice = policy(
        """
tests:
  - it: holds
    today: 2026-07-01
    given: {amount: 5}
    state: {tier: {level: large, since: 2026-01-01, reviewed: 2026-06-01, weak_reviews: 0}}
    expect: {tier: large, size: small}
  - it: lowers
    today: 2026-07-01
    given: {amount: 5}
    state: {tier: {level: large, since: 2026-01-01, reviewed: 2026-06-01, weak_reviews: 1}}
    expect: {tier: small}
"""
    )

    assert once.passed
    assert twice.passed


def test_a_plan_is_compared_contact_by_contact(policy):
    """A contact that is planned passes, one that is not says what is planned instead."""
    good, bad = policy(
        """
tests:
  - it: calls monthly
    today: 2026-03-02
    until: 2026-05-10
    given: {amount: 5}
    history: [{touchpoint: call, on: 2026-02-20}]
    expect: [{touchpoint: call, on: 2026-03-20, status: upcoming}]
  - it: calls weekly
    today: 2026-03-02
    until: 2026-05-10
    given: {amount: 5}
    history: [{touchpoint: call, on: 2026-02-20}]
    expect: [{touchpoint: call, on: 2026-02-27}]
"""
    )

    assert good.passed
    assert "the plan has no touchpoint call, on 2026-02-27 (it has: call 2026-03-20; call 2026-04-20)" in bad.text()


def test_a_known_gap_passes_while_it_is_open_and_fails_once_closed(policy):
    """The mark has to be taken away when the policy is mended."""
    open_, closed = policy(
        """
tests:
  - it: is not right yet
    known_gap: the manual is silent
    given: {amount: 5}
    expect: {size: large}
  - it: is right by now
    known_gap: the manual is silent
    given: {amount: 5}
    expect: {size: small}
"""
    )

    assert open_.passed
    assert not closed.passed
    assert closed.text() == "the known gap is closed (the manual is silent): take `known_gap` away"


STALE = """
categories:
  basic: {fresh_for: 6 months}
facts:
  visits: {type: number, category: basic}
decisions:
  file_state:
    hit_policy: first
    output: {type: string}
    table: |
      | stale(visits) || file_state |
      | true          || old        |
      | false         || good       |
"""


def test_facts_are_as_old_as_the_test_says(policy, tmp_path):
    """`known` dates the facts of a table, of what is given and of a plan; without a date a fact's age is unknown."""
    (tmp_path / "more.yaml").write_text(STALE, encoding="utf-8")
    results = policy(
        """
tests:
  - it: dates what is given
    today: 2026-07-01
    given: {visits: 5}
    known: {visits: 2025-12-31}
    expect: {file_state: old}
  - it: dates the facts of a table
    today: 2026-07-01
    known: {visits: 2026-01-02}
    decide: file_state
    table: |
      | visits || file_state |
      | 5      || good       |
  - it: does not know the age of what has no date
    today: 2026-07-01
    given: {visits: 5}
    expect: {file_state: unknown}
  - it: refuses a date for what is no fact
    today: 2026-07-01
    known: {visit: 2026-01-02}
    given: {visits: 5}
    expect: {file_state: good}
"""
    )

    assert [result.passed for result in results] == [True, True, True, False]
    assert "`visit`" in results[3].text()


def test_expected_findings_are_looked_for(policy):
    """A finding that the check reports passes, one that it does not fails."""
    found, missing = policy("tests:\n  - {it: asks, findings: [unset]}\n  - {it: cycles, findings: [decision-cycle]}\n")

    assert found.passed
    assert "the check does not find `decision-cycle`" in missing.text()


def test_expected_findings_are_those_under_the_values_of_the_test(policy):
    """A value that a parameter may not take is found by the test that sets it, and what is set is not unset."""
    refused, answered = policy(
        """
tests:
  - {it: refuses a text for a number, set: {limit: much}, findings: [wrong-type]}
  - {it: does not ask again, set: {limit: 7}, findings: [unset]}
"""
    )

    assert refused.passed
    assert "the check does not find `unset`" in answered.text()


def test_wrong_tests_say_what_is_wrong_with_them(policy):
    """Unknown facts, decisions and schemes and wrong literals are problems of the test, with a suggestion."""
    fact, literal, name, scheme = policy(
        """
tests:
  - {it: misspells a fact, given: {amuont: 5}, expect: {size: small}}
  - {it: gives a text, given: {amount: much}, expect: {size: small}}
  - {it: misspells a decision, given: {amount: 5}, expect: {siez: small}}
  - {it: misspells a scheme, given: {amount: 5}, state: {teir: {level: large}}, expect: {size: small}}
"""
    )

    assert "`amuont` is no fact of the policy; did you mean `amount`?" in fact.text()
    assert "`much` is not a number" in literal.text()
    assert "the policy has no `siez`; did you mean `size`?" in name.text()
    assert "there is no scheme `teir`; did you mean `tier`?" in scheme.text()


def test_a_level_without_a_day_asks_for_today(policy):
    """What the test file lacks is said in the words of test files."""
    (result,) = policy("tests: [{it: sizes, given: {amount: 100}, expect: {tier: large}}]")

    assert [problem.text("en") for problem in result.problems] == [
        "the answer depends on the day: give the test a `today`"
    ]


def test_a_file_that_cannot_be_read_is_one_failed_test(policy):
    """A mistake of YAML is told as a problem, not raised."""
    (result,) = policy("tests: [\n")

    assert not result.passed
    assert result.text()


def test_a_selection_runs_only_what_it_names(policy):
    """`-k` in the analyst's terms."""
    text = "tests:\n  - {it: one, given: {amount: 5}, expect: {size: small}}\n  - {it: two, expect: {size: unknown}}\n"

    assert [result.it for result in policy(text, select="two")] == ["two"]


def test_files_of_one_policy_share_what_was_read_and_compiled(tmp_path, monkeypatch):
    """A folder with several files of tests reads and compiles its policy once."""
    read = []
    monkeypatch.setattr(policies, "read_policy", lambda *given: read.append(given) or read_policy(*given))
    (tmp_path / "policy.yaml").write_text(POLICY)
    for name in ("one", "two", "three"):
        case = f"tests:\n  - {{it: {name}, given: {{amount: 5}}, expect: {{size: small}}}}\n"
        (tmp_path / f"{name}.test.yaml").write_text(case)

    results = list(run(tmp_path))

    assert [(result.it, result.passed) for result in results] == [("one", True), ("three", True), ("two", True)]
    assert len(read) == 1


def test_there_is_an_error_where_there_is_no_such_path():
    """A path that does not exist is refused before anything runs."""
    with pytest.raises(NotFoundError):
        list(run(Path("does/not/exist")))


def test_pytest_collects_the_same_files(pytester):
    """Each test is an item; a failure shows the problem and no traceback."""
    (pytester.path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (pytester.path / "small.test.yaml").write_text(
        "tests:\n  - {it: holds, given: {amount: 5}, expect: {size: small}}\n"
        "  - {it: does not hold, given: {amount: 5}, expect: {size: large}}\n",
        encoding="utf-8",
    )

    done = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    done.assert_outcomes(passed=1, failed=1)
    assert "the test says large" in done.stdout.str()
    assert "Traceback" not in done.stdout.str()
