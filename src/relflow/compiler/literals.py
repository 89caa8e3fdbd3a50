"""Literals of a declared type: numbers with 万, 亿 and %, dates, durations in words, texts, lists, records."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, Overflow
from typing import Any
from zoneinfo import ZoneInfo

from relflow.diagnostics import Diagnostic, Fragment, Message, Severity, Span, nearest
from relflow.feel.types import AnyType, ListType, NumberType, RecordType, ScalarType, StringType, Type
from relflow.model import Content, Fields, Items, Value
from relflow.program import DurationType
from relflow.text import Text
from relflow.values import CONTEXT, Refusal, parse_temporal, read_duration

__all__ = ["number", "read"]

NOT_A = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{text}` is not {wanted}",
    "`{text}` 不是{wanted}",
    "write {wanted}",
    "写{wanted}",
)
TEXT_OF_LIST = Message.of(
    "wrong-type",
    Severity.ERROR,
    "{wanted} is expected here",
    "此处应为{wanted}",
    "write {wanted}",
    "写{wanted}",
)
TOO_LARGE = Message.of(
    "out-of-bounds",
    Severity.ERROR,
    "`{text}` is larger than any number can be: 34 digits and an exponent of 6144",
    "`{text}` 超出数字的范围：最多 34 位有效数字，指数最大 6144",
    "write a number that occurs",
    "写实际会出现的数",
)
UNKNOWN_VALUE = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is none of the values that may stand here ({known})",
    "`{text}` 不在允许的取值之内（{known}）",
    "choose one of them, or add it to `one_of`",
    "选择其中一个，或将其加入 `one_of`",
)
UNKNOWN_LEVEL = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is not a level of `{scheme}` ({known})",
    "`{scheme}` 没有 `{text}` 这一级（现有：{known}）",
    "choose one of them",
    "选择其中一个",
)
UNKNOWN_FIELD = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is no field of this record ({known})",
    "该记录没有 `{text}` 这一字段（现有：{known}）",
    "choose one of them, or declare it under `records:`",
    "选择其中一个，或在 `records:` 下声明",
)
BELOW = Message.of(
    "out-of-bounds",
    Severity.ERROR,
    "`{text}` is below the minimum of {bound}",
    "`{text}` 小于最小值 {bound}",
    "correct the value or the bound",
    "改正取值或界限",
)
ABOVE = Message.of(
    "out-of-bounds",
    Severity.ERROR,
    "`{text}` is above the maximum of {bound}",
    "`{text}` 大于最大值 {bound}",
    "correct the value or the bound",
    "改正取值或界限",
)
DID_YOU_MEAN = Text((("en", "did you mean `{near}`?"), ("zh", "是否想写 `{near}`？")))
WRITE = Text((("en", "write `{plain}`"), ("zh", "写成 `{plain}`")))

_NUMBER = re.compile(r"([+-]?)(\d[\d_]*)(\.[\d_]+)?([eE][+-]?\d{1,4})?\s*(万|亿|%)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_LONGEST = 6_200
_SHOWN = 24
_UNITS = {"万": Decimal(10**4), "亿": Decimal(10**8), "%": Decimal("0.01"), None: Decimal(1)}
_WORDS = {
    "number": ("a number", "数字"),
    "boolean": ("`true` or `false`", " `true` 或 `false`"),
    "date": ("a date such as 2026-07-01", "日期（例如 2026-07-01）"),
    "date and time": ("a date and time such as 2026-07-01T09:00", "日期时间（例如 2026-07-01T09:00）"),
    "time": ("a time such as 09:00", "时间（例如 09:00）"),
    "string": ("a text", "文字"),
    "list": ("a list", "列表"),
    "record": ("a record", "记录"),
}


_REMEDIES = {
    "number": (
        "write digits, e.g. `5_000_000`, `5000万`, `80%`",
        "写数字，例如 `5_000_000`、`5000万`、`80%`",
    ),
    "boolean": ("write `true` or `false`", "写 `true` 或 `false`"),
    "true": ("write `true`", "写成 `true`"),
    "false": ("write `false`", "写成 `false`"),
    "date": (
        "write year, month and day: `2026-07-01`",
        "按年、月、日写，例如 `2026-07-01`",
    ),
    "date and time": ("write day and time: `2026-07-01T09:00`", "写明日期和时间：`2026-07-01T09:00`"),
    "time": ("write hours and minutes: `09:00`", "写明时和分：`09:00`"),
    "list": ("write the values in brackets: `[a, b]`", "用方括号列出：`[a, b]`"),
    "record": ("write names with values: `{name: value}`", "写成“名称: 值”：`{name: value}`"),
    "string": ("write one text", "只写一段文字"),
}
_YES = frozenset({"yes", "y", "on", "true", "是", "对", "有", "√", "1"})
_NO = frozenset({"no", "n", "off", "false", "否", "不", "无", "×", "0"})


def _wanted(name: str) -> Text:
    en, zh = _WORDS[name]
    return Text((("en", en), ("zh", zh)))


def _not_a(fragment: Fragment, name: str) -> Diagnostic:
    """That a text is no literal of a kind, with how to write one."""
    text = fragment.text.strip()
    remedy = name
    if name == "boolean":
        remedy = "true" if text.lower() in _YES else "false" if text.lower() in _NO else name
    en, zh = _REMEDIES[remedy]
    return NOT_A.at(fragment.span, help=Text((("en", en), ("zh", zh))), text=text, wanted=_wanted(name))


def _no_such(span: Span, type_: Type) -> Diagnostic:
    """That a list or a record stands where something else is expected."""
    name = _kind(type_)
    en, zh = _REMEDIES[name]
    return TEXT_OF_LIST.at(span, help=Text((("en", en), ("zh", zh))), wanted=_wanted(name))


def number(text: str) -> int | Decimal | None:
    """The number that a text says (`5000万`, `80%`, `1_000.5`), an int where it is whole; None if it says none.

    None as well for one that is larger than any number can be: 34 digits and an exponent of 6144.
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None or len(text) > _LONGEST:
        return None
    sign, digits, fraction, exponent, unit = match.groups()
    try:
        written = CONTEXT.create_decimal(f"{sign}{digits}{fraction or ''}{exponent or ''}".replace("_", ""))
        plain = CONTEXT.multiply(written, _UNITS[unit])
    except Overflow:
        return None
    return int(plain) if plain == plain.to_integral_value() and abs(plain.adjusted()) < 40 else plain


