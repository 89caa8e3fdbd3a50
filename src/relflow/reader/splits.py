"""Values that commas inside `{…}` split: numbers with thousands, texts in full-width quotation marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from relflow.diagnostics import Fragment, Message, Severity
from relflow.reader.reading import Reading

__all__ = ["belongs", "is_number", "split_value", "splits"]

THOUSANDS = Message.of(
    "thousands-separator",
    Severity.ERROR,
    "a comma ends the value here: YAML reads only `{value}`",
    "逗号在这里结束了这个值，YAML 只读到 `{value}`",
    "write `{remedy}`",
    "写成 `{remedy}`",
)
FULL_WIDTH_QUOTES = Message.of(
    "full-width-punctuation",
    Severity.ERROR,
    "`{sign}` is a full-width quotation mark and encloses nothing: YAML reads only `{value}`",
    "`{sign}` 是全角引号，不起引号作用，YAML 只读到 `{value}`",
    "write `{remedy}`",
    "写成 `{remedy}`",
)

_HEAD = re.compile(r"[+-]?\d{1,3}")
_GROUP = re.compile(r"\d{3}(?:\.\d+)?")
_QUOTES = {"“": "”", "‘": "’"}


def is_number(value: str) -> bool:
    """Whether the value may be the first digits of a number with thousands."""
    return _HEAD.fullmatch(value) is not None


def splits(value: str) -> bool:
    """Whether what a comma cut off may belong to the value."""
    return is_number(value) or (value[:1] in _QUOTES and _QUOTES[value[0]] not in value)


def belongs(value: str, pieces: Sequence[str], piece: str) -> bool:
    """Whether the next piece goes on with the value: three digits, or text up to the closing mark."""
    if is_number(value):
        return _GROUP.fullmatch(piece) is not None
    return not any(_QUOTES[value[0]] in before for before in pieces)


def split_value(reading: Reading, value: Fragment, pieces: Sequence[str]) -> None:
    """Report the value with the pieces that were split off."""
    if is_number(value.text):
        remedy = "_".join([value.text, *pieces])
        reading.report(THOUSANDS, value.span, value=value.text, remedy=remedy)
        return
    text = ", ".join([value.text, *pieces]).strip("“”‘’")
    reading.report(FULL_WIDTH_QUOTES, value.at(0, 1), sign=value.text[0], value=value.text, remedy=f'"{text}"')
