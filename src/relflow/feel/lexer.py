"""Text to tokens; names of several words are put together later, by the parser, which knows the scope."""

from __future__ import annotations

import re
from decimal import Decimal, Overflow
from typing import Final, Literal, NamedTuple

from relflow.diagnostics import Diagnostic, Fragment, Message, Severity
from relflow.feel.bounds import MAX_LENGTH
from relflow.values import CONTEXT

__all__ = ["Kind", "NotFeelError", "Token", "tokenize"]

Kind = Literal["name", "number", "string", "symbol", "end"]


class Token(NamedTuple):
    """A piece of the text; `value` is the number or the unescaped text of a literal."""

    kind: Kind
    text: str
    start: int
    end: int
    value: Decimal | str | None = None


class NotFeelError(Exception):
    """The text is not FEEL; carries the finding. It never leaves this package."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.text())


UNREADABLE: Final = Message.of(
    "feel-syntax",
    Severity.ERROR,
    "`{text}` has no meaning here",
    "这里不能出现 `{text}`",
    'delete it; a text stands in quotes: `"…"`',
    '删去；文字要加英文引号：`"…"`',
)
UNCLOSED_TEXT: Final = Message.of(
    "feel-syntax",
    Severity.ERROR,
    "this text has no closing quote",
    "这段文字缺少右引号",
    'end it with `"` on the same line',
    '在同一行用 `"` 结束',
)
UNCLOSED_COMMENT: Final = Message.of(
    "feel-syntax", Severity.ERROR, "this comment has no end", "这段注释没有结束", "end it with `*/`", "用 `*/` 结束"
)
TOO_LONG: Final = Message.of(
    "feel-bounds",
    Severity.ERROR,
    "this expression has {length} characters, {limit} are allowed",
    "表达式有 {length} 个字符，最多允许 {limit} 个",
    "split it into several decisions",
    "拆成几个判定",
)
FULL_WIDTH: Final = Message.of(
    "full-width-punctuation",
    Severity.ERROR,
    "`{text}` is a full-width character",
    "`{text}` 是全角字符",
    "type `{plain}`",
    "改用半角 `{plain}`",
)
TOO_LARGE: Final = Message.of(
    "feel-bounds",
    Severity.ERROR,
    "`{text}` is larger than any number can be: 34 digits and an exponent of 6144",
    "`{text}` 超出数字的范围：最多 34 位有效数字，指数最大 6144",
    "write a number that occurs",
    "写实际会出现的数",
)
LONE_SURROGATE: Final = Message.of(
    "feel-syntax",
    Severity.ERROR,
    "`{text}` is half a character",
    "`{text}` 只是半个字符",
    "delete it, or type the character again",
    "删去，或重新输入该字符",
)

_FULL_WIDTH: Final = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if not chr(code - 0xFEE0).isalpha()},
    "“": '"',
    "”": '"',
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "。": ".",
    "、": ",",
    "「": '"',
    "」": '"',
    "『": '"',
    "』": '"',
    "【": "[",
    "】": "]",
    "〔": "[",
    "〕": "]",
    "×": "*",
    "÷": "/",
    "—": "-",
    "–": "-",
    "…": "..",
    "¥": "CNY",
    "￥": "CNY",
}

# what a name cannot begin with, and what it cannot hold: the complement of the standard's classes, because patterns
# are compiled character by character, and the standard's have 50,000 of them
_NOT_FIRST = (
    r"\x00->@\[-\^`{-\xbf\xd7\xf7\u0300-\u036f\u037e\u2000-\u200b\u200e-\u206f\u2190-\u2bff"
    r"\u2ff0-\u3002\ud800-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff"
)
_NOT_INSIDE = (
    r"\x00-/:->@\[-\^`{-\xb6\xb8-\xbf\xd7\xf7\u037e\u2000-\u200b\u200e-\u203e\u2041-\u206f\u2190-\u2bff"
    r"\u2ff0-\u3002\ud800-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff"
)
_SPACE = "\t-\r \x85\xa0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_TOKEN: Final = re.compile(
    rf"(?P<space>[{_SPACE}]+)|(?P<comment>//[^\n\r]*|/\*(?s:.*?)\*/)|(?P<open>/\*)"
    r"|(?P<number>(?:[0-9](?:_?[0-9])*(?:\.[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9]+)?)"
    r'|(?P<string>"(?:[^"\\\n\r]|\\.)*")'
    rf"|(?P<full>[{''.join(map(re.escape, _FULL_WIDTH))}])"
    rf"|(?P<name>[^{_NOT_FIRST}][^{_NOT_INSIDE}]*)"
    r"|(?P<symbol>\.\.|\*\*|!=|<=|>=|[-+*/=<>()\[\]{},:.@'’|&;%])"
)
_NAME_CUT: Final = re.compile(rf"[{''.join(map(re.escape, _FULL_WIDTH))}]")
_NO_SUFFIX: Final = rf"[^{_NOT_FIRST}]|[0-9]"
_SCALES: Final = {"万": Decimal(10_000), "亿": Decimal(100_000_000), "%": Decimal("0.01")}
_ESCAPE: Final = re.compile(
    r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{6})|\\(['\"\\nrt])"
)
_SHOWN: Final = 24
_PLAIN: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def tokenize(fragment: Fragment) -> list[Token]:
    """The tokens of a text, the last of kind `end`.

    Raises: NotFeelError at the first character that no token may start with.
    """
    text = fragment.text
    if len(text) > MAX_LENGTH:
        raise NotFeelError(TOO_LONG.at(fragment.span, length=len(text), limit=MAX_LENGTH))
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise _unreadable(fragment, position)
        position = _take(fragment, found, tokens)
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _take(fragment: Fragment, found: re.Match[str], tokens: list[Token]) -> int:
    """Append the token that was found, if it counts, and say where the next one starts."""
    kind, text, start, end = found.lastgroup, found.group(), found.start(), found.end()
    match kind:
        case "number":
            value, end = _number(fragment, text, start, end)
            tokens.append(Token("number", fragment.text[start:end], start, end, value))
        case "string":
            tokens.append(Token("string", text, start, end, _unescape(fragment, text, start)))
        case "name":
            cut = _NAME_CUT.search(text)
            end = start + cut.start() if cut else end
            tokens.append(Token("name", fragment.text[start:end], start, end))
        case "symbol":
            tokens.append(Token("symbol", text, start, end))
        case "full":
            raise NotFeelError(FULL_WIDTH.at(fragment.at(start, end), text=text, plain=_FULL_WIDTH[text]))
        case "open":
            raise NotFeelError(UNCLOSED_COMMENT.at(fragment.at(start, end)))
        case _:
            pass
    return end


def _number(fragment: Fragment, digits: str, start: int, end: int) -> tuple[Decimal, int]:
    scale = _SCALES.get(fragment.text[end : end + 1])
    if scale is not None and re.match(_NO_SUFFIX, fragment.text[end + 1 : end + 2]):
        scale = None
    try:
        value = CONTEXT.create_decimal(digits.replace("_", ""))
        return (value, end) if scale is None else (CONTEXT.multiply(value, scale), end + 1)
    except Overflow:
        shown = digits if len(digits) <= _SHOWN else f"{digits[:_SHOWN]}…"
        raise NotFeelError(TOO_LARGE.at(fragment.at(start, end), text=shown)) from None


def _unreadable(fragment: Fragment, position: int) -> NotFeelError:
    character = fragment.text[position]
    place = fragment.at(position, position + 1)
    if character == '"':
        return NotFeelError(UNCLOSED_TEXT.at(place))
    return NotFeelError(UNREADABLE.at(place, text=character))


def _unescape(fragment: Fragment, text: str, start: int) -> str:
    if "\\" not in text:
        return text[1:-1]

    def plain(escape: re.Match[str]) -> str:
        high, low, short, long, letter = escape.groups()
        if letter:
            return _PLAIN[letter]
        if high:
            return chr(0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF))
        code = int(short or long, 16)
        if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            place = fragment.at(start + 1 + escape.start(), start + 1 + escape.end())
            raise NotFeelError(LONE_SURROGATE.at(place, text=escape.group()))
        return chr(code)

    return _ESCAPE.sub(plain, text[1:-1])
