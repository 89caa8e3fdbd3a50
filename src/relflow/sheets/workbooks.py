"""Workbooks (.xlsx) in and out; openpyxl comes with the extra `relflow[xlsx]`."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from relflow.diagnostics import Diagnostic, Source, Span, width
from relflow.errors import PluginError
from relflow.sheets.findings import CELL_ERROR, FORMULA, MERGED, NO_WORKBOOK
from relflow.sheets.grids import Sheet
from relflow.sheets.layout import HEADING, TableSheet

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["read_workbook", "write_workbook"]

_WIDEST = 60
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))  # in the name of a sheet
_TITLE = 31  # characters that the name of a sheet may have


def _openpyxl() -> Any:
    try:
        import openpyxl  # noqa: PLC0415 - an extra, loaded where it is used
    except ImportError:
        raise PluginError.of(
            "missing-extra",
            'workbooks need the extra: pip install "relflow[xlsx]"; CSV works without it',
            '处理工作簿需要额外组件：pip install "relflow[xlsx]"；CSV 无需安装',
        ) from None
    return openpyxl


def read_workbook(data: bytes, name: str, report: Callable[[Diagnostic], None]) -> list[Sheet]:
    """The sheets of a workbook that hold anything; every cell as text, as the policy would write it."""
    openpyxl = _openpyxl()
    try:
        book = openpyxl.load_workbook(io.BytesIO(data))
    except (BadZipFile, KeyError, ValueError, OSError, openpyxl.utils.exceptions.InvalidFileException):
        report(NO_WORKBOOK.at(Span.whole(Source(name, ""))))
        return []
    filled = [page for page in book.worksheets if page.max_row > 1 or page.max_column > 1]
    return [_sheet(page, f"{name}[{page.title}]", report) for page in filled]


def _sheet(page: Worksheet, name: str, report: Callable[[Diagnostic], None]) -> Sheet:
    sheet = Sheet.of(name, [[_text(cell) for cell in row] for row in page.iter_rows()])
    for number, row in enumerate(page.iter_rows(), 1):
        for column, cell in enumerate(row, 1):
            kind = {"f": FORMULA, "e": CELL_ERROR}.get(cell.data_type)
            if kind is not None:
                report(kind.at(sheet.at(number, column), text=str(cell.value)))
    for merged in page.merged_cells.ranges:
        report(MERGED.at(sheet.at(merged.min_row, merged.min_col), text=merged.coord))
    return sheet


def _text(cell: Any) -> str:
    """What a cell means as the policy writes it: numbers in full, percentages as such, days by their date."""
    value = cell.value
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float() if "%" in cell.number_format:
            return f"{_plain(Decimal(repr(value)) * 100)}%"
        case int() | float():
            return _plain(Decimal(repr(value)))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
    return str(value)


def _plain(number: Decimal) -> str:
    """A number without exponent and without noughts that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_workbook(tables: Iterable[TableSheet]) -> bytes:
    """A workbook with a sheet for each table: every cell is text, so that no program takes `1-2` for a day."""
    openpyxl = _openpyxl()
    book = openpyxl.Workbook()
    book.remove(book.active)
    taken: set[str] = set()
    for table in tables:
        title = _title(table.name, taken)
        taken.add(title.lower())
        _fill(book.create_sheet(title), table)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _title(name: str, taken: set[str]) -> str:
    """A sheet's name: the table's, as far as a workbook allows; no two are the same."""
    title = base = name.translate(_FORBIDDEN)[:_TITLE] or "table"
    number = 2
    while title.lower() in taken:
        title = f"{base[: _TITLE - 4]} {number}"
        number += 1
    return title


def _fill(page: Worksheet, table: TableSheet) -> None:
    """The cells of a table, with the heading frozen, columns as wide as they need, and lists to choose from."""
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415 - as above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    cells = table.cells()
    heading = next(number for number, row in enumerate(cells, 1) if row[0] == HEADING)
    bold, grey = Font(bold=True), Font(color="808080")
    shade = PatternFill("solid", fgColor="DDE7F0")
    for number, row in enumerate(cells, 1):
        for column, text in enumerate(row, 1):
            made: Any = page.cell(number, column)
            _put(made, text)
            made.alignment = Alignment(vertical="top")
            if number == heading:
                made.font, made.fill = bold, shade
            elif column == 1 or number < heading:
                made.font = grey
    for column in range(1, max(map(len, cells)) + 1):
        widest = max((width(row[column - 1]) for row in cells[heading - 1 :] if column <= len(row)), default=0)
        page.column_dimensions[get_column_letter(column)].width = min(widest + 3, _WIDEST)
    page.freeze_panes = f"B{heading + 1}"
    _offer(page, table, heading)


def _put(cell: Cell | Any, text: str) -> None:
    """A text as text, whatever it begins with."""
    if not text:
        return
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith("=")


def _offer(page: Worksheet, table: TableSheet, heading: int) -> None:
    """Columns whose values are listed let the user choose."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    for number, type_ in enumerate(table.types[len(table.left) :]):
        values = type_.partition("one of ")[2]
        if not values or len(values) > 250:  # the longest list that a workbook keeps in a cell's rule
            continue
        letter = get_column_letter(len(table.left) + 3 + number)
        choice = DataValidation(type="list", formula1=f'"{values.replace(", ", ",")}"', allow_blank=True)
        choice.showErrorMessage = False  # a value may also be worked out: `= other`
        choice.add(f"{letter}{heading + 1}:{letter}{heading + len(table.rows) + 200}")
        page.add_data_validation(choice)
