"""Who moves when a policy changes."""

from __future__ import annotations

from relflow.policy import build
from relflow.reader import read_text
from relflow.review import impact

POLICY = """
policy: small
version: 1
facts:
  amount: {type: number}
decisions:
  size:
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | amount || size  |
      | >= 100 || large |
      | >= 0   || small |
tiers:
  tier: {from: size, levels: [large, small]}
"""


def test_accounts_are_counted_by_old_and_new_answer():
    """Raising a threshold moves those between the two thresholds, and nobody else."""
    old = build(*read_text(POLICY, name="old.yaml"))
    new = build(*read_text(POLICY.replace(">= 100", ">= 200"), name="new.yaml"))
    accounts = [("a", {"amount": 150}), ("b", {"amount": 250}), ("c", {"amount": 5}), ("d", {}), ("e", {"amount": "x"})]

    found = impact(old, new, accounts)

    assert found.accounts == 5
    assert found.moved("tier") == 1
    assert [(move.account, move.old, move.new) for move in found.moves] == [("a", "large", "small")]
    assert found.matrix["tier", "unknown", "unknown"] == 1
    assert found.matrix["tier", "error", "error"] == 1


def test_a_decision_can_be_compared_by_name():
    """Not only schemes."""
    policy = build(*read_text(POLICY, name="old.yaml"))

    assert impact(policy, policy, [("a", {"amount": 1})], ["size"]).matrix["size", "small", "small"] == 1
