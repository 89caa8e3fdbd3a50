"""Shapes of single values: texts, ids, expressions, literals, dates, words from a list, flags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from relflow.diagnostics import Fragment, Message, Severity, nearest
from relflow.feel.names import KEYWORDS
from relflow.model import Value
from relflow.reader.compose import MappingNode, Node, ScalarNode, SequenceNode
from relflow.reader.reading import Reading, Schemas, Shape, both, is_empty, wrong_shape
from relflow.reader.strings import balanced
from relflow.reader.traps import cut_value, folded_comparison, full_width_comma, needs_quotes
from relflow.structs import dataclass
from relflow.text import Text, is_chinese

__all__ = [
    "Date",
    "Enum",
    "Feel",
    "Flag",
    "Id",
    "Literal",
    "Plain",
    "Year",
    "id_problem",
    "joined",
    "read_id",
    "scalar",
]

ID_PATTERN = f"^(?!x_|(?:{'|'.join(sorted(KEYWORDS))})$)[a-z_\\u4e00-\\u9fff][a-z0-9_\\u4e00-\\u9fff]*$"
"""A name as JSON Schema says it: not a note, not a word of the expression language."""

_LATIN_ID = re.compile(r"[a-z_][a-z0-9_]*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

BAD_ID = Message.of(
    "bad-id",
    Severity.ERROR,
    "`{word}` cannot be a name: names are lower-case Latin or Chinese letters, digits and `_`",
    "`{word}` 不能作名称：名称只能用小写拉丁字母、汉字、数字和 `_`",
    "write `{remedy}`",
    "写成 `{remedy}`",
)
KEYWORD_ID = Message.of(
    "bad-id",
    Severity.ERROR,
    "`{word}` is a word of the expression language and cannot be a name",
    "`{word}` 是表达式语言的保留字，不能作名称",
    "choose another name, e.g. `{remedy}`",
    "换一个名称，例如 `{remedy}`",
)
UNKNOWN_WORD = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{word}` is not something that `{key}` takes ({known})",
    "`{key}` 不能取 `{word}`（可用：{known}）",
    "choose one of them",
    "选择其中一个",
)
BAD_YEAR = Message.of(
    "bad-date",
    Severity.ERROR,
    "`{word}` is not a year",
    "`{word}` 不是年份",
    "write four digits: `2027`",
    "写四位数字：`2027`",
)
BAD_DATE = Message.of(
    "bad-date",
    Severity.ERROR,
    "`{word}` is not a date of the calendar",
    "`{word}` 不是有效日期",
    "write year, month and day: `2026-01-31`",
    "按年、月、日书写：`2026-01-31`",
)
NEEDLESS_EQUALS = Message.of(
    "needless-equals",
    Severity.ERROR,
    "`{key}` is always an expression and takes no `=` in front",
    "`{key}` 本来就是表达式，前面不加 `=`",
    "write `{remedy}`",
    "写成 `{remedy}`",
)
DID_YOU_MEAN = both("did you mean `{nearest}`?", "是否想写 `{nearest}`？")

_ANY_SCALAR: dict[str, object] = {"type": ["string", "number", "boolean"]}


def scalar(node: Node, reading: Reading, key: str, shape: Shape) -> Fragment | None:
    """The text of a scalar that says something; None, with a finding, if there is none."""
    if isinstance(node, ScalarNode) and not is_empty(node):
        if reading.document.reported(node) or folded_comparison(node, reading, key):
            return None
        text = reading.fragment(node)
        listed = shape.divided and not node.style and ("，" in text.text or "、" in text.text)
        return None if listed and full_width_comma(reading, text) is not None else text
    if isinstance(node, MappingNode | SequenceNode) and node.flow_style and isinstance(shape, Feel | Literal):
        _expression_like(reading, node, key, shape)
        return None
    wrong_shape(reading, node, key, shape)
    return None


def _expression_like(reading: Reading, node: MappingNode | SequenceNode, key: str, shape: Shape) -> None:
    """Report `[5..10]` or `{a: 1}` in a place for one value: an expression that needs quotes."""
    start, end = node.start_mark, node.end_mark
    text = reading.document.text[start.index : end.index]
    if "\n" in text:
        wrong_shape(reading, node, key, shape)
    else:
        needs_quotes(reading, reading.span(node), key, text)


def joined(node: ScalarNode, text: Fragment, reading: Reading, key: str) -> bool:
    """Report an expression that is cut by a comment or left open; False if it is whole."""
    if node.style or balanced(text.text):
        return False
    line = reading.document.lines[text.span.end_line - 1].rstrip("\r")
    rest = line[text.span.end_column - 1 :]
    cut_value(reading, key, text, rest.rstrip() if rest.startswith(" #") else "")
    return True


@dataclass(frozen=True, slots=True)
class Plain(Shape):
    """Any text, such as a clause id or a file."""

    wanted: ClassVar[Text] = both("a text", "一段文字")
    example: str = "…"

    def read(self, node: Node, reading: Reading, key: str) -> Fragment | None:
        """The text."""
        return scalar(node, reading, key, self)

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """A scalar of any kind: in JSON Schema's eyes `2026.1` is a number."""
        return dict(_ANY_SCALAR)


