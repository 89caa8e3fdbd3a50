"""Decision tables and plans as sheets of CSV and XLSX, and back into their YAML: the only door to openpyxl."""

from relflow.sheets.files import read_sheets, write_csv
from relflow.sheets.grids import Sheet
from relflow.sheets.importing import Import, Returned, bring_in
from relflow.sheets.layout import TableSheet
from relflow.sheets.tables import Found, exported, sheets_of, tables

__all__ = [
    "Found",
    "Import",
    "Returned",
    "Sheet",
    "TableSheet",
    "bring_in",
    "exported",
    "read_sheets",
    "sheets_of",
    "tables",
    "write_csv",
]
