"""A table's text to lines of cells, each with its place; what the cells mean is for `tables` to say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from relflow.diagnostics import Fragment, Span
from relflow.reader.places import placed
from relflow.reader.strings import bars
from relflow.structs import dataclass

__all__ = ["Line", "bare", "is_ruler", "lines", "split"]

_RULER = re.compile(r"\|(?:\s*(?::?-{2,}:?|:-:?|-:)\s*\|+)+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: the cells left and right of `||`; all are left where there is none."""

    span: Span
    left: tuple[Fragment, ...]
    right: tuple[Fragment, ...]
    divided: bool
    closed: bool


def lines(block: Fragment) -> Iterator[tuple[Fragment, bool]]:
    """The lines of a block that are not empty, without surrounding blanks; true for the ruler under a heading."""
    offset = 0
    anchors = {start: (line, column) for start, line, column in block.anchors}
    source = block.span.source
    for text in block.text.split("\n"):
        stripped = text.strip()
        if stripped:
            line, column = anchors.get(offset, (block.span.line, block.span.column))
            column += len(text) - len(text.lstrip())
            span = Span(source, line, column, line, column + len(stripped))
            yield Fragment(stripped, span, ((0, line, column),)), bool(_RULER.fullmatch(stripped))
        offset += len(text) + 1


def split(line: Fragment, inputs: int | None = None) -> Line:
    r"""The cells of a line that begins with `|`; `\\|` and a `|` inside quotation marks are text.

    `inputs` says how many cells the heading has left of its `||`, so that an empty cell written as `||` is told from
    the one that divides.
    """
    text = line.text
    simple = '"' not in text and "\\" not in text
    found = _plain(text) if simple else bars(text)
    closed = found[-1] == len(text) - 1 and len(found) > 1
    if not closed:
        found.append(len(text))
    middle = _divider(found, inputs)
    cut = _simple if simple else _cell
    cells = [cut(line, start + 1, end) for start, end in pairwise(found)]
    if middle is not None:
        del cells[middle]
    if middle is None:
        return Line(line.span, tuple(cells), (), False, closed)
    return Line(line.span, tuple(cells[:middle]), tuple(cells[middle:]), True, closed)


def bare(line: str) -> str:
    """A line with single blanks around its bars: the same cells, another layout."""
    text = line.strip()
    if not text.startswith("|"):
        return text
    if '"' not in text and "\\" not in text:
        *inner, last = text.split("|")
        return "|".join([f" {cell.strip()} " if cell else "" for cell in inner]).lstrip() + "|" + last
    found = bars(text)
    cells = [text[start + 1 : end].strip() if end > start + 1 else None for start, end in pairwise(found)]
    shown = "".join("|" if cell is None else f"| {cell} " for cell in cells)
    return f"{shown}|{text[found[-1] + 1 :]}"


def is_ruler(line: str) -> bool:
    """Whether the line is the ruler that may stand under a heading."""
    return bool(_RULER.fullmatch(line.strip()))


def _divider(bars: list[int], inputs: int | None) -> int | None:
    """Which gap between two bars is the `||`."""
    if inputs is not None and inputs + 1 < len(bars) and bars[inputs] + 1 == bars[inputs + 1]:
        return inputs
    pairs = enumerate(pairwise(bars))
    return next((number for number, (bar, following) in pairs if bar + 1 == following), None)


def _plain(text: str) -> list[int]:
    """Where the bars stand."""
    found = [0]
    at = text.find("|", 1)
    while at >= 0:
        found.append(at)
        at = text.find("|", at + 1)
    return found


def _simple(line: Fragment, start: int, end: int) -> Fragment:
    """As `_cell`, of a line without backslashes."""
    span = line.span
    text = line.text[start:end].strip()
    offset = line.text.find(text, start) if text else start + (end - start > 1)
    return placed(span.source, span.line, span.column + offset, text)


def _cell(line: Fragment, start: int, end: int) -> Fragment:
    """The cell between two bars without its blanks; an empty one stands where its text would begin."""
    raw = line.text[start:end]
    text = raw.strip()
    span = line.span
    column = span.column + (line.text.find(text, start) if text else start + (len(raw) > 1))
    if "\\|" not in text:
        return placed(span.source, span.line, column, text)
    place = Span(span.source, span.line, column, span.line, column + len(text))
    anchors = [(0, span.line, column)]
    for number, match in enumerate(re.finditer(r"\\\|", text)):
        # each removed backslash moves what follows it by one
        anchors.append((match.start() - number, span.line, column + match.start() + 1))
    return Fragment(text.replace("\\|", "|"), place, tuple(anchors))
