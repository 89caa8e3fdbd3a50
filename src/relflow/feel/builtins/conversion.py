"""Conversions to numbers, texts and ranges: `number`, `string`, `range`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from relflow.feel.builtins.define import ANY_RANGE, LONGEST_TEXT, define, effort, known, param, sig
from relflow.feel.builtins.messages import BAD_RANGE_TEXT, BAD_SEPARATOR, BAD_TEXT, NULL_ARGUMENT, TOO_LONG
from relflow.feel.definition import Builtin
from relflow.feel.nulls import fail
from relflow.feel.reasons import kind_word
from relflow.feel.types import ANY, NUMBER, STRING
from relflow.values import (
    Number,
    Range,
    compare,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_number,
    parse_temporal,
    parse_time,
    to_text,
)

__all__ = ["CONVERSION"]

_LONGEST_SHOWN: Final = 40
_PLAIN: Final = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)


def _number(text: Any, grouping: str | None = None, point: str | None = None) -> Number | None:
    if text is None:
        return fail(NULL_ARGUMENT, name="from")
    if grouping not in {None, " ", ",", "."} or point not in {None, ",", "."} or (grouping and grouping == point):
        return fail(BAD_SEPARATOR)
    # the standard takes every occurrence of the grouping separator away, wherever it stands
    plain = text.replace(grouping, "") if grouping else text
    if point == ",":
        plain = plain.replace(".", "?").replace(",", ".")
    try:
        if not _PLAIN.fullmatch(plain):
            raise ValueError(plain)
        return parse_number(plain)
    except ValueError:
        return fail(BAD_TEXT, text=text[:_LONGEST_SHOWN], wanted=kind_word("number"))


@known("from")
def _string(value: Any) -> str | None:
    if isinstance(value, list | dict):
        with effort() as work:
            text = to_text(value, work)
    else:
        text = to_text(value)
    return text if len(text) <= LONGEST_TEXT else fail(TOO_LONG, limit=LONGEST_TEXT)


_TEXT = r'"((?:[^"\\]|\\.)*)"'
_END: Final = re.compile(
    rf"\s*(?:(?P<number>-?\s*(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))|(?P<text>{_TEXT})|@(?P<at>{_TEXT})"
    rf"|(?P<call>date and time|date|time|duration)\s*\(\s*(?P<given>{_TEXT})\s*\))\s*"
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_LETTERS: Final = {"n": "\n", "r": "\r", "t": "\t", "'": "'", '"': '"', "\\": "\\"}
_CALLS: Final[dict[str, Callable[[str], Any]]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_datetime,
    "duration": parse_duration,
}
_LONGEST_RANGE: Final = 1_000


def _unquoted(text: str) -> str:
    """The content of a text literal. Raises ValueError for an escape that means nothing."""

    def plain(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code:
            return chr(int(code, 16))
        if match[3] not in _LETTERS:
            raise ValueError(match[0])
        return _LETTERS[match[3]]

    unescaped = _ESCAPE.sub(plain, text[1:-1])
    # two escapes may be the two halves of one character
    return unescaped.encode("utf-16", "surrogatepass").decode("utf-16")


def _end(match: re.Match[str]) -> Any:
    """The value of one end of a range. Raises ValueError where it has none."""
    if match["number"] is not None:
        return parse_number(re.sub(r"\s", "", match["number"]))
    if match["text"] is not None:
        return _unquoted(match["text"])
    if match["at"] is not None:
        return parse_temporal(_unquoted(match["at"]))
    return _CALLS[match["call"]](_unquoted(match["given"]))


def _read_range(text: str) -> Range:
    """A range from text such as `[1..3]`. Raises ValueError for any other text."""
    stripped = text.strip()
    if len(stripped) > _LONGEST_RANGE or stripped[:1] not in set("[(]") or stripped[-1:] not in set("])["):
        raise ValueError(text)
    first = _END.match(stripped, 1)
    if first is None or not stripped.startswith("..", first.end()):
        raise ValueError(text)
    second = _END.fullmatch(stripped, first.end() + 2, len(stripped) - 1)
    if second is None:
        raise ValueError(text)
    start, end = _end(first), _end(second)
    if compare(start, end) not in {-1, 0}:
        raise ValueError(text)
    return Range(start, end, stripped[0] == "[", stripped[-1] == "]")


@known("from")
def _range(text: str) -> Range | None:
    try:
        return _read_range(text)
    except ValueError:
        return fail(BAD_RANGE_TEXT, text=text[:_LONGEST_SHOWN])


_CLAUSE: Final = "10.3.4.1"

CONVERSION: Final[tuple[Builtin, ...]] = (
    define(
        "number",
        _number,
        (
            sig(NUMBER, param("from", STRING)),
            sig(
                NUMBER,
                param("from", STRING),
                param("grouping separator", STRING),
                param("decimal separator", STRING),
            ),
        ),
        (
            "A number from text. The grouping separator is a space, comma or point, the decimal one a comma or point.",
            "把文字转换成数字。分组符可以是空格、逗号或句点，小数点可以是逗号或句点。",
        ),
        _CLAUSE,
        ('number("1 000,0", " ", ",")', "1000"),
        ('number("1,000.5", ",", ".")', "1000.5"),
        ('number("5000万")', "null"),
    ),
    define(
        "string",
        _string,
        sig(STRING, param("from", ANY)),
        ("The value as text; null stays null.", "把值转换成文字；空值仍为空值。"),
        _CLAUSE,
        ("string(1.1)", '"1.1"'),
        ('string(@"2026-04-15")', '"2026-04-15"'),
        ('string([1, "a"])', '"[1, \\"a\\"]"'),
    ),
    define(
        "range",
        _range,
        sig(ANY_RANGE, param("from", STRING)),
        (
            "A range from text; its ends are literals of one kind, the lower first.",
            "把文字转换成区间；两端是同类的字面值，小的在前。",
        ),
        _CLAUSE,
        ('range("[18..21)")', "[18..21)"),
        ('range("[3..1]")', "null"),
    ),
)
