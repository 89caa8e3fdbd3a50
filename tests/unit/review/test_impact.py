"""Who moves when a policy changes."""

from __future__ import annotations

import pytest

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


PLANNED = (
    POLICY
    + """
cadences:
  contact:
    touchpoints:
      visit: {channel: visit, label: {en: visit, zh: 拜访}}
      mail: {channel: email, label: {en: mail, zh: 邮件}}
    plan: |
      | tier  | amount || touchpoint | target         |
      | large | > 1000 || visit      | 2 weeks        |
      | large | -      || visit      | 3 months       |
      | -     | -      || mail       | 1 working day  |
"""
)


def test_contacts_of_a_month_follow_the_rhythms():
    """Who falls a tier is visited no more; the sums are those of each account's own rhythm, old and new."""
    old = build(*read_text(PLANNED, name="old.yaml"))
    new = build(*read_text(PLANNED.replace(">= 100", ">= 200"), name="new.yaml"))
    accounts = [("a", {"amount": 150}), ("b", {"amount": 250}), ("c", {"amount": 2000}), ("d", {"amount": "x"})]

    visit, mail = impact(old, new, accounts).contacts

    weeks = 365.25 / 12 / 14
    assert (visit.touchpoint, visit.label.text("zh")) == ("contact.visit", "拜访")
    assert visit.old == pytest.approx(2 / 3 + weeks)
    assert visit.new == pytest.approx(1 / 3 + weeks)
    assert visit.more == pytest.approx(-1 / 3)
    assert (mail.old, mail.new) == (pytest.approx(3 * 365.25 / 12 * 5 / 7), mail.old)


def test_a_rhythm_that_is_set_for_each_level_counts():
    """A parameter with a value for each level makes the rhythm; where it is unset there is nothing to count."""
    text = PLANNED.replace("2 weeks ", "= rhythm").replace(
        "facts:", "parameters:\n  rhythm: {type: duration, per: tier, value: {large: 2 months}}\nfacts:"
    )
    policy = build(*read_text(text, name="new.yaml"))
    unset = build(*read_text(text.replace(", value: {large: 2 months}", ""), name="old.yaml"))

    found = {one.touchpoint: one for one in impact(unset, policy, [("a", {"amount": 2000})]).contacts}

    assert (found["contact.visit"].old, found["contact.visit"].new) == (0, 0.5)


def test_every_move_is_told_of_as_it_is_found():
    """The list keeps the first thousand; a caller that wants all is told of each, with what it was and is."""
    old = build(*read_text(POLICY, name="old.yaml"))
    new = build(*read_text(POLICY.replace(">= 100", ">= 200"), name="new.yaml"))
    told = []

    found = impact(old, new, ((str(n), {"amount": 150}) for n in range(1500)), moved=told.append)

    assert (found.accounts, len(found.moves), len(told)) == (1500, 1000, 1500)
    assert (told[-1].account, told[-1].old, told[-1].new) == ("1499", "large", "small")


def test_lists_are_answers_too():
    """A decision that collects is compared by its list."""
    collected = POLICY.replace("first", "collect").replace("{levels_of: tier}", "{type: string}").split("tiers:")[0]
    policy = build(*read_text(collected, name="old.yaml"))

    assert impact(policy, policy, [("a", {"amount": 100})]).matrix == {("size", *["['large', 'small']"] * 2): 1}
