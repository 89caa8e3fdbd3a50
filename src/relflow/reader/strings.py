"""FEEL's quoted strings inside a text that is not parsed yet, found in one pass however hostile the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["balanced", "bars"]

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


_BRACKETS = re.compile(r'["()\[\]{}]')
_BARS = re.compile(r'["|]')


def _outside(text: str, signs: re.Pattern[str]) -> Iterator[int]:
    """Where signs stand outside of strings; the last is -1 if a string is left open, whose quotation mark is a sign.

    Once a string is open to the end of the text, so would be each that begins behind it.
    """
    position = 0
    opened = False
    for match in signs.finditer(text):
        if match.start() < position:
            continue
        if match[0] != '"':
            yield match.start()
        elif not opened:
            string = _STRING.match(text, match.start())
            opened = string is None
            position = string.end() if string else position
    if opened:
        yield -1


def balanced(text: str) -> bool:
    """Whether every bracket and quotation mark of an expression is closed; `[1..5)` and `(1..5]` are."""
    depth = 0
    for at in _outside(text, _BRACKETS):
        if at < 0:
            return False
        depth += 1 if text[at] in "([{" else -1
    # `]1..5[` is a range with its ends left out, so a negative count says nothing
    return depth <= 0


def bars(text: str) -> list[int]:
    """Where the `|` of a line stand that begin or end a cell, the first included."""
    return [0, *(at for at in _outside(text, _BARS) if at > 0 and text[at - 1] != "\\")]
