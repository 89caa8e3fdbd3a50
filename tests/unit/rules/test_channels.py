"""How a contact is made: as the plan says, or as a decision chooses for the account."""

from __future__ import annotations

from datetime import date

import pytest

from relflow.policy import Policy, build
from relflow.reader import read_text
from relflow.results import Contact

POLICY = """
policy: channels
version: 1
facts:
  prefers: {type: string, one_of: [phone, email]}
decisions:
  way: {expression: prefers, output: {type: string}}
cadences:
  contact:
    touchpoints:
      call: {channel: = way}
      news: {channel: email}
      visit: {}
    plan: |
      | true || touchpoint | target   |
      | -    || call       | 1 month  |
      | -    || news       | 2 months |
      | -    || visit      | 3 months |
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    """One touchpoint of each kind."""
    return build(*read_text(POLICY, name="channels.yaml"))


@pytest.mark.parametrize(
    ("facts", "way"), [({"prefers": "email"}, "email"), ({"prefers": "phone"}, "phone"), ({}, "call")]
)
def test_a_decision_chooses_the_channel(policy: Policy, facts: dict[str, str], way: str) -> None:
    """Where it does not know, and where nothing is said, the touchpoint goes by its own name."""
    history = [Contact(kind, date(2026, 1, 1)) for kind in ("call", "news", "visit")]
    plan = policy.plan_contacts(facts, history, at=date(2026, 1, 2), until=date(2026, 4, 10))

    assert {one.touchpoint: one.channel for one in plan} == {"call": way, "news": "email", "visit": "visit"}
    assert [finding.name for finding in policy.diagnostics if finding.name == "unused-fact"] == []
