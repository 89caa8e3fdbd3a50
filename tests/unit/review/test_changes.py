"""What differs between two versions of a policy, in business words."""

from __future__ import annotations

import pytest

from relflow.reader import read_text
from relflow.review import compare
from relflow.review.pairing import paired

OLD = """
policy: small
version: 1
parameters:
  limit: {type: number, value: 10}
facts:
  amount: {type: number}
decisions:
  size:
    hit_policy: first
    output: {type: string}
    table: |
      | amount || size  |
      | >= 100 || large |
      | -      || small |
tiers:
  tier: {from: size, levels: [large, small], review_every: 6 months}
"""


def changes(new: str, lang: str = "en") -> list[str]:
    """The differences from OLD as sentences."""
    before, _ = read_text(OLD, name="old.yaml")
    after, _ = read_text(new, name="new.yaml")
    return [change.text(lang) for change in compare(before, after)]


@pytest.mark.parametrize(
    ("what", "instead", "en", "zh"),
    [
        (
            ">= 100 ",
            ">= 200 ",
            "decision `size`, row 1, amount: `>= 100` is now `>= 200`",
            "判定 `size` 第 1 行 的 amount：`>= 100` 改为 `>= 200`",
        ),
        (
            "value: 10",
            "value: 12",
            "parameter `limit`, value: `10` is now `12`",
            "参数 `limit` 的 value：`10` 改为 `12`",
        ),
        (", value: 10", "", "parameter `limit`, value: `10` is gone", "参数 `limit` 的 value：删去 `10`"),
        (
            "amount: {type: number}",
            "amount: {type: number}\n  years: {type: number}",
            "fact `years` is new",
            "数据项 `years` 新增",
        ),
        (
            "review_every: 6 months",
            "review_every: 3 months",
            "tier `tier`, review_every: `6 months` is now `3 months`",
            "分级 `tier` 的 review_every：`6 months` 改为 `3 months`",
        ),
        (
            "      | >= 100 || large |\n",
            "      | >= 100 || large |\n      | >= 50  || middle |\n",
            "decision `size`, row 2 is new: >= 50 | middle",
            "判定 `size` 第 2 行 新增：>= 50 | middle",
        ),
        (
            "      | >= 100 || large |\n",
            "",
            "decision `size`, row 1 is gone: >= 100 | large",
            "判定 `size` 第 1 行 删除：>= 100 | large",
        ),
        (
            "version: 1",
            "version: 2",
            "policy `small`, version: `1` is now `2`",
            "制度 `small` 的 version：`1` 改为 `2`",
        ),
    ],
)
def test_a_change_is_one_sentence_in_each_language(what, instead, en, zh):
    """Each kind of change, told of the element, the row and the column."""
    new = OLD.replace(what, instead)

    assert changes(new) == [en]
    assert changes(new, "zh") == [zh]


def test_the_same_policy_has_no_changes():
    """Nothing differs from itself."""
    assert changes(OLD) == []


def test_places_and_comments_are_no_changes():
    """Moving lines and writing comments changes nothing."""
    assert (
        changes(
            "# a comment\n\n"
            + OLD.replace("  limit: {type: number, value: 10}", "  limit:\n    type: number\n    value: 10")
        )
        == []
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([("a", "x")], [("b", "y"), ("c", "x")], [(None, 0), (0, 1)]),
        ([("a", "x"), ("b", "y")], [("b", "z")], [(0, None), (1, 0)]),
        ([("a", "x")], [("b", "y")], [(0, None), (None, 0)]),
        ([("-", "x")], [("-", "y")], [(0, None), (None, 0)]),
        ([], [("a",)], [(None, 0)]),
        ([("1", "p"), ("2", "q")], [("1", "r"), ("2", "s")], [(0, 0), (1, 1)]),
    ],
)
def test_rows_are_paired_by_what_they_share(old, new, expected):
    """A new row above a changed one is new, and the changed one is told cell by cell."""
    assert paired(old, new) == expected


def test_very_many_rows_are_paired_in_their_order():
    """Where comparing all with all would take long, order decides."""
    assert paired([("a",)] * 300, [("b",)] * 301)[-2:] == [(299, 299), (None, 300)]
