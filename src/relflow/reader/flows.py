"""Problems inside `{…}` and `[…]`: expressions cut by a comma or a bracket, ranges, brackets left open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from relflow.diagnostics import Message, Severity
from relflow.reader.document import PLACEHOLDER
from relflow.reader.outcome import Problem, key_before, leave_out, overwrite, span
from relflow.reader.places import placed
from relflow.reader.reading import Reading
from relflow.reader.strings import balanced
from relflow.reader.traps import cut_value, full_width_comma, needs_quotes

__all__ = ["flow_problem", "left_open"]

# lines that are looked through for a bracket: a hand closes what it opened sooner
_FAR: Final = 200

OPEN_BRACKET = Message.of(
    "unclosed-bracket",
    Severity.ERROR,
    "`{sign}` is not closed",
    "`{sign}` 没有闭合",
    "put `{close}` behind the last value",
    "在最后一个值之后加上 `{close}`",
)

_RANGE = re.compile(r"\[[^\[\]{},\"']*\.\.[^\[\]{},\"']*[)\[]")
_VALUE = re.compile(r"([^\s:{},\[\]\"'#][^:{},\[\]]*):\s+([^\s\"'{\[,}#][^,\[\]{}]*)")


def flow_problem(reading: Reading, since: tuple[int, int, int], at: tuple[int, int, int]) -> Problem | None:
    """Report why a list or mapping in brackets, begun at `since`, cannot be read any further at `at`."""
    line, column, _ = since
    text = reading.document.lines[line].rstrip()
    opening = text[column : column + 1]
    ranged = _RANGE.match(text, column)
    if opening == "[" and ranged:
        end = ranged.end()
        needs_quotes(reading, span(reading, line, column, end - column), key_before(text, column).name, ranged[0])
        return overwrite(line, column, end, PLACEHOLDER)
    comma = _comma(reading, line, column)
    return comma or _cut(reading, line, column, text, at) or _open(reading, line, column, opening)


def left_open(lines: Sequence[str]) -> tuple[int, int, int] | None:
    """The last bracket that a text leaves open where it stops at a comma, and YAML no longer says which."""
    closed = 0
    for line in range(len(lines) - 1, max(len(lines) - _FAR, 0) - 1, -1):
        for column in range(len(lines[line]) - 1, -1, -1):
            sign = lines[line][column]
            if sign in "]}":
                closed += 1
            elif sign in "[{":
                if not closed:
                    return line, column, 0
                closed -= 1
    return None


def _comma(reading: Reading, line: int, column: int) -> Problem | None:
    """A full-width comma between the parts: the rest is read as if it were an ordinary one."""
    if re.search(r"[，、]\s*[^\s:，、,]+: ", reading.document.lines[line][column:]) is None:
        return None
    text = placed(reading.document.source, line + 1, 1, reading.document.lines[line])
    found = full_width_comma(reading, text, column)
    return None if found is None else overwrite(line, found, found + 1, ",")


def _cut(reading: Reading, line: int, column: int, text: str, at: tuple[int, int, int]) -> Problem | None:
    """The first value of the line, behind the bracket, that is an expression which goes on where YAML stops."""
    position = column + 1
    while True:
        match = _VALUE.search(text, position)
        if match is None or (at[0] == line and match.start(2) > at[1]):
            return None
        if not balanced(match[2].rstrip()):
            end = _end(text, match.start(2))
            if end is None:
                return None
            value = placed(reading.document.source, line + 1, match.start(2) + 1, match[2].rstrip())
            cut_value(reading, match[1].strip(), value, text[match.start(2) + len(value.text) : end])
            return overwrite(line, match.start(2), end, PLACEHOLDER)
        position = match.end()


def _end(text: str, start: int) -> int | None:
    """Where an expression that begins at `start` ends: at a comma or bracket behind which everything is closed."""
    for end in range(start + 1, len(text) + 1):
        if text[end : end + 1] in (",", "}", "]", "") and balanced(text[start:end]):
            return end
    return None


def _open(reading: Reading, line: int, column: int, opening: str) -> Problem | None:
    if opening not in ("{", "["):
        return None
    close = "}" if opening == "{" else "]"
    reading.report(OPEN_BRACKET, span(reading, line, column, 1), sign=opening, close=close)
    return leave_out(line, inner=True)
