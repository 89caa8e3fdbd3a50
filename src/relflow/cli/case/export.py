"""`relflow case export`."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.failures import FINE
from relflow.cli.screen import data
from relflow.cli.session import current
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

__all__ = ["command"]


@make(
    "export",
    en="Print cases with their histories: JSON lines, or XES for process mining.\n"
    "Personal values are masked unless --reveal is given.",
    zh="输出工单及其历史：JSON Lines，或用于流程挖掘的 XES。\n除非指定 --reveal，个人信息一律掩码。",
)
@argument("cases", nargs=-1, metavar="[CASE]...", en="Only these cases; default: all.", zh="只输出这些工单，默认全部。")
@option("--workflow", metavar="NAME", en="Only of this workflow.", zh="只输出此流程的工单。")
@option("--account", metavar="ID", en="Only this account's.", zh="只输出此客户的工单。")
@option("--reveal", is_flag=True, en="With personal values.", zh="包含个人信息。")
@options.format_option("jsonl", "xes")
@at_desk
def command(
    desk: Desk, cases: tuple[str, ...], workflow: str | None, account: str | None, reveal: bool, form: str
) -> int:
    """Print line by line."""
    from relflow.report.exports import json_lines, xes

    chosen = desk.engine.export(ids=cases or None, workflow=workflow, account=account, reveal=reveal)
    for line in xes(chosen, current().lang) if form == "xes" else json_lines(chosen):
        data(line)
    return FINE
