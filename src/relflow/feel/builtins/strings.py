"""String functions; characters are counted by code points."""

from __future__ import annotations

from typing import Any, Final

from relflow.feel.builtins.define import LONGEST_TEXT, define, known, optional, param, sig
from relflow.feel.builtins.messages import BAD_POSITION, NULL_ARGUMENT, TOO_LONG, WRONG_ITEM, WRONG_KIND
from relflow.feel.definition import Builtin
from relflow.feel.nulls import fail
from relflow.feel.reasons import kind_word, kind_word_of
from relflow.feel.types import BOOLEAN, NUMBER, STRING, ListType
from relflow.values import Number

__all__ = ["STRINGS"]


@known("string", "start position")
def _substring(string: str, start: Number, length: Number | None = None) -> str | None:
    position = int(start)
    if position == 0 or abs(position) > len(string):
        return fail(BAD_POSITION, position=position, count=len(string))
    first = position - 1 if position > 0 else len(string) + position
    if length is None:
        return string[first:]
    if length < 1:
        return fail(WRONG_KIND, name="length", given=kind_word("number"))
    return string[first : first + int(length)]


@known("string", "match")
def _before(string: str, match: str) -> str:
    found = string.find(match)
    return string[:found] if found > 0 else ""


@known("string", "match")
def _after(string: str, match: str) -> str:
    found = string.find(match)
    return string[found + len(match) :] if found >= 0 else ""


def _join(texts: Any, delimiter: str | None = None) -> str | None:
    if texts is None:
        return fail(NULL_ARGUMENT, name="list")
    given = [text for text in texts if text is not None]
    for text in given:
        if not isinstance(text, str):
            return fail(WRONG_ITEM, given=kind_word_of(text), wanted=kind_word("string"))
    between = delimiter or ""
    if sum(map(len, given)) + len(between) * len(given) > LONGEST_TEXT:
        return fail(TOO_LONG, limit=LONGEST_TEXT)
    return between.join(given)


_TEXT: Final = param("string", STRING)
_MATCH: Final = param("match", STRING)
_CLAUSE: Final = "10.3.4.3"

STRINGS: Final[tuple[Builtin, ...]] = (
    define(
        "substring",
        _substring,
        sig(STRING, _TEXT, param("start position", NUMBER), optional("length", NUMBER)),
        (
            "The characters from a position on, all or `length` of them; the first position is 1, the last -1.",
            "从某个位置起的字符，取到末尾或只取 `length` 个；第一个位置是 1，最后一个是 -1。",
        ),
        _CLAUSE,
        ('substring("foobar", 3)', '"obar"'),
        ('substring("foobar", 3, 3)', '"oba"'),
        ('substring("战略客户", -2, 1)', '"客"'),
    ),
    define(
        "string length",
        known("string")(len),
        sig(NUMBER, _TEXT),
        ("The number of characters.", "字符个数。"),
        _CLAUSE,
        ('string length("foo")', "3"),
        ('string length("战略客户")', "4"),
    ),
    define(
        "upper case",
        known("string")(str.upper),
        sig(STRING, _TEXT),
        ("The text in capitals.", "转换成大写。"),
        _CLAUSE,
        ('upper case("aBc4")', '"ABC4"'),
    ),
    define(
        "lower case",
        known("string")(str.lower),
        sig(STRING, _TEXT),
        ("The text in small letters.", "转换成小写。"),
        _CLAUSE,
        ('lower case("aBc4")', '"abc4"'),
    ),
    define(
        "substring before",
        _before,
        sig(STRING, _TEXT, _MATCH),
        (
            "The text before the first `match`; empty where there is none.",
            "第一个 `match` 之前的文字；没有则为空文字。",
        ),
        _CLAUSE,
        ('substring before("foobar", "bar")', '"foo"'),
        ('substring before("foobar", "xyz")', '""'),
    ),
    define(
        "substring after",
        _after,
        sig(STRING, _TEXT, _MATCH),
        ("The text after the first `match`; empty where there is none.", "第一个 `match` 之后的文字；没有则为空文字。"),
        _CLAUSE,
        ('substring after("foobar", "ob")', '"ar"'),
        ('substring after("", "a")', '""'),
    ),
    define(
        "contains",
        known("string", "match")(lambda string, match: match in string),
        sig(BOOLEAN, _TEXT, _MATCH),
        ("Whether `match` stands somewhere in the text.", "文字中是否含有 `match`。"),
        _CLAUSE,
        ('contains("foobar", "of")', "false"),
        ('contains("重大投诉", "投诉")', "true"),
    ),
    define(
        "starts with",
        known("string", "match")(str.startswith),
        sig(BOOLEAN, _TEXT, _MATCH),
        ("Whether the text begins with `match`.", "文字是否以 `match` 开头。"),
        _CLAUSE,
        ('starts with("foobar", "fo")', "true"),
    ),
    define(
        "ends with",
        known("string", "match")(str.endswith),
        sig(BOOLEAN, _TEXT, _MATCH),
        ("Whether the text ends with `match`.", "文字是否以 `match` 结尾。"),
        _CLAUSE,
        ('ends with("foobar", "r")', "true"),
    ),
    define(
        "string join",
        _join,
        sig(STRING, param("list", ListType(STRING)), optional("delimiter", STRING)),
        (
            "The texts of a list in a row, `delimiter` between them; nulls are passed over.",
            "把列表中的文字连起来，中间加 `delimiter`；空值略过。",
        ),
        _CLAUSE,
        ('string join(["a", "b", "c"], "_and_")', '"a_and_b_and_c"'),
        ('string join(["a", null, "c"], "X")', '"aXc"'),
    ),
)
