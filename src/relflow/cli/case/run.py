"""`relflow case run`."""

from __future__ import annotations

from dataclasses import replace

from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.case.views import show_report
from relflow.cli.failures import FAILED, FINE
from relflow.cli.screen import note
from relflow.cli.session import say
from relflow.cli.words import command as make
from relflow.cli.words import option

__all__ = ["command"]


@make(
    "run",
    en="Do what is due: clocks, obligations, notifications.\nIt says when to run it again.",
    zh="处理到期的计时、义务和通知。\n会说明下次何时运行。",
)
@option(
    "--print",
    "printing",
    is_flag=True,
    en="Print the notifications that no plugin delivers, and count them as delivered.",
    zh="打印没有插件送达的通知，并视为已送达。",
)
@at_desk
def command(desk: Desk) -> int:
    """Run until nothing is due any more."""
    from relflow.engine.clockwork import joined

    whole = report = desk.engine.run_due()
    while report.more:
        report = desk.engine.run_due()
        whole = replace(joined(whole, report), next_due=report.next_due, more=report.more)
    show_report(desk, whole)
    waiting = sum(notice.status == "ready" for notice in desk.engine.outbox())
    if waiting:
        note(
            say(
                "waiting for a plugin that delivers: {count} notifications; --print shows them here",
                "{count} 条通知等待插件送达；用 --print 可在此打印",
                count=waiting,
            )
        )
    return FAILED if whole.errors else FINE
