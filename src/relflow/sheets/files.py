"""Sheets from CSV files and workbooks, and CSV files from tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from relflow.diagnostics import Diagnostic, Source, Span
from relflow.reader.files import decode
from relflow.sheets.findings import OPEN_CSV
from relflow.sheets.grids import Cells, Sheet

__all__ = ["is_workbook", "read_sheets", "write_csv"]

_ZIP = b"PK\x03\x04"  # how .xlsx files begin


def is_workbook(path: Path) -> bool:
    """Whether a name is a workbook's."""
    return path.suffix.lower() in (".xlsx", ".xlsm")


def read_sheets(path: Path, report: Callable[[Diagnostic], None]) -> list[Sheet]:
    """The sheets of a file, empty ones left out: one of a CSV, any number of a workbook. Raises OSError."""
    data = path.read_bytes()
    if data.startswith(_ZIP) or is_workbook(path):
        from relflow.sheets.workbooks import read_workbook  # noqa: PLC0415 - an extra, loaded where it is used

        return read_workbook(data, str(path), report)
    source, found = decode(data, str(path))
    for one in found:
        report(one)
    return [sheet for sheet in (_csv(source, report),) if sheet is not None] if source is not None else []


def _csv(source: Source, report: Callable[[Diagnostic], None]) -> Sheet | None:
    """A CSV's rows; what divides the cells (comma, semicolon or tab) is what the first line has most of."""
    first = source.text.split("\n", 1)[0]
    sign = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(source.text, newline=""), delimiter=sign, strict=True)
    try:
        return Sheet.of(source.name, rows)
    except csv.Error:
        report(OPEN_CSV.at(Span(source, rows.line_num, 1, rows.line_num, 1)))
        return None


def write_csv(cells: Cells) -> str:
    """The text of a CSV file; rows are of one length, so that every program sees the same columns."""
    width = max(map(len, cells))
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows([*row, *[""] * (width - len(row))] for row in cells)
    return written.getvalue()
