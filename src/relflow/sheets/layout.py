"""How a table lies on a sheet: its name and hit policy above, labels and types, then the heading and the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from relflow.diagnostics import Diagnostic
from relflow.sheets.findings import LINE_BREAK, NO_TABLE, OUTSIDE_COLUMNS, SETTING, TWICE
from relflow.sheets.grids import Cells, Sheet

__all__ = ["DIVIDER", "HEADING", "Placed", "TableSheet", "taken"]

Report = Callable[[Diagnostic], None]
Kind = Literal["table", "plan", "scorecard"]

DIVIDER = "||"
HEADING = "#"
_KINDS: tuple[Kind, ...] = ("table", "plan", "scorecard")
_SETTINGS = ("hit_policy", "aggregation")


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A table as a sheet holds it.

    `left` and `right` are the headings of conditions and results (with `because`, `source` and `id` as written);
    `labels` and `types` say of each column what people call it and what it holds; `settings` are the hit policy and
    the aggregation where there are any.
    """

    kind: Kind
    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    settings: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def cells(self) -> Cells:
        """The rows of the sheet; the first column says what a row is: its number, `#` for the heading."""
        found: list[tuple[str, ...]] = [(self.kind, self.name, *(part for pair in self.settings for part in pair))]
        for mark, texts in (("label", self.labels), ("type", self.types)):
            if any(texts):
                found.append((mark, *texts[: len(self.left)], "", *texts[len(self.left) :]))
        found.append((HEADING, *self.left, DIVIDER, *self.right))
        found += [(str(number), *left, "", *right) for number, (left, right) in enumerate(self.rows, 1)]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Placed:
    """A table that was read from a sheet, with the row of the heading, those of the rows, and the column of each cell.

    `table.name` is empty where the sheet does not say it.
    """

    table: TableSheet
    sheet: Sheet
    heading: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]


def taken(sheet: Sheet, report: Report) -> Placed | None:
    """The table that a sheet holds, with every problem reported; None where it has no heading."""
    heading = next((number for number, row in enumerate(sheet.cells, 1) if DIVIDER in row), None)
    if heading is None:
        report(NO_TABLE.at(sheet.row(1)))
        return None
    cells = sheet.cells[heading - 1]
    first = 1 if cells[0] == HEADING else 0
    middle = cells.index(DIVIDER)
    if DIVIDER in cells[middle + 1 :]:
        report(TWICE.at(sheet.at(heading, cells.index(DIVIDER, middle + 1) + 1)))
        return None
    columns = (*range(first + 1, middle + 1), *range(middle + 2, len(cells) + 1))
    left, right = cells[first:middle], cells[middle + 1 :]
    numbers = [
        number
        for number, row in enumerate(sheet.cells[heading:], heading + 1)
        if any(row[first:])  # a row that is only numbered is an empty one
    ]
    rows = [_row(sheet, number, first, middle, len(cells), report) for number in numbers]
    above = {row[0]: row[1:] for row in sheet.cells[: heading - 1] if row}
    kind: Kind = next((kind for kind in _KINDS if kind in above), "table")
    table = TableSheet(
        kind,
        name=(*above.get(kind, ()), "")[0],
        left=left,
        right=right,
        rows=tuple(rows),
        settings=_settings(sheet, above.get(kind, ())[1:], report),
        labels=_texts(above.get("label", ()), len(left), len(right)),
        types=_texts(above.get("type", ()), len(left), len(right)),
    )
    return Placed(table, sheet, heading, tuple(numbers), columns)


def _row(
    sheet: Sheet, number: int, first: int, middle: int, width: int, report: Report
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cells left and right of the divider, empty ones where the row ends early."""
    cells = sheet.cells[number - 1]
    for column, cell in enumerate(cells, 1):
        outside = column > width or column - 1 == middle
        if cell and outside:
            report(OUTSIDE_COLUMNS.at(sheet.at(number, column)))
        elif "\n" in cell or "\r" in cell:
            report(LINE_BREAK.at(sheet.at(number, column)))
    filled = cells + ("",) * (width - len(cells))
    return filled[first:middle], filled[middle + 1 : width]


def _settings(sheet: Sheet, cells: tuple[str, ...], report: Report) -> tuple[tuple[str, str], ...]:
    """The pairs behind the name."""
    pairs = tuple(zip(cells[::2], (*cells[1::2], ""), strict=False))
    for name, _ in pairs:
        if name and name not in _SETTINGS:
            report(SETTING.at(sheet.row(1), name=sheet.name, text=name))
    return tuple((name, value) for name, value in pairs if name in _SETTINGS)


def _texts(cells: tuple[str, ...], left: int, right: int) -> tuple[str, ...]:
    """The texts of a row above the heading, one for each column, without the divider's; none where there is no row."""
    if not cells:
        return ()
    filled = cells + ("",) * (left + right + 1 - len(cells))
    return (*filled[:left], *filled[left + 1 : left + 1 + right])