@dataclass(frozen=True, slots=True)
class Id(Shape):
    """The name of something of the policy."""

    divided: ClassVar[bool] = True

    wanted: ClassVar[Text] = both("a name", "一个名称")
    example: str = "account_manager"

    def read(self, node: Node, reading: Reading, key: str) -> Fragment | None:
        """The name; one that no element could have is reported where it is looked up."""
        return scalar(node, reading, key, self)

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """A scalar."""
        return dict(_ANY_SCALAR)


@dataclass(frozen=True, slots=True)
class Feel(Shape):
    """A FEEL expression, or with `tests` unary tests."""

    tests: bool = False
    wanted: ClassVar[Text] = both("an expression", "一个表达式")
    example: str = 'tier = "key"'

    def read(self, node: Node, reading: Reading, key: str) -> Fragment | None:
        """The expression as text."""
        text = scalar(node, reading, key, self)
        if text is None or not isinstance(node, ScalarNode) or joined(node, text, reading, key):
            return None
        if not self.tests and text.text.startswith("="):
            rest = text.text[1:].strip()
            reading.report(NEEDLESS_EQUALS, text.span, key=key, remedy=f"{key}: {rest}")
            return text.cut(len(text.text) - len(rest), len(text.text))
        return text

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """A scalar: `true` is an expression too."""
        return dict(_ANY_SCALAR)


@dataclass(frozen=True, slots=True)
class Literal(Shape):
    """A value of some type, or `=` and FEEL; `null` only where `empty` allows it."""

    wanted: ClassVar[Text] = both("a value, or `=` and an expression", "一个值，或 `=` 加表达式")
    example: str = "30 days"
    empty: bool = False

    def read(self, node: Node, reading: Reading, key: str) -> Value | None:
        """The value."""
        if self.empty and is_empty(node) and isinstance(node, ScalarNode):
            return Value(reading.fragment(node))
        text = scalar(node, reading, key, self)
        if text is None or not isinstance(node, ScalarNode):
            return None
        value = Value.of(text, quoted=bool(node.style))
        if value.formula and joined(node, text, reading, key):
            return None
        return value

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """A scalar."""
        return {"type": ["string", "number", "boolean", "null"]} if self.empty else dict(_ANY_SCALAR)


@dataclass(frozen=True, slots=True)
class Date(Shape):
    """A day of the calendar, `2026-01-31`."""

    wanted: ClassVar[Text] = both("a date", "一个日期")
    example: str = "2026-01-31"

    def read(self, node: Node, reading: Reading, key: str) -> Fragment | None:
        """The date as text, checked."""
        text = scalar(node, reading, key, self)
        return text if text is None or is_date(text, reading) else None

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """A text of ten characters."""
        return {"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$"}


