"""A policy as a handbook: complete, in words, honest about what is open."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from relflow.policy import load
from relflow.report.handbook import handbook, open_questions
from relflow.review.tracing import carried


class Text(HTMLParser):
    """The words of a page."""

    def __init__(self):
        super().__init__()
        self.words = []

    def handle_data(self, data):
        self.words.append(data)


def words(lang, overlay=None):
    """The text of the petrochemical handbook."""
    policy = load("rules/petrochemical", overlay=overlay)
    parser = Text()
    parser.feed(handbook(policy.program, lang, carried(policy.model)))
    return " ".join(" ".join(parser.words).split())


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", ["Customer tier", "Purchases so far", "more than 0", "Return visit", "Clauses of the manual", "tell"]),
        ("zh", ["客户类别", "历史采购次数", "高于 0", "回访", "制度条款", "通知"]),
    ],
)
def test_the_handbook_says_everything_in_the_readers_language(lang, expected):
    """Tiers with their criteria in words, the plan, the deadlines, the clauses."""
    found = words(lang)

    assert [word for word in expected if word not in found] == []


def test_what_the_manual_leaves_open_is_shown_as_open():
    """No figure is made up; with the company's overlay the figures stand there."""
    assert "left open: the company decides" in words("en")
    assert "First response within: not set" in words("en")
    filled = words("en", overlay="rules/petrochemical/example.overlay.yaml")
    assert "First response within: 4 working hours" in filled


def test_open_questions_are_listed_by_clause():
    """What the company still has to decide; nothing once it has."""
    bare = load("rules/petrochemical").program

    assert "first_response_time" in open_questions(bare)["S001-3.3-2"]
    filled = load("rules/petrochemical", overlay="rules/petrochemical/example.overlay.yaml").program
    assert "first_response_time" not in open_questions(filled).get("S001-3.3-2", ())
