"""`relflow case list`."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.case.views import local, next_due
from relflow.cli.failures import FINE
from relflow.cli.plain import plain
from relflow.cli.screen import Table, note, print_json
from relflow.cli.session import say
from relflow.cli.words import command as make
from relflow.cli.words import option

__all__ = ["command"]


@make("list", en="List cases.", zh="列出工单。")
@option("--account", metavar="ID", en="Only this account's.", zh="只列此客户的工单。")
@option("--workflow", metavar="NAME", en="Only of this workflow.", zh="只列此流程的工单。")
@option("--open", "only_open", is_flag=True, en="Only those that are not closed.", zh="只列未关闭的。")
@option("--limit", type=int, default=100, metavar="N", en="At most so many; default: 100.", zh="最多条数，默认 100。")
@options.format_option("text", "json")
@at_desk
def command(desk: Desk, account: str | None, workflow: str | None, only_open: bool, limit: int, form: str) -> int:
    """Print one line a case."""
    cases = desk.engine.cases(account=account, workflow=workflow, open_only=only_open, limit=limit)
    if form == "json":
        print_json([plain(case) for case in cases])
        return FINE
    if not cases:
        note(say("no cases", "没有工单"))
        return FINE
    table = Table(
        say("case", "工单"),
        say("workflow", "流程"),
        say("state", "状态"),
        say("account", "客户"),
        say("owner", "负责人"),
        say("next due", "最近到期"),
    )
    for case in cases:
        due = next_due(case)
        table.add(case.id, case.workflow, case.state, case.account, case.owner, local(desk, due) if due else None)
    table.show()
    return FINE
