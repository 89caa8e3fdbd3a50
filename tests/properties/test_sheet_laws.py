"""What holds for every table that goes out to a sheet and comes back."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from relflow.diagnostics import Diagnostic
from relflow.reader import read_text
from relflow.sheets import Sheet, TableSheet, read_sheets, write_csv
from relflow.sheets.edits import applied, split_lines, table_edit
from relflow.sheets.layout import taken
from relflow.sheets.tables import tables
from relflow.sheets.workbooks import read_workbook, write_workbook
from tests.strategies.reader import Layout
from tests.strategies.reader import tables as layouts
from tests.strategies.sheets import UNQUOTED, table_sheets


def back(sheet: Sheet) -> TableSheet:
    """The table of a sheet that has nothing wrong with it."""
    found: list[Diagnostic] = []
    placed = taken(sheet, found.append)
    assert placed is not None
    assert found == []
    return placed.table


@given(table_sheets())
def test_a_csv_brings_back_the_table_that_went_out(table: TableSheet) -> None:
    """Every cell, the hit policy, labels and types come back from a CSV file as they were."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "t.csv"
        file.write_bytes(write_csv(table.cells()).encode("utf-8-sig"))
        sheets = read_sheets(file, lambda found: None)

    assert [back(sheet) for sheet in sheets] == [table]


@given(st.lists(table_sheets(), min_size=1, max_size=3))
def test_a_workbook_brings_back_the_tables_that_went_out(several: list[TableSheet]) -> None:
    """Every cell of every sheet comes back from a workbook as it was, whatever it begins with."""
    found: list[Diagnostic] = []
    sheets = read_workbook(write_workbook(several), "t.xlsx", found.append)

    assert found == []
    assert [back(sheet) for sheet in sheets] == several


@given(layouts(), table_sheets(UNQUOTED))
def test_only_the_lines_of_the_table_change(layout: Layout, new: TableSheet) -> None:
    """Another table in the place of the old has its cells; the lines above and below stay to the byte."""
    model, _ = read_text(layout.text)
    assert model is not None
    (found,) = tables(model)
    edit = table_edit(found, new)
    text, (begin,) = applied(layout.text, [edit])

    before, after = layout.text.split("\n"), text.split("\n")
    span = found.table.span
    assert after[: begin - 1] == before[: span.line - 1]
    assert after[begin - 1 + len(edit.lines) :] == before[span.end_line :]
    lines = list(split_lines(edit).values())
    told = [tuple(tuple(cell.text for cell in side) for side in (line.left, line.right)) for line in lines]
    assert told == [(new.left, new.right), *new.rows]
