"""Values as people write them, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from relflow.text import Text
from relflow.values import Duration, Unit, YearsMonthsDuration, quantity, to_text

__all__ = ["HIDDEN", "MISSING", "both", "number", "show", "standing_out", "text_of"]


def text_of(en: str, zh: str, tw: str = "") -> Text:
    """A text in both languages; `tw` in Traditional Chinese where that differs."""
    return Text((("en", en), ("zh", zh), ("zh_TW", tw)) if tw and tw != zh else (("en", en), ("zh", zh)))


def both(value: str) -> Text:
    """A text that is the same in all languages."""
    return Text((("", value),))


def standing_out(answer: Text, lang: str) -> str:
    """An answer within a Chinese sentence: a label of one character, such as a level of a risk, stands in quotes."""
    said = answer.text(lang)
    if len(said) > 1:
        return said
    return f"「{said}」" if lang == "zh_TW" else f"“{said}”"


MISSING = text_of("missing", "缺失")
HIDDEN = text_of("(personal)", "（个人信息）", "（個人資訊）")
_MOST_DIGITS = 60
_YES = text_of("yes", "是")
_NO = text_of("no", "否")


def number(value: float | Decimal) -> str:
    """A number with its thousands grouped, without trailing zeros; one of very many digits as `1.2000E+90`."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    whole, _, fraction = f"{exact:f}".partition(".")
    fraction = fraction.rstrip("0")
    if len(whole) + len(fraction) > _MOST_DIGITS:
        return f"{exact:.4E}"
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits or 0):,}" + (f".{fraction}" if fraction else "")


def show(value: object, names: Mapping[str, Text] | None = None) -> Text:
    """A value for people: grouped numbers, yes and no, dates, what a list holds; `names` are what texts are called."""
    match value:
        case None:
            return MISSING
        case bool():
            return _YES if value else _NO
        case int() | float() | Decimal():
            return both(number(value))
        case str():
            return (names or {}).get(value) or both(value)
        case datetime():
            return both(f"{value:%Y-%m-%d %H:%M}")
        case date() | time():
            return both(value.isoformat())
        case timedelta():
            return _days(value)
        case YearsMonthsDuration():
            return _months(value)
        case Duration():
            return text_of(value.text("en"), value.text("zh"), value.text("zh_TW"))
        case Mapping():
            return _fields(value)
        case list() | tuple():
            return _items(list(value), names)
        case _:
            return both(str(to_text(value)))


def _days(value: timedelta) -> Text:
    hours, days = value.seconds // 3600, value.days
    if value.seconds % 3600 or value.microseconds or (hours and days):
        return both(str(value))
    if hours:
        return text_of(f"{hours} hours", f"{hours} 小时", f"{hours} 小時")
    return text_of(f"{days} days", f"{days} 天")


def _months(value: YearsMonthsDuration) -> Text:
    years, months = divmod(abs(value.months), 12)
    amounts = [(years, Unit.YEAR)] * bool(years) + [(months, Unit.MONTH)] * bool(months or not years)
    sign = "-" if value.months < 0 else ""
    return text_of(*(sign + " ".join(quantity(*one, lang) for one in amounts) for lang in ("en", "zh", "zh_TW")))


def _items(items: list[object], names: Mapping[str, Text] | None) -> Text:
    """Few plain items as they are, otherwise how many there are."""
    if not items:
        return text_of("none", "无", "無")
    if len(items) <= 5 and not any(isinstance(item, Mapping | list | tuple) for item in items):
        shown = [show(item, names) for item in items]
        return text_of(
            ", ".join(t.text("en") for t in shown),
            *("、".join(t.text(lang) for t in shown) for lang in ("zh", "zh_TW")),
        )
    return text_of(f"{len(items)} items", f"共 {len(items)} 项", f"共 {len(items)} 項")


def _fields(value: Mapping[str, object]) -> Text:
    shown = {name: show(item) for name, item in value.items()}
    return text_of(
        ", ".join(f"{name}: {item.text('en')}" for name, item in shown.items()),
        *("，".join(f"{name}：{item.text(lang)}" for name, item in shown.items()) for lang in ("zh", "zh_TW")),
    )
