"""Why a built-in function gave null, in words."""

from __future__ import annotations

from typing import Final

from relflow.diagnostics import Message, Severity

__all__ = [
    "BAD_DATE_PART",
    "BAD_ENTRY",
    "BAD_POSITION",
    "BAD_RANGE_TEXT",
    "BAD_SCALE",
    "BAD_SEPARATOR",
    "BAD_TEXT",
    "DUPLICATE_KEY",
    "EMPTY_LIST",
    "NOT_WHOLE",
    "NO_CLOCK",
    "NO_KEY",
    "NO_RESULT",
    "NULL_ARGUMENT",
    "ONLY_A_DATE",
    "TOO_LONG",
    "WRONG_ANSWER",
    "WRONG_ITEM",
    "WRONG_KIND",
]


def _reason(name: str, en: str, zh: str) -> Message:
    return Message.of(name, Severity.HINT, en, zh)


NULL_ARGUMENT: Final = _reason("null-argument", "`{name}` is null", "`{name}` 是空值")
WRONG_KIND: Final = _reason("null-argument", "`{name}` cannot be {given}", "`{name}` 不能是{given}")
WRONG_ITEM: Final = _reason(
    "null-argument", "an item of the list is {given}, not {wanted}", "列表中有一项是{given}，而不是{wanted}"
)
NOT_WHOLE: Final = _reason("null-argument", "`{name}` must be a whole number", "`{name}` 必须是整数")
EMPTY_LIST: Final = _reason("null-result", "the list has too few items", "列表的项数不够")
NO_RESULT: Final = _reason("null-result", "the result is undefined or out of bounds", "结果无定义或超出范围")
BAD_POSITION: Final = _reason(
    "null-position", "there is no position {position} among {count}", "共 {count} 个，没有第 {position} 个"
)
BAD_SCALE: Final = _reason(
    "null-argument", "`scale` must be between {low} and {high}", "`scale` 必须在 {low} 到 {high} 之间"
)
BAD_TEXT: Final = _reason("null-text", "`{text}` is not {wanted}", "`{text}` 不是{wanted}")
BAD_SEPARATOR: Final = _reason(
    "null-argument",
    "the grouping separator is a space, comma or point, the decimal one a comma or point, and they differ",
    "分组符只能是空格、逗号或句点，小数点只能是逗号或句点，且两者不能相同",
)
BAD_DATE_PART: Final = _reason("null-text", "the parts do not make {wanted}", "这些数值不能组成{wanted}")
BAD_RANGE_TEXT: Final = _reason(
    "null-text",
    "`{text}` is not a range of two literals of one kind, the lower first",
    "`{text}` 不是由两个同类字面值组成、小的在前的区间",
)
NO_KEY: Final = _reason("null-key", "there is no `{key}` in the record", "记录里没有 `{key}`")
DUPLICATE_KEY: Final = _reason("null-key", "`{key}` stands twice among the entries", "`{key}` 在条目里出现了两次")
BAD_ENTRY: Final = _reason(
    "null-key", "an entry has a text `key` and a `value`", "每个条目要有文字的 `key` 和一个 `value`"
)
WRONG_ANSWER: Final = _reason(
    "null-call",
    "the function for `{name}` answered {given} instead of true or false",
    "`{name}` 的函数返回了{given}，而不是真假值",
)
TOO_LONG: Final = _reason("null-bounds", "this is longer than {limit}", "长度超过 {limit}")
NO_CLOCK: Final = _reason("null-clock", "no time was given to ask", "没有给出当前时间")
ONLY_A_DATE: Final = _reason("null-clock", "only a date was given, no time of day", "只给出了日期，没有给出时刻")
