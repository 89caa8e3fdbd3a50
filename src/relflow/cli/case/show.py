"""`relflow case show`."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.case.views import show_case
from relflow.cli.failures import FINE
from relflow.cli.words import argument
from relflow.cli.words import command as make

__all__ = ["command"]


@make("show", en="Show a case with its data and clocks.", zh="查看工单的数据和计时。")
@argument("case", en="The case's id.", zh="工单编号。")
@options.format_option("text", "json")
@at_desk
def command(desk: Desk, case: str, form: str) -> int:
    """Print it."""
    show_case(desk, desk.engine.case(case), form)
    return FINE
