"""`relflow table`: decision tables to spreadsheets and back, one module a command."""

from __future__ import annotations

import click

from relflow.cli import options
from relflow.cli.words import Group, text

__all__ = ["command"]

_HOME = "relflow.cli.table"


@click.command(
    "table",
    cls=Group,
    members={
        "export": (
            f"{_HOME}.exporting:command",
            text("Write tables as CSV or as a workbook.", "将表格导出为 CSV 或工作簿。"),
        ),
        "import": (
            f"{_HOME}.importing:command",
            text("Bring tables back from CSV or a workbook.", "从 CSV 或工作簿导回表格。"),
        ),
    },
    words=text(
        "Edit tables in a spreadsheet.\nexport writes CSV or XLSX, import brings it back and shows what changes.",
        "用电子表格编辑表格。\nexport 导出为 CSV 或 XLSX，import 导回并说明有何变化。",
    ),
)
@options.lang_option
def command() -> None:
    """Nothing by itself: the commands do the work."""
