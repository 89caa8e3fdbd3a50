"""Why an operation gave null, in words."""

from __future__ import annotations

from typing import Any, Final

from relflow.diagnostics import Message, Severity
from relflow.text import Text
from relflow.values import kind_of

__all__ = [
    "BAD_LITERAL",
    "BAD_RANGE",
    "DIVISION_BY_ZERO",
    "HOST_FUNCTION",
    "NOT_A_CONDITION",
    "NOT_A_FUNCTION",
    "NOT_A_LIST",
    "NOT_COMPARABLE",
    "NOT_COUNTABLE",
    "NOT_FINITE",
    "NOT_SUPPORTED",
    "NO_FIELD",
    "NO_ITEM",
    "NO_NAME",
    "NO_OPERATION",
    "OUT_OF_RANGE",
    "TOO_DEEP",
    "TOO_MANY_ITEMS",
    "TOO_MANY_STEPS",
    "UNKNOWN_KIND",
    "WRONG_ARGUMENTS",
    "kind_word",
    "kind_word_of",
]


def _reason(name: str, en: str, zh: str) -> Message:
    return Message.of(name, Severity.HINT, en, zh)


NOT_COMPARABLE: Final = _reason("null-comparison", "{left} cannot be compared with {right}", "{left}与{right}无法比较")
NO_OPERATION: Final = _reason(
    "null-arithmetic", "`{operator}` is not defined for {left} and {right}", "`{operator}` 不适用于{left}和{right}"
)
OUT_OF_RANGE: Final = _reason(
    "null-arithmetic", "the result of `{operator}` is out of range or undefined", "`{operator}` 的结果超出范围或无定义"
)
DIVISION_BY_ZERO: Final = _reason("null-division", "division by zero", "除数为零")
NOT_A_CONDITION: Final = _reason("null-condition", "{value} is neither true nor false", "{value}不是真假值")
NO_FIELD: Final = _reason("null-field", "there is no `{name}` here", "这里没有 `{name}`")
NO_NAME: Final = _reason("null-name", "nothing is known of `{name}`", "没有 `{name}` 的数据")
NO_ITEM: Final = _reason(
    "null-item", "the list has {count} items, none at {index}", "列表有 {count} 项，没有第 {index} 项"
)
NOT_A_LIST: Final = _reason("null-list", "{value} is no list", "{value}不是列表")
NOT_COUNTABLE: Final = _reason(
    "null-range", "only ranges of whole numbers or dates can be counted through", "只有整数或日期的区间可以逐个取值"
)
BAD_RANGE: Final = _reason(
    "null-range", "a range needs two ends of one kind, the lower first", "区间两端必须同类，且小的在前"
)
BAD_LITERAL: Final = _reason(
    "null-literal",
    "`{text}` is neither a date, a time, a date and time nor a duration",
    "`{text}` 不是日期、时间、日期时间或时长",
)
NOT_A_FUNCTION: Final = _reason("null-call", "`{name}` is no function", "`{name}` 不是函数")
WRONG_ARGUMENTS: Final = _reason(
    "null-call", "`{name}` cannot be called with these arguments", "`{name}` 不能用这些参数调用"
)
NOT_SUPPORTED: Final = _reason("null-call", "external functions are not run", "不执行外部函数")
HOST_FUNCTION: Final = _reason("null-call", "`{name}` failed", "`{name}` 执行失败")
TOO_MANY_STEPS: Final = _reason("null-bounds", "this takes more than {limit} steps", "超过 {limit} 步")
TOO_MANY_ITEMS: Final = _reason("null-bounds", "a list may have {limit} items", "列表最多 {limit} 项")
TOO_DEEP: Final = _reason("null-bounds", "functions call each other too deeply", "函数相互调用层次过深")
NOT_FINITE: Final = _reason(
    "null-number", "a number that is infinite or undefined counts as missing", "无穷大或未定义的数视为缺失"
)
UNKNOWN_KIND: Final = _reason(
    "null-value", "a value of the kind {kind} means nothing here", "{kind} 类的值在这里没有意义"
)

_WORDS: Final = {
    "null": ("null", "空值"),
    "boolean": ("a boolean", "真假值"),
    "number": ("a number", "数字"),
    "string": ("a text", "文字"),
    "date": ("a date", "日期"),
    "time": ("a time", "时间"),
    "date and time": ("a date and time", "日期时间"),
    "days and time duration": ("a duration in days", "按天计的时长"),
    "years and months duration": ("a duration in months", "按月计的时长"),
    "working time duration": ("a duration of working time", "工作时长"),
    "list": ("a list", "列表"),
    "context": ("a record", "记录"),
    "range": ("a range", "区间"),
    "function": ("a function", "函数"),
}


def kind_word(kind: str) -> Text:
    """A kind of value in both languages."""
    en, zh = _WORDS.get(kind, (kind, kind))
    return Text((("en", en), ("zh", zh)))


def kind_word_of(value: Any) -> Text:
    """The kind of this value, in both languages."""
    return kind_word(kind_of(value))
