"""`relflow case run`."""

from __future__ import annotations

from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.case.views import show_report
from relflow.cli.failures import FAILED, FINE
from relflow.cli.words import command as make

__all__ = ["command"]


@make(
    "run",
    en="Do what is due: clocks, obligations, notifications.\nIt says when to run it again.",
    zh="处理到期的计时、义务和通知。\n会说明下次何时运行。",
)
@at_desk
def command(desk: Desk) -> int:
    """Run until nothing is due any more."""
    report = desk.engine.run_due()
    errors = list(report.errors)
    while report.more:
        report = desk.engine.run_due()
        errors += report.errors
    show_report(desk, report)
    return FAILED if errors else FINE