def read(content: Content, type_: Type, zone: ZoneInfo | None = None) -> Any:
    """The value of a literal of that type, or the Diagnostic that says why it is none; a null literal is None.

    `zone` is where a date and time without zone is meant to be. A formula (`=`) is not read here.
    """
    match content:
        case Items():
            return _items(content, type_, zone)
        case Fields():
            return _fields(content, type_, zone)
        case Value() if content.null:
            return None
        case Value() if isinstance(type_, ListType):
            return _items(Items(tuple(_split(content)), content.span), type_, zone)
        case Value():
            return _scalar(content.text, type_, zone)


def _items(items: Items, type_: Type, zone: ZoneInfo | None) -> Any:
    if not isinstance(type_, ListType | AnyType):
        return _no_such(items.span, type_)
    values = []
    for item in items.items:
        value = read(item, type_.item if isinstance(type_, ListType) else type_, zone)
        if isinstance(value, Diagnostic):
            return value
        values.append(value)
    return values


def _split(value: Value) -> list[Value]:
    """The items of a list written in one cell: `a, b` or `[a, b]`."""
    text = value.text.text
    start, end = (1, len(text) - 1) if text.startswith("[") and text.endswith("]") else (0, len(text))
    parts, at = [], start
    for piece in re.split("[,，、]", text[start:end]):
        left = at + len(piece) - len(piece.lstrip())
        at += len(piece) + 1
        if piece.strip():
            parts.append(Value(value.text.cut(left, left + len(piece.strip()))))
    return parts


def _fields(fields: Fields, type_: Type, zone: ZoneInfo | None) -> Any:
    if not isinstance(type_, RecordType | AnyType):
        return _no_such(fields.span, type_)
    values: dict[str, Any] = {}
    for key, content in fields.entries:
        field = type_.field(key.text) if isinstance(type_, RecordType) else type_
        if field is None:
            return _unknown(UNKNOWN_FIELD, key, _field_names(type_))
        value = read(content, field, zone)
        if isinstance(value, Diagnostic):
            return value
        values[key.text] = value
    return values


