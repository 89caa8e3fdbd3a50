"""Why built-in functions give null, as people read it."""

from __future__ import annotations

import pytest

from relflow import feel
from relflow.diagnostics import Fragment

REASONS = [
    ('substring("foobar", 7)', "there is no position 7 among 6", "共 6 个，没有第 7 个"),
    ("sum([])", "the list has too few items", "列表的项数不够"),
    ("mean(null)", "`list` is null", "`list` 是空值"),
    ("sqrt(-1)", "the result is undefined or out of bounds", "结果无定义或超出范围"),
    ('date("2026-02-30")', "`2026-02-30` is not a date", "`2026-02-30` 不是日期"),
    ("time(25, 0, 0)", "the parts do not make a time", "这些数值不能组成时间"),
    ("decimal(1, 9999)", "`scale` must be between -6111 and 6176", "`scale` 必须在 -6111 到 6176 之间"),
    ("odd(1.5)", "`number` must be a whole number", "`number` 必须是整数"),
    ('get value({a: 1}, "b")', "there is no `b` in the record", "记录里没有 `b`"),
    (
        'context([{key: "a", value: 1}, {key: "a", value: 2}])',
        "`a` stands twice among the entries",
        "`a` 在条目里出现了两次",
    ),
    ('min([1, "a"])', "a text cannot be compared with a number", "文字与数字无法比较"),
    ("median([1, null])", "an item of the list is null, not a number", "列表中有一项是空值，而不是数字"),
    ("now()", "no time was given to ask", "没有给出当前时间"),
    (
        'range("[3..1]")',
        "`[3..1]` is not a range of two literals of one kind, the lower first",
        "`[3..1]` 不是由两个同类字面值组成、小的在前的区间",
    ),
]


@pytest.mark.parametrize(("expression", "en", "zh"), REASONS, ids=[expression for expression, *_ in REASONS])
def test_a_null_says_why(expression: str, en: str, zh: str) -> None:
    """In one line, in both languages."""
    recording = feel.explain(expression)

    finding = recording.reasons[-1].at(Fragment.of(expression))
    assert recording.value is None
    assert (finding.text("en"), finding.text("zh")) == (en, zh)
