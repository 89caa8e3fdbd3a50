"""Sentences in both languages with values in them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from relflow.text import Text, join
from relflow.values import Duration, WorkingDuration, YearsMonthsDuration, to_text
from relflow.workflow.traditional import TRADITIONAL

__all__ = ["MASK", "name", "phrase", "shown"]

MASK = "***"

_YES = Text((("en", "yes"), ("zh", "是")))
_NO = Text((("en", "no"), ("zh", "否")))
_LANGUAGES = ("en", "zh", "zh_TW")


def phrase(en: str, zh: str, **fields: object) -> Text:
    """A sentence with `{field}` slots; a Text in one, or a list of them, is said in the sentence's language.

    It is said in Traditional Chinese too where that is known.
    """
    traditional = TRADITIONAL.get(zh)
    patterns = (("en", en), ("zh", zh)) if traditional is None else (("en", en), ("zh", zh), ("zh_TW", traditional))
    return Text(
        tuple(
            (lang, said.format(**{key: _said(value, lang) for key, value in fields.items()})) for lang, said in patterns
        )
    )


def name(id_: str, label: Text) -> Text:
    """A label with the id that stands in the file, `Acknowledge (acknowledge)`; the id alone without a label."""
    if not label or label.text() == id_:
        return Text.of(id_)
    return Text(
        tuple(
            (lang, f"{label.text(lang)} ({id_})" if lang == "en" else f"{label.text(lang)}（{id_}）")
            for lang in ("en", "zh")
        )
    )


def _said(value: object, lang: str) -> str:
    if isinstance(value, Text):
        return value.text(lang)
    if isinstance(value, list | tuple):
        return join([_said(item, lang) for item in value], lang)
    return str(value)


def shown(value: object, lang: str, zone: tzinfo | None = None) -> str:
    """A value of a case as people read it: instants in `zone` to the minute, durations in words, lists in a row."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return (_YES if value else _NO).text(lang)
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return (value.astimezone(zone) if zone else value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, timedelta | YearsMonthsDuration | WorkingDuration) and not _negative(value):
        return Duration.of_value(value).text(lang)
    if isinstance(value, dict):
        return join([f"{key} {shown(item, lang, zone)}" for key, item in value.items()], lang)
    if isinstance(value, list | tuple):
        items = [shown(item, lang, zone) for item in value]
        if any(isinstance(item, dict) for item in value):
            return ("；" if lang.startswith("zh") else "; ").join(items)
        return join(items, lang)
    if isinstance(value, date | int | float | Decimal):
        return to_text(value)
    return str(value)


def _negative(value: timedelta | YearsMonthsDuration | WorkingDuration) -> bool:
    if isinstance(value, timedelta):
        return value < timedelta()
    return isinstance(value, YearsMonthsDuration) and value.months < 0
