"""Explanations of whole decisions."""

from __future__ import annotations

import json
from datetime import date

import pytest

from relflow.policy import build
from relflow.reader import read_text

POLICY = """
policy: small
version: 3
facts:
  amount: {type: number, label: {en: Amount, zh: 金额}}
  phone: {type: string, personal: true}
  bought_on: {type: date}
decisions:
  recent: {expression: bought_on >= today() - months(3), label: Bought lately}
  tier:
    hit_policy: first
    output: {type: string, one_of: [key, regular]}
    table: |
      | amount | recent || tier    | because | source |
      | >= 50  | true   || key     | buys    | M-1    |
      | -      | -      || regular |         | M-2    |
  points:
    scorecard:
      criteria:
        large: {expression: amount, weight: 30, bands: {">= 50": 100, "-": 10}}
        late: {when: recent, points: 5}
      levels: {high: 30, low: 0}
    output: {type: string, one_of: [high, low]}
  reachable: {expression: phone != null and amount > 1}
"""
NAMED = """
policy: named
version: 1
facts:
  stage:
    type: string
    one_of: {project: {en: Project, zh: 项目期}, supply: {en: Supply, zh: 供应期}}
    label: {en: Stage, zh: 阶段}
  wants: {type: [string], one_of: {news: {en: News, zh: 资讯}, visits: {en: Visits, zh: 拜访}}}
decisions:
  rate:
    hit_policy: first
    output: {type: duration}
    table: |
      | stage              | wants || rate     |
      | "project","supply" | null  || 2 weeks  |
      | not("project")     | -     || 1 month  |
      | -                  | -     || 3 months |
  busy: {expression: stage = "project"}
"""
AT = date(2026, 7, 1)


@pytest.fixture(scope="module")
def policy():
    """The policy of this file."""
    return build(*read_text(POLICY, name="small.yaml"))


@pytest.mark.parametrize(("lang", "head"), [("en", "unknown  small 3"), ("zh", "未知  small 3")])
def test_an_answer_without_lines_keeps_its_distance(policy, lang, head):
    """Where no column follows, the answer still stands apart from the place."""
    assert policy.explain("tier", {}, at=AT).text(lang).splitlines()[0].startswith(head)


def test_a_row_that_nearly_matched_says_what_it_lacks(policy):
    """The decision that kept the row from matching is taken apart, its threshold worked out."""
    said = policy.explain("tier", {"amount": 60, "bought_on": date(2026, 3, 1)}, at=AT).text("en")

    assert said == (
        "regular      small 3, row 2, small.yaml:16\n"
        "what would make it key (row 1, M-1):\n"
        "  bought_on  2026-03-01  on 2026-04-01 or later  31 days short"
    )


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            "1 month  named 1, row 2, named.yaml:17\n"
            "  Stage  Supply  not Project  yes\n"
            "what would make it 14 days (row 1):\n"
            "  wants    News  missing      no",
        ),
        (
            "zh",
            "1 个月   named 1，第 2 行，named.yaml:17\n"
            "  阶段   供应期  不是项目期  符合\n"
            "怎样才会得到 14 天（第 1 行）：\n"
            "  wants    资讯  缺失        不符合",
        ),
    ],
)
def test_values_are_called_what_people_call_them(lang, said):
    """Choices of facts stand under their labels, in what is seen and in what is asked for; months stand in words."""
    policy = build(*read_text(NAMED, name="named.yaml"))

    assert policy.explain("rate", {"stage": "supply", "wants": ["news"]}).text(lang) == said


def test_a_presence_goes_without_saying_where_the_value_is_asked_for(policy):
    """`x != null and x > 1` is one line about `x`, `phone != null` alone stays one."""
    kept = build(
        *read_text(
            """
policy: kept
version: 1
facts: {amount: {type: number}, phone: {type: string}}
decisions:
  both: {expression: amount != null and amount > 1 and phone != null}
""",
            name="kept.yaml",
        )
    )

    assert kept.explain("both", {"amount": 3}).text("zh").splitlines()[1:] == [
        "  amount     3  高于 1    符合",
        "  phone   缺失  须有数据  不符合",
    ]


