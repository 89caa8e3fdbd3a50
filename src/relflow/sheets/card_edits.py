"""The sheet of a scorecard back into the lines of its file: points, weights, bands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from relflow.diagnostics import Diagnostic, Span
from relflow.model import Criterion, Decision, Scorecard, Value
from relflow.sheets.cards import LEFT, RIGHT, CardRow, card_rows, shown
from relflow.sheets.edits import Edit
from relflow.sheets.findings import CARD_PARTS
from relflow.sheets.layout import Placed

__all__ = ["CardCell", "card_edit"]

_PLAIN = re.compile(r"[\w.+-]+%?")
_BAND, _POINTS, _WEIGHT = 2, 4, 5  # columns among those of both sides

Report = Callable[[Diagnostic], None]


@dataclass(frozen=True, slots=True)
class CardCell:
    """A piece of the edit's lines and the cell of the sheet that it comes from; lines count from 0, columns from 1."""

    line: int
    start: int
    end: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class _Change:
    """A span of the file, what stands there instead, and the row and column of the sheet that say so."""

    span: Span
    text: str
    row: int
    column: int


def card_edit(decision: Decision, placed: Placed, report: Report) -> tuple[Edit, tuple[CardCell, ...]] | None:
    """The lines of a scorecard for what a sheet says; None where nothing changes or it cannot be brought in.

    Points, weights, the values that bands match and how many bands there are may change; criteria and levels may not.
    """
    card = decision.scorecard
    assert card is not None
    if (placed.table.left, placed.table.right) != (LEFT, RIGHT):
        report(CARD_PARTS.at(placed.sheet.row(placed.heading), name=decision.name))
        return None
    wanted = [(*left, *right) for left, right in placed.table.rows]
    changes = _changes(card, wanted, placed)
    if changes is None:
        first = next((row for row in _astray(card, wanted, placed)), placed.heading)
        report(CARD_PARTS.at(placed.sheet.row(first), name=decision.name))
        return None
    return _edit(changes) if changes else None


def _changes(card: Scorecard, wanted: list[tuple[str, ...]], placed: Placed) -> list[_Change] | None:
    """What a sheet changes, cell by cell or, where the number of bands differs, criterion by criterion."""
    found: list[_Change] = []
    at = 0
    for line in card.criteria:
        mine = list(card_rows(Scorecard(span=card.span, criteria=(line,))))
        count = next((n for n, row in enumerate(wanted[at:]) if row[0] != line.name), len(wanted) - at)
        theirs = wanted[at : at + count]
        if not theirs or any(row[:2] != mine[0].texts[:2] or row[3] for row in theirs):
            return None
        rows = list(placed.rows[at : at + count])
        more = _cells(mine, theirs, rows, placed) if len(theirs) == len(mine) else _anew(line, theirs, rows, placed)
        if more is None:
            return None
        found += more
        at += count
    levels = list(card_rows(Scorecard(span=card.span, criteria=(), levels=card.levels)))
    rest = wanted[at:]
    if len(rest) != len(levels) or any(row[:4] != mine.texts[:4] for row, mine in zip(rest, levels, strict=True)):
        return None
    more = _cells(levels, rest, list(placed.rows[at:]), placed)
    return None if more is None else [*found, *more]


def _cells(mine: list[CardRow], theirs: list[tuple[str, ...]], rows: list[int], placed: Placed) -> list[_Change] | None:
    """The cells of as many rows that say something else."""
    found = []
    for old, new, row in zip(mine, theirs, rows, strict=True):
        spans = {_BAND: old.band, _POINTS: _span(old.points), _WEIGHT: _span(old.weight)}
        for column, (before, after) in enumerate(zip(old.texts, new, strict=True)):
            if before == after:
                continue
            span = spans.get(column)
            if span is None or not after or (column == _BAND and not before):
                return None
            text = _quoted(after) if column == _BAND else _scalar(after)
            found.append(_Change(span, text, row, placed.columns[column]))
    return found


def _anew(line: Criterion, theirs: list[tuple[str, ...]], rows: list[int], placed: Placed) -> list[_Change] | None:
    """All bands of a criterion in the place of the old ones, in the manner in which they were written."""
    first, last = (line.bands[0], line.bands[-1]) if line.bands else (None, None)
    if first is None or last is None or any(band.points.formula for band in line.bands):
        return None
    if any(not row[_BAND] or not row[_POINTS] for row in theirs):
        return None
    before = CardRow(("", "", "", "", "", "" if line.weight is None else shown(line.weight)), weight=line.weight)
    weight = _cells([before], [("", "", "", "", "", theirs[0][_WEIGHT])], rows[:1], placed)
    if weight is None or any(row[_WEIGHT] for row in theirs[1:]):
        return None
    pairs = [f"{_quoted(row[_BAND])}: {_scalar(row[_POINTS])}" for row in theirs]
    begin, end = first.test.span, last.points.span
    several = begin.line != end.line
    joint = "\n" + " " * (begin.column - 1) if several or _block(begin) else ", "
    span = Span(begin.source, begin.line, begin.column, end.end_line, end.end_column)
    return [*weight, _Change(span, joint.join(pairs), rows[0], placed.columns[_BAND])]


def _block(span: Span) -> bool:
    """Whether a key begins its line."""
    return not span.source.line(span.line)[: span.column - 1].strip()


def _span(value: Value | None) -> Span | None:
    """Where a literal stands; a formula stays as it is in the file."""
    return None if value is None or value.formula else value.span


def _astray(card: Scorecard, wanted: list[tuple[str, ...]], placed: Placed) -> Iterator[int]:
    """The rows of a sheet that name no criterion, no expression or no level of the scorecard."""
    rows = list(card_rows(card))
    criteria = {row.texts[:2] for row in rows if row.texts[0]}
    levels = {row.texts[3] for row in rows if not row.texts[0]}
    for number, row in zip(placed.rows, wanted, strict=True):
        if row[:2] not in criteria if row[0] else row[3] not in levels:
            yield number


def _edit(changes: list[_Change]) -> tuple[Edit, tuple[CardCell, ...]]:
    """One edit of the lines from the first change to the last, with the places of the changes in it."""
    source = changes[0].span.source
    first = min(change.span.line for change in changes)
    last = max(change.span.end_line for change in changes)
    lines = source.text.split("\n")[first - 1 : last]
    places: list[CardCell] = []
    for change in sorted(changes, key=lambda one: (one.span.line, one.span.column), reverse=True):
        span = change.span
        head = lines[span.line - first][: span.column - 1]
        tail = lines[span.end_line - first][span.end_column - 1 :]
        made = (head + change.text + tail).split("\n")
        grown = len(made) - (span.end_line - span.line + 1)
        shift = len(change.text) - (span.end_column - span.column)
        places = [_moved(one, span, first, grown, shift) for one in places]
        lines[span.line - first : span.end_line - first + 1] = made
        at = span.line - first
        places += [
            CardCell(at + number, span.column, len(text) + 1, change.row, change.column)
            for number, text in enumerate(made)
        ]
    return Edit(source.name, first, last + 1, tuple(lines)), tuple(places)


def _moved(one: CardCell, span: Span, first: int, grown: int, shift: int) -> CardCell:
    """A place behind a change that is made now."""
    if one.line == span.end_line - first and not grown:
        return CardCell(one.line, one.start + shift, one.end + shift, one.row, one.column)
    return CardCell(one.line + grown, one.start, one.end, one.row, one.column)


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    """A text as a quoted YAML scalar."""
    return f'"{text}"' if '"' not in text and "\\" not in text else "'" + text.replace("'", "''") + "'"
