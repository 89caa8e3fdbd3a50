"""What a problem makes unreadable, and the ways to name places in a text that was not composed."""

from __future__ import annotations

import re
from typing import NamedTuple

from relflow.diagnostics import Fragment, Span
from relflow.reader.places import placed
from relflow.reader.reading import Reading
from relflow.structs import dataclass

__all__ = ["KeyBefore", "Problem", "fragment", "key_before", "leave_out", "overwrite", "span"]

_KEY = re.compile(r"(?:^|[{,]|- |\s)\s*([^\s:{},\[\]#\"']+)\s*:\s*$")


@dataclass(frozen=True, slots=True)
class Problem:
    """A line, from 0, to be left out, with its `inner` lines or to the `last`; or what to overwrite with `filler`."""

    line: int
    start: int = 0
    end: int | None = None
    filler: str = ""
    inner: bool = False
    last: int | None = None


def overwrite(line: int, start: int, end: int | None, filler: str) -> Problem:
    """Overwrite a part of a line, to its end if `end` is None."""
    return Problem(line, start, end, filler)


def leave_out(line: int, *, inner: bool, last: int | None = None) -> Problem:
    """Leave out a line, and what is indented below it if `inner`, or all to the line `last`."""
    return Problem(line, inner=inner, last=last)


def span(reading: Reading, line: int, column: int, width: int) -> Span:
    """A part of a line; line and column count from 0."""
    return Span(reading.document.source, line + 1, column + 1, line + 1, column + max(width, 1) + 1)


def fragment(reading: Reading, line: int) -> Fragment:
    """A line without the blanks around it."""
    text = reading.document.lines[line]
    lead = len(text) - len(text.lstrip())
    return placed(reading.document.source, line + 1, lead + 1, text.strip())


class KeyBefore(NamedTuple):
    """The name whose value begins at a column, and whether it stands inside brackets."""

    name: str
    flow: bool


def key_before(line: str, column: int) -> KeyBefore:
    """The name before a column of a line, `""` if there is none."""
    before = line[:column]
    match = _KEY.search(before)
    depth = sum(1 if sign in "[{" else -1 for sign in re.sub(r"\"[^\"]*\"|'[^']*'", "", before) if sign in "[]{}")
    return KeyBefore(match[1] if match else "", depth > 0)
