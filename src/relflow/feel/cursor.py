"""A place in a list of tokens, and the findings for what does not belong there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NoReturn

from relflow.diagnostics import Diagnostic, Field, Fragment, Message, Severity
from relflow.feel.bounds import MAX_DEPTH
from relflow.feel.habits import remedy
from relflow.feel.lexer import NotFeelError, Token, tokenize
from relflow.text import Text

__all__ = ["ENDS_EARLY", "EXPRESSION", "EXPRESSION_END", "NAME", "RANGE_END", "TYPE", "UNEXPECTED", "Cursor"]

EXPRESSION: Final = Text((("en", "a value"), ("zh", "一个值")))
EXPRESSION_END: Final = Text((("en", "the end of the expression"), ("zh", "表达式的结尾")))
NAME: Final = Text((("en", "a name"), ("zh", "一个名称")))
RANGE_END: Final = Text((("en", "the end of the range"), ("zh", "区间的结尾")))
TYPE: Final = Text((("en", "a type"), ("zh", "一个类型")))

UNEXPECTED: Final = Message.of(
    "feel-syntax",
    Severity.ERROR,
    "`{found}` has no meaning here, {wanted} is expected",
    "这里不能出现 `{found}`，应为{wanted}",
    'an expression is written such as `amount >= 50 and tier = "key"`',
    '表达式的写法如 `amount >= 50 and tier = "key"`',
)
ENDS_EARLY: Final = Message.of(
    "feel-syntax",
    Severity.ERROR,
    "the expression ends too early, {wanted} is missing",
    "表达式不完整，缺少{wanted}",
    "complete it, or delete what stands at its end",
    "补全，或删去末尾多余的部分",
)
TOO_DEEP: Final = Message.of(
    "feel-bounds",
    Severity.ERROR,
    "this expression is nested more than {limit} levels deep",
    "表达式嵌套超过 {limit} 层",
    "split it into several decisions",
    "拆成几个判定",
)
TOO_AMBIGUOUS: Final = Message.of(
    "feel-bounds",
    Severity.ERROR,
    "too many `[` could close a range or open a filter here",
    "这里的 `[` 可作区间结尾也可作筛选，歧义过多",
    "close open ranges with `)`",
    "开区间请用 `)` 结尾",
)
_MAX_RETRIES: Final = 200


class Cursor:
    """The tokens of a fragment, read from left to right."""

    def __init__(self, fragment: Fragment) -> None:
        self.fragment = fragment
        self.tokens = tokenize(fragment)
        self.at = 0
        self.depth = 0
        self.retries = 0

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.at]

    @property
    def last_end(self) -> int:
        """Where the token before ended."""
        return self.tokens[self.at - 1].end if self.at else 0

    def ahead(self, count: int = 1) -> Token:
        """The token `count` further on, or the end."""
        return self.tokens[min(self.at + count, len(self.tokens) - 1)]

    def at_end(self) -> bool:
        """Whether the text is used up."""
        return self.token.kind == "end"

    def is_symbol(self, *texts: str) -> bool:
        """Whether one of these symbols comes next."""
        token = self.token
        return token.kind == "symbol" and token.text in texts

    def is_word(self, *texts: str) -> bool:
        """Whether one of these words comes next."""
        token = self.token
        return token.kind == "name" and token.text in texts

    def take(self) -> Token:
        """The next token, passed."""
        token = self.tokens[self.at]
        if token.kind != "end":
            self.at += 1
        return token

    def skip(self, text: str) -> bool:
        """Pass the next token if it is this word or symbol."""
        token = self.token
        if token.kind in ("symbol", "name") and token.text == text:
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        """Pass this word or symbol, or refuse the text."""
        if self.token.kind not in ("symbol", "name") or self.token.text != text:
            self.unexpected(f"`{text}`")
        return self.take()

    def unexpected(self, wanted: str | Text) -> NoReturn:
        """Refuse the text at the next token."""
        token = self.token
        help_, words = remedy(self.tokens, self.at, wanted)
        if token.kind == "end":
            found = self.finding(ENDS_EARLY, max(self.last_end - 1, 0), self.last_end, wanted=wanted, **words)
        else:
            found = self.finding(UNEXPECTED, token.start, token.end, found=token.text, wanted=wanted, **words)
        raise NotFeelError(found if help_ is None else replace(found, own_help=help_))

    def refuse(self, message: Message, start: int, end: int, **fields: Field) -> NoReturn:
        """Refuse the text with this finding."""
        raise NotFeelError(self.finding(message, start, end, **fields))

    def finding(self, message: Message, start: int, end: int, **fields: Field) -> Diagnostic:
        """A finding at these offsets."""
        return Diagnostic(message, tuple(fields.items()), self.fragment.at(start, end))

    def deeper(self) -> None:
        """One level of nesting more; the caller lowers `depth` again."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            token = self.token
            self.refuse(TOO_DEEP, token.start, max(token.end, token.start), limit=MAX_DEPTH)

    def retry(self, position: int) -> None:
        """Go back for another reading of the text, a bounded number of times."""
        self.retries += 1
        if self.retries > _MAX_RETRIES:
            self.refuse(TOO_AMBIGUOUS, self.token.start, self.token.end)
        self.at = position