def _field_names(type_: Type) -> tuple[str, ...]:
    return tuple(name for name, _ in type_.fields) if isinstance(type_, RecordType) else ()


def _kind(type_: Type) -> str:
    match type_:
        case ListType():
            return "list"
        case RecordType():
            return "record"
        case NumberType():
            return "number"
        case _:
            return str(type_) if str(type_) in _WORDS else "string"


def _scalar(fragment: Fragment, type_: Type, zone: ZoneInfo | None) -> Any:
    text = fragment.text.strip()
    match type_:
        case NumberType():
            return _number(fragment, type_)
        case StringType():
            return _string(fragment, type_)
        case DurationType():
            found = read_duration(text)
            return found.at(fragment.span) if isinstance(found, Refusal) else found.value()
        case ScalarType(name="boolean"):
            return {"true": True, "false": False}.get(text, _not_a(fragment, "boolean"))
        case ScalarType(name="days and time duration" | "years and months duration" | "working time duration"):
            found = read_duration(text)
            return found.at(fragment.span) if isinstance(found, Refusal) else found.value()
        case ScalarType():
            return _temporal(fragment, type_, zone)
        case RecordType():
            return _record(fragment, type_)
        case _:
            return _guess(text)


def _record(fragment: Fragment, type_: RecordType) -> Diagnostic:
    """A record is expected: the remedy names its fields."""
    fields = ", ".join(f"{name}: …" for name, _ in type_.fields)
    remedy = Text((("en", f"write `{{{fields}}}`"), ("zh", f"写成 `{{{fields}}}`")))
    return NOT_A.at(fragment.span, help=remedy, text=fragment.text.strip(), wanted=_wanted("record"))


def _number(fragment: Fragment, type_: NumberType) -> Any:
    text = fragment.text.strip()
    value = number(text)
    if value is None:
        if _NUMBER.fullmatch(text):
            shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
            return TOO_LARGE.at(fragment.span, text=shown)
        if _THOUSANDS.fullmatch(text):
            return NOT_A.at(
                fragment.span, help=WRITE, text=text, wanted=_wanted("number"), plain=text.replace(",", "_")
            )
        return _not_a(fragment, "number")
    if type_.minimum is not None and value < type_.minimum:
        return BELOW.at(fragment.span, text=text, bound=str(type_.minimum))
    if type_.maximum is not None and value > type_.maximum:
        return ABOVE.at(fragment.span, text=text, bound=str(type_.maximum))
    return value


def _string(fragment: Fragment, type_: StringType) -> Any:
    text = fragment.text
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].replace('\\"', '"')
    if type_.allowed is None or text in type_.allowed:
        return text
    if type_.levels is not None and type_.scheme is not None:
        return _unknown(UNKNOWN_LEVEL, fragment, type_.levels, scheme=type_.scheme)
    return _unknown(UNKNOWN_VALUE, fragment, type_.allowed)


def _unknown(message: Message, fragment: Fragment, known: tuple[str, ...], scheme: str = "") -> Diagnostic:
    near = nearest(fragment.text, known)
    help_ = DID_YOU_MEAN if near is not None else None
    return message.at(fragment.span, help=help_, text=fragment.text, known=known, scheme=scheme, near=near or "")


def _temporal(fragment: Fragment, type_: ScalarType, zone: ZoneInfo | None) -> Any:
    text = fragment.text.strip()
    problem = _not_a(fragment, type_.name)
    try:
        if type_.name == "date":
            return date.fromisoformat(text) if len(text) == 10 else problem
        if type_.name == "date and time":
            value = datetime.fromisoformat(text.replace(" ", "T"))
            return value if value.tzinfo is not None or zone is None else value.replace(tzinfo=zone)
        return parse_temporal(text if text.count(":") > 1 else text + ":00")
    except ValueError:
        return problem


def _guess(text: str) -> Any:
    """What a text says where nothing declares its type: a number, true or false, a date, else the text."""
    if text in ("true", "false"):
        return text == "true"
    value = number(text)
    if value is not None:
        return value
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
