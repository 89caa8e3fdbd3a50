"""Whether a host's value is of a declared type; the value as the program works with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from relflow.feel.types import AnyType, ListType, NumberType, RecordType, ScalarType, StringType, Type
from relflow.structs import dataclass
from relflow.text import DEFAULT_LANGUAGE, Text
from relflow.values import Duration, WorkingDuration, kind_of

__all__ = ["DURATION", "ConformError", "DurationType", "conform"]


@dataclass(frozen=True, slots=True)
class DurationType(AnyType):
    """A duration of a kind that only its value tells: days, months or working time."""

    def __str__(self) -> str:
        return "duration"


DURATION: Final = DurationType()


class ConformError(ValueError):
    """A value does not fit; `reason` is a stable word, `message` says it in every language, without the value."""

    def __init__(self, reason: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.reason = reason
        self.message = Text((("en", en), ("zh", zh)))

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is wrong, in `lang`."""
        return self.message.text(lang)


_KINDS = {
    "null": ("nothing", "空值"),
    "boolean": ("true or false", "真假值"),
    "number": ("a number", "数字"),
    "string": ("a text", "文字"),
    "date": ("a date", "日期"),
    "time": ("a time", "时间"),
    "date and time": ("a date and time", "日期时间"),
    "days and time duration": ("a duration in days", "按天计的时长"),
    "years and months duration": ("a duration in months", "按月计的时长"),
    "working time duration": ("a duration in working time", "按工作时间计的时长"),
    "duration": ("a duration", "时长"),
    "list": ("a list", "列表"),
    "context": ("a record", "记录"),
    "range": ("a range", "区间"),
}
_OTHER = ("something else", "其他类型的值")


def conform(value: Any, type_: Type) -> Any:
    """The value as expressions see it: NaN is missing (None), a host's own number class becomes a plain one.

    Raises ConformError where it is not of the type, not among the texts that may stand, or out of bounds.
    """
    if value is None:
        return None
    match type_:
        case NumberType():
            return _number(value, type_)
        case StringType():
            return _string(value, type_)
        case ScalarType():
            return _scalar(value, type_)
        case ListType():
            return _list(value, type_)
        case RecordType():
            return _record(value, type_)
        case DurationType():
            return _duration(value)
        case _:
            return _plain(value)


def _wrong(value: Any, wanted: str) -> ConformError:
    is_en, is_zh = _KINDS.get(kind_of(value), _OTHER)
    en, zh = _KINDS.get(wanted, _OTHER)
    return ConformError("type", f"it is {is_en}; {en} is expected", f"它是{is_zh}，应为{zh}")


def _number(value: Any, type_: NumberType) -> Any:
    number = _plain(value)
    if number is None:
        return None
    if number.__class__ not in (int, float, Decimal):
        raise _wrong(value, "number")
    low, high = type_.minimum, type_.maximum
    exact = Decimal(repr(number)) if isinstance(number, float) else number
    if low is not None and exact < low:
        raise ConformError("bounds", f"it is below its minimum of {low}", f"小于最小值 {low}")
    if high is not None and exact > high:
        raise ConformError("bounds", f"it is above its maximum of {high}", f"大于最大值 {high}")
    return number


def _plain(value: Any) -> Any:
    """A number of the standard classes for any other number; None for NaN; other values as they are."""
    if isinstance(value, float):
        if math.isinf(value):
            raise ConformError("bounds", "it is infinite", "它是无穷大")
        return None if math.isnan(value) else float(value)
    if isinstance(value, Decimal):
        if value.is_nan():
            return None
        if value.is_infinite():
            raise ConformError("bounds", "it is infinite", "它是无穷大")
        return value if value.__class__ is Decimal else Decimal(value)
    if isinstance(value, int) and value.__class__ not in (int, bool):
        return int(value)
    if value.__class__.__module__ == "numpy" and hasattr(value, "item"):
        return _plain(value.item())
    return value


def _string(value: Any, type_: StringType) -> Any:
    if not isinstance(value, str):
        raise _wrong(value, "string")
    allowed = type_.allowed
    if allowed is not None and value not in allowed:
        known = ", ".join(allowed)
        raise ConformError("one-of", f"it is none of: {known}", f"不是以下各项之一：{known.replace(', ', '、')}")
    return value if value.__class__ is str else str(value)


def _scalar(value: Any, type_: ScalarType) -> Any:
    plain = _plain(value)
    if isinstance(plain, Duration):
        plain = plain.value()
    kind = "working time duration" if isinstance(plain, WorkingDuration) else kind_of(plain)
    if kind != type_.name:
        raise _wrong(plain, type_.name)
    if isinstance(plain, datetime) and plain.tzinfo is None:
        raise ConformError("naive", "it has no time zone", "缺少时区")
    return plain


def _duration(value: Any) -> Any:
    if isinstance(value, Duration):
        return value.value()
    if isinstance(value, WorkingDuration) or kind_of(value) in ("days and time duration", "years and months duration"):
        return value
    raise _wrong(value, "duration")


def _list(value: Any, type_: ListType) -> Any:
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        raise _wrong(value, "list")
    items = []
    for number, item in enumerate(value, 1):
        try:
            items.append(conform(item, type_.item))
        except ConformError as problem:
            en, zh = problem.text("en"), problem.text("zh")
            raise ConformError(problem.reason, f"item {number}: {en}", f"第 {number} 项：{zh}") from None
    return items


def _record(value: Any, type_: RecordType) -> Any:
    if not isinstance(value, Mapping):
        raise _wrong(value, "context")
    fields = dict(value) if type_.open else {}
    for name, field in type_.fields:
        try:
            fields[name] = conform(value.get(name), field)
        except ConformError as problem:
            en, zh = problem.text("en"), problem.text("zh")
            raise ConformError(problem.reason, f"`{name}`: {en}", f"`{name}`：{zh}") from None
    return fields
