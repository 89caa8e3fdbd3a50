"""What people write out of habit, from spreadsheets, programs and speech, and how the language says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from relflow.diagnostics import Field
from relflow.feel.lexer import Token
from relflow.text import Text

__all__ = ["FUNCTIONS", "JOINS", "NO_HELP", "Help", "remedy"]

Help = tuple[Text | None, dict[str, Field]]
"""A remedy and what goes into its slots."""

NO_HELP: Final[Help] = (None, {})


def _text(en: str, zh: str) -> Text:
    return Text((("en", en), ("zh", zh)))


_WRITE: Final = _text("write `{plain}`", "写成 `{plain}`")
_WRITE_NOT: Final = _text("write `not(…)`, with brackets", "写成带括号的 `not(…)`")
_WRITE_IF: Final = _text("write `if … then … else …`", "写成 `if … then … else …`")
_WRITE_ELSE: Final = _text(
    "say what holds otherwise: `else …` (`else null` where it is nothing)",
    "写明否则如何：`else …`（没有结果时写 `else null`）",
)
_WRITE_NULL: Final = _text("write `= null`, or `!= null` for the opposite", "写成 `= null`；相反的条件写 `!= null`")
_WRITE_BETWEEN: Final = _text("write `and` between them", "两个条件之间写 `and`")

_DAYS: Final = {
    **dict.fromkeys(("day", "days", "天", "日"), 1),
    **dict.fromkeys(("week", "weeks", "周", "星期"), 7),
}
_MONTHS: Final = {
    **dict.fromkeys(("month", "months", "个月", "月"), 1),
    **dict.fromkeys(("quarter", "quarters", "季度", "个季度"), 3),
    **dict.fromkeys(("year", "years", "年"), 12),
}
_HOURS: Final = frozenset({"hour", "hours", "小时", "个小时"})
JOINS: Final = {
    **dict.fromkeys(("and", "且", "并且", "和", "而且", "&"), "and"),
    **dict.fromkeys(("or", "或", "或者", "|"), "or"),
}
"""How conditions are joined elsewhere, and what the language calls it."""

FUNCTIONS: Final = {
    **dict.fromkeys(("average", "avg", "平均", "平均值"), "mean"),
    **dict.fromkeys(("len", "length"), "string length"),
    **dict.fromkeys(("countif", "counta", "size", "计数"), "count"),
    **dict.fromkeys(("sumif", "total", "求和", "合计"), "sum"),
    **dict.fromkeys(("ucase", "upper", "toupper"), "upper case"),
    **dict.fromkeys(("lcase", "lower", "tolower"), "lower case"),
    **dict.fromkeys(("left", "mid", "substr"), "substring"),
    **dict.fromkeys(("search", "find", "in_text"), "contains"),
    **dict.fromkeys(("maximum", "最大", "最大值"), "max"),
    **dict.fromkeys(("minimum", "最小", "最小值"), "min"),
    **dict.fromkeys(("roundup", "ceil"), "ceiling"),
    **dict.fromkeys(("rounddown", "int"), "floor"),
    **dict.fromkeys(("isnull", "isblank", "is_null"), "missing"),
    "取整": "floor",
    "今天": "today",
}
"""Functions of spreadsheets and programs, with the name that the language has for them."""


def remedy(tokens: Sequence[Token], at: int, wanted: str | Text) -> Help:
    """What to write instead, where the token at this place does not belong."""
    token = tokens[at]
    before, after = (tokens[at - 1] if at else None), tokens[min(at + 1, len(tokens) - 1)]
    if token.kind == "end":
        return (_WRITE_ELSE, {}) if wanted == "`else`" else NO_HELP
    if token.text in JOINS and JOINS[token.text] != token.text:
        return _WRITE, {"plain": JOINS[token.text]}
    if token.text == "not":
        return _WRITE_NOT, {}
    if token.text == "is":
        return _WRITE_NULL, {}
    if token.text == "?" or (token.text == "," and any(one.text == "if" for one in tokens[:at])):
        return _WRITE_IF, {}
    if token.text in ("and", "or") and after.text == "(":
        return _WRITE_BETWEEN, {}
    return _length(before, token)


def _length(before: Token | None, unit: Token) -> Help:
    """A length of time written as in a value: `90 days`."""
    if before is None or before.kind != "number" or not before.text.isdecimal():
        return NO_HELP
    count = int(before.text)
    if unit.text in _DAYS:
        return _WRITE, {"plain": f"days({count * _DAYS[unit.text]})"}
    if unit.text in _MONTHS:
        return _WRITE, {"plain": f"months({count * _MONTHS[unit.text]})"}
    return (_WRITE, {"plain": f'@"PT{count}H"'}) if unit.text in _HOURS else NO_HELP
