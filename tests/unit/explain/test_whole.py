"""Explanations of each kind of answer, whole, in both languages: scorecards, schemes, formulas, personal facts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from relflow.policy import Policy, build
from relflow.reader import read_text

FILE = Path("tests/cases/explain/whole.yaml")
DATA = yaml.safe_load(FILE.read_text("utf-8"))


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The policy of the file."""
    return build(*read_text(DATA["policy"], name="whole.yaml"))


@pytest.mark.parametrize("case", DATA["cases"], ids=[case["note"] for case in DATA["cases"]])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_kind_of_answer_is_explained(policy: Policy, case: dict[str, Any], lang: str) -> None:
    """One line a criterion with the value seen and what is asked for; then what another answer would take."""
    explanation = policy.explain(
        case["of"], case.get("facts", {}), at=date(2026, 7, 1), state=case.get("state"), viewer=case.get("viewer")
    )

    assert explanation.text(lang) + "\n" == case[lang]


def test_a_level_set_by_hand_is_explained(policy: Policy) -> None:
    """By whom, for what reason and until when; the rule's own answer stands below."""
    state = policy.override(
        "tier", "high", reason="listed abroad", approver="li", at=date(2026, 1, 1), until=date(2026, 12, 31)
    )
    said = policy.explain("tier", {"amount": 4}, at=date(2026, 7, 1), state={"tier": state})

    assert "set by hand on 2026-01-01, until 2026-12-31, approved by li: listed abroad" in said.text("en").splitlines()
    assert "2026-01-01 由人工设定，至 2026-12-31，批准人：li，理由：listed abroad" in said.text("zh").splitlines()


def test_html_and_json_hide_what_the_text_hides(policy: Policy) -> None:
    """A personal value appears in no form of an explanation, and in no form of a trace unless it is asked for."""
    facts = {"phone": "13800001111", "amount": 4}
    explanation = policy.explain("call", facts)
    trace = policy.decide("urgent", facts).trace()

    assert "13800001111" not in explanation.html("en") + str(explanation.to_dict("zh"))
    assert "13800001111" not in repr(trace.steps) + str(trace.to_dict()).replace('"13800001111"', "the test of a cell")
    assert "13800001111" in str(trace.to_dict(personal=True))
    assert "13800001111" in policy.explain("call", facts, viewer=["service"]).text("en")


def test_a_standing_hides_what_its_viewer_may_not_see() -> None:
    """Personal values show only to roles that may see their category, also when the level is explained later."""
    text = """
policy: private
version: 1
timezone: UTC
roles: {steward: {}, clerk: {}}
categories: {health: {steward: steward}}
facts: {illness: {type: string, personal: true, category: health}}
decisions: {says: {output: {levels_of: care}, expression: 'if illness = "gout" then "high" else "low"'}}
tiers: {care: {from: says, levels: [high, low]}}
"""
    standing = build(*read_text(text, name="private.yaml")).assign("care", {"illness": "gout"}, at=date(2026, 7, 1))
    for viewer, seen in ((None, False), (["clerk"], False), (["steward"], True)):
        explanation = standing.explain(viewer)
        whole = explanation.text() + explanation.html() + str(explanation.to_dict())
        # the condition names the value that it asks for; what the account has is another column
        assert ("gout  gout" in explanation.text()) is seen, whole
