"""`relflow case timeline`."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.failures import FINE
from relflow.cli.plain import plain
from relflow.cli.screen import data, print_json
from relflow.cli.session import current
from relflow.cli.words import argument
from relflow.cli.words import command as make

__all__ = ["command"]


@make("timeline", en="Show everything that happened in a case.", zh="查看工单的全部经过。")
@argument("case", en="The case's id.", zh="工单编号。")
@options.format_option("text", "json")
@at_desk
def command(desk: Desk, case: str, form: str) -> int:
    """Print one entry after the other."""
    if form == "json":
        print_json([plain(entry) for entry in desk.engine.history(case)])
        return FINE
    for line in desk.engine.timeline(case, reveal=True):
        data(line.render(current().lang))
    return FINE