@dataclass(frozen=True, slots=True)
class Year(Shape):
    """A year, `2027`."""

    wanted: ClassVar[Text] = both("a year", "一个年份")
    example: str = "2027"

    def read(self, node: Node, reading: Reading, key: str) -> Fragment | None:
        """The year as text, checked."""
        text = scalar(node, reading, key, self)
        if text is None or re.fullmatch(r"[12]\d{3}", text.text):
            return text
        reading.report(BAD_YEAR, text.span, word=text.text)
        return None

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """A number to editors, or a text of four digits."""
        return {
            "anyOf": [
                {"type": "integer", "minimum": 1000, "maximum": 2999},
                {"type": "string", "pattern": "^[12]\\d{3}$"},
            ]
        }


def is_date(text: Fragment, reading: Reading) -> bool:
    """Whether the text is a date; reported if not."""
    try:
        valid = bool(_DATE.fullmatch(text.text)) and bool(date.fromisoformat(text.text))
    except ValueError:
        valid = False
    if not valid:
        reading.report(BAD_DATE, text.span, word=text.text)
    return valid


@dataclass(frozen=True, slots=True)
class Flag(Shape):
    """`true` or `false`."""

    wanted: ClassVar[Text] = both("`true` or `false`", "`true` 或 `false`")
    example: str = "true"

    def read(self, node: Node, reading: Reading, key: str) -> bool | None:
        """The flag."""
        text = scalar(node, reading, key, self)
        if text is None or text.text in ("true", "false"):
            return text is not None and text.text == "true"
        wrong_shape(reading, node, key, self, both(f"`{text.text}`", f" `{text.text}`"))
        return None

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Enum(Shape):
    """One word of a fixed list; `words` maps each to its meaning in both languages."""

    words: Mapping[str, Text]
    wanted: ClassVar[Text] = both("one word of a list", "列表中的一个词")

    def read(self, node: Node, reading: Reading, key: str) -> Fragment | None:
        """The word, checked."""
        text = scalar(node, reading, key, self)
        if text is None or text.text in self.words:
            return text
        guess = nearest(text.text, self.words)
        hint = DID_YOU_MEAN if guess else None
        reading.report(
            UNKNOWN_WORD, text.span, hint, word=text.text, key=key, known=tuple(self.words), nearest=guess or ""
        )
        # read on with the word that was likely meant, so that nothing follows from another one that nobody wrote
        return Fragment(guess or self.example, text.span)

    @property
    def example(self) -> str:  # type: ignore[override]
        """The first word."""
        return next(iter(self.words))

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """The words, each with its meaning."""
        each = [{"const": word, "description": _hover(meaning)} for word, meaning in self.words.items()]
        return {"anyOf": each}


def _hover(text: Text) -> str:
    return f"{text.text('en')}\n\n{text.text('zh')}"


def id_problem(word: str) -> tuple[Message, str] | None:
    """Why a word cannot be a name, with another that could; None if it can."""
    if word in KEYWORDS:
        return KEYWORD_ID, f"{word}_1"
    if _is_id(word):
        return None
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word).lower()
    snake = re.sub(r"[^a-z0-9_\u4e00-\u9fff]+", "_", snake).strip("_")
    if not snake:
        return BAD_ID, "name_1"
    return BAD_ID, snake if _is_id(snake) and snake not in KEYWORDS else f"n_{snake}"


def _is_id(word: str) -> bool:
    latin = word if word.isascii() else "".join("a" if is_chinese(letter) else letter for letter in word)
    return _LATIN_ID.fullmatch(latin) is not None


def read_id(text: Fragment, reading: Reading) -> bool:
    """Whether a key may be a name; reported if not."""
    problem = id_problem(text.text)
    if problem is not None:
        reading.report(problem[0], text.span, word=text.text, remedy=problem[1])
    return problem is None
