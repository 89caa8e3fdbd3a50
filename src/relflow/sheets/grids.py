"""A sheet as a source of findings: rows of cells, whose places are named as spreadsheets name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from relflow.diagnostics import Source, Span

__all__ = ["Cells", "Sheet"]

Cells = tuple[tuple[str, ...], ...]

_BETWEEN = " | "


@dataclass(frozen=True, slots=True)
class Sheet(Source):
    """A sheet: `name` says the file and the sheet, `text` holds a row of cells on each line, for people to see."""

    cells: Cells = ()

    @classmethod
    def of(cls, name: str, rows: Iterable[Sequence[str]]) -> Sheet:
        """A sheet of rows of texts; blanks around a text and empty cells at the end of a row say nothing."""
        cells = tuple(_trimmed(row) for row in rows)
        text = "\n".join(_BETWEEN.join(" ".join(cell.split()) for cell in row) for row in cells)
        return cls(name, text, cells)

    def at(self, row: int, column: int) -> Span:
        """The place of a cell; rows and columns count from 1, and a column beyond the last is the row's end."""
        cells = [" ".join(cell.split()) for cell in self.cells[row - 1]] if 0 < row <= len(self.cells) else []
        start = sum(len(cell) + len(_BETWEEN) for cell in cells[: column - 1]) + 1
        width = len(cells[column - 1]) if column <= len(cells) else 0
        return Span(self, row, start, row, start + width)

    def row(self, row: int) -> Span:
        """The place of a whole row."""
        line = self.line(row)
        return Span(self, row, 1, row, len(line) + 1)

    def position(self, line: int, column: int) -> tuple[int, int]:
        """The row and the number of the cell."""
        cells = self.cells[line - 1] if 0 < line <= len(self.cells) else ()
        start = 1
        for number, cell in enumerate(cells, 1):
            start += len(" ".join(cell.split())) + len(_BETWEEN)
            if column < start:
                return line, number
        return line, len(cells) + 1

    def place(self, line: int, column: int) -> str:
        """`tiers.xlsx[tier_by_criteria]!C5`, as spreadsheets name a cell."""
        row, number = self.position(line, column)
        return f"{self.name}!{_letters(number)}{row}"


def _trimmed(row: Sequence[str]) -> tuple[str, ...]:
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _letters(number: int) -> str:
    """A, B, … Z, AA: what spreadsheets call a column."""
    found = ""
    while number > 0:
        number, digit = divmod(number - 1, 26)
        found = chr(ord("A") + digit) + found
    return found
