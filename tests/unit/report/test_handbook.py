"""A policy as a handbook: complete, in words, honest about what is open."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from relflow.policy import load
from relflow.report.handbook import handbook
from relflow.report.questions import questions, questions_page
from relflow.review.tracing import carried


class Text(HTMLParser):
    """The words of a page."""

    def __init__(self):
        super().__init__()
        self.words = []

    def handle_data(self, data):
        self.words.append(data)


def words(lang, overlay=None, name="petrochemical"):
    """The text of a shipped policy's handbook."""
    policy = load(f"rules/{name}", overlay=overlay)
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


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "en",
            [
                "Importance at least 8 or (Importance at least 6 and Stage of cooperation is project) Core otherwise",
                "Last order at least “Without an order before a warning” ago",
                "all cases that it opened are closed",
                "Written confirmation within: not set",
                "Deadline By when",
            ],
        ),
        (
            "zh",
            [
                "重要性不低于 8，或（重要性不低于 6，且合作阶段为 project） 核心 其他情况 成长",
                "最近下单日距今不少于“无订单预警期”",
                "由它新建的工单均已关闭",
                "书面确认时限：未设定",
                "整改期限 整改期限",
            ],
        ),
    ],
)
def test_conditions_and_deadlines_stand_in_words(lang, expected):
    """Formulas whose names have labels are sentences, choices are tables, deadlines have names."""
    found = words(lang, overlay="rules/key_accounts/example.overlay.yaml", name="key_accounts")

    assert [sentence for sentence in expected if sentence not in found] == []


def test_what_the_manual_leaves_open_is_shown_as_open():
    """No figure is made up; with the company's overlay the figures stand there."""
    assert "left open: the company decides" in words("en")
    assert "First response within: not set" in words("en")
    filled = words("en", overlay="rules/petrochemical/example.overlay.yaml")
    assert "First response within: 4 working hours" in filled


def test_what_the_manual_gives_as_an_example_stands_in_words():
    """Levels under their names, lengths of time in the reader's language, lists as alternatives."""
    asked = questions(load("rules/petroleum").program)
    (rhythm,) = [one for one in asked["S000-3.2-1a"] if one.id == "visit_rhythm"]

    assert "Strategic: 1 month or 3 months; Key: 3 months or 6 months" in rhythm.ask.text("en")
    assert "战略客户：1 个月或 3 个月；重点客户：3 个月或 6 个月" in rhythm.ask.text("zh")


def test_open_questions_are_listed_by_clause():
    """What the company still has to decide, with how and where; nothing once it has."""
    bare = load("rules/petrochemical").program

    asked = questions(bare)
    assert list(asked)[:2] == ["S001-2.1-1a", "S001-2.1-1b"]
    (response,) = asked["S001-3.3-2"]
    assert (response.id, response.answer) == ("first_response_time", "set: first_response_time")
    assert response.ask.text("zh") == "时长或周期"
    rule = asked["S001-2.1-1b"][0]
    assert rule.ask.text("en") == "by what rule; the manual names: Quantity bought, Number of purchases, Amount bought"
    filled = load("rules/petrochemical", overlay="rules/petrochemical/example.overlay.yaml").program
    assert questions(filled) == {}


def test_the_questions_are_a_page_of_their_own():
    """To take into a meeting: each clause with its words, choices and examples of the manual, in both languages."""
    general, petroleum = load("rules/general").program, load("rules/petroleum").program

    assert "one of: 1 month, 3 months" in questions_page(general, "en")
    page = questions_page(petroleum, "zh")
    assert all(text in page for text in ("制度留待企业确定的事项", "按“客户级别”逐级确定", "制度举例：", "有哪些等级"))
