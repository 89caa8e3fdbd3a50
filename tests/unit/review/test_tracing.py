"""From clauses to elements and tests, and what is left over."""

from __future__ import annotations

from relflow.policy import build
from relflow.reader import read_text
from relflow.review import Coverage, goals
from relflow.review.tracing import trace

POLICY = """
policy: small
version: 1
clauses:
  M-1: {text: {en: Size counts, zh: 看规模}}
  M-2: {text: Old customers count}
  M-3: {outside: {en: an attitude, zh: 态度问题}}
  M-4: {text: nobody wrote this}
facts:
  amount: {type: number, source: M-1}
  years: {type: number, source: M-2}
decisions:
  size:
    hit_policy: first
    output: {type: string}
    source: M-1
    table: |
      | amount || size  | source |
      | >= 100 || large | M-1    |
      | -      || small | M-9    |
  loyal: {expression: years > 3, source: M-2}
  forgotten: {expression: amount > 1}
"""


def traced(*owners: str):
    """The small policy traced, with one test that reaches everything of these decisions."""
    model, found = read_text(POLICY, name="small.yaml")
    policy = build(model, found)
    coverage = Coverage()
    coverage.expect(goals(policy.program))
    reached = {"a test": [goal for goal in coverage.goals if goal.owner in owners]}
    return trace(model, policy.program, reached, own=["small.yaml"])


def clause(tracing, identifier):
    """One clause of a tracing."""
    return next(one for one in tracing.clauses if one.id == identifier)


def test_a_clause_is_carried_by_facts_decisions_and_rows():
    """Everything that names it, by its path."""
    assert clause(traced(), "M-1").elements == ("facts.amount", "decisions.size", "decisions.size, row 1")


def test_what_a_test_reaches_counts_for_what_it_reads():
    """A test of the decision reaches the fact that the decision reads."""
    found = traced("loyal")

    assert clause(found, "M-2").tests == ("a test",)
    assert [one.id for one in found.untested] == ["M-1"]


def test_a_clause_outside_of_software_says_why():
    """Its reason, in the reader's language."""
    found = clause(traced(), "M-3")

    assert found.status == "outside"
    assert found.to_dict("zh")["reason"] == "态度问题"


def test_what_nobody_carries_and_what_names_no_clause_is_left_over():
    """An orphan clause, an element without a clause, a row that names a clause which is not listed."""
    found = traced("size", "loyal")

    assert [one.id for one in found.orphans] == ["M-4"]
    assert found.unmoored == ("decisions.forgotten",)
    assert [one.path for one in found.strangers] == ["decisions.size, row 2"]
    assert not found.whole