def test_a_condition_calls_values_what_people_call_them():
    """So do the comparisons of an expression."""
    policy = build(*read_text(NAMED, name="named.yaml"))

    assert policy.explain("busy", {"stage": "supply"}).text("zh").splitlines()[1] == "  阶段  供应期  项目期  不符合"


def test_the_reason_and_clause_of_the_deciding_row_come_first(policy):
    """A hit shows its reason, its cells, and what its yes-or-no decisions rest on."""
    said = policy.explain("tier", {"amount": 60, "bought_on": date(2026, 6, 1)}, at=AT).text("zh")

    assert said.splitlines() == [
        "key              small 3，第 1 行，small.yaml:15",
        "  buys (M-1)",
        "  金额                   60  不低于 50              符合",
        "  Bought lately          是  是                     符合",
        "Bought lately：",
        "  bought_on      2026-06-01  2026-04-01 当日或之后  符合",
    ]


def test_a_missing_fact_is_named(policy):
    """Unknown, and what is missing."""
    explanation = policy.explain("tier", {"bought_on": date(2026, 6, 1)}, at=AT)

    assert explanation.answer.text("en") == "unknown"
    assert [remark.text("en") for remark in explanation.remarks] == ["missing: Amount"]


def test_a_scorecard_lists_its_points(policy):
    """Each criterion with the value seen and its points, then the total."""
    lines = policy.explain("points", {"amount": 60, "bought_on": date(2026, 6, 1)}, at=AT).blocks[0].lines

    assert [(line.subject.text("en"), line.gap.text("en")) for line in lines] == [
        ("large", "30 points"),
        ("late", "5 points"),
        ("total", "35 points"),
    ]


def test_personal_facts_are_not_shown(policy):
    """Their values stay out of text, JSON and HTML."""
    explanation = policy.explain("reachable", {"phone": "13800000000", "amount": 2}, at=AT)
    everywhere = explanation.text() + explanation.html() + json.dumps(explanation.to_dict(), ensure_ascii=False)

    assert "13800000000" not in everywhere
    assert "(personal)" in explanation.text()


def test_html_escapes_what_analysts_and_hosts_wrote(policy):
    """No text becomes markup."""
    hostile = build(*read_text(POLICY.replace("Bought lately", "'<script>alert(1)</script>'"), name="small.yaml"))

    shown = hostile.explain("tier", {"amount": 60, "bought_on": date(2026, 6, 1)}, at=AT).html()

    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


THRESHOLDS = """
policy: x
version: 1
facts:
  amount: {type: number}
  years: {type: number}
parameters:
  key_from: {type: number, value: 500万}
  settled: {type: number, values: {2020-01-01: 3, 2026-01-01: 5}}
decisions:
  size:
    hit_policy: first
    output: {type: string, one_of: [large, small]}
    table: |
      | amount      | years                  || size  |
      | >= key_from | [settled..settled + 9] || large |
      | -           | -                      || small |
"""


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["amount 3,500,000 at least 5,000,000 1,500,000 short", "years 1 at least 5 and at most 14 4 short"]),
        ("zh", ["amount 3,500,000 不低于 5,000,000 还差 1,500,000", "years 1 不低于 5 且不超过 14 还差 4"]),
    ],
)
def test_a_threshold_that_the_company_set_is_shown_as_its_figure(lang: str, said: list[str]) -> None:
    """A parameter in a cell stands for the value that it had on the day, and the distance is counted from it."""
    policy = build(*read_text(THRESHOLDS))

    shown = policy.explain("size", {"amount": 3_500_000, "years": 1}, at=date(2026, 7, 1)).text(lang)

    assert [" ".join(line.split()) for line in shown.splitlines()[-2:]] == said
