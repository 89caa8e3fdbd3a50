"""`relflow case outbox`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relflow.cli import options
from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.case.views import awaited, local, told_to
from relflow.cli.failures import FINE
from relflow.cli.plain import plain
from relflow.cli.screen import Table, note, print_json
from relflow.cli.session import say
from relflow.cli.words import command as make
from relflow.cli.words import option

if TYPE_CHECKING:
    from relflow.stores import Status

__all__ = ["command"]


@make(
    "outbox",
    en="List notifications and host actions: what waits, what went out, what was given up.",
    zh="列出通知和系统操作：待发的、已发的、已放弃的。",
)
@option("--dead", is_flag=True, en="Only those that were given up.", zh="只列已放弃的。")
@option(
    "--status",
    type=click.Choice(["ready", "sent", "dead", "discarded"]),
    en="Only of this status.",
    zh="只列此状态的。",
)
@option("--case", "case", metavar="ID", en="Only this case's.", zh="只列此工单的。")
@option("--limit", type=int, default=100, metavar="N", en="At most so many; default: 100.", zh="最多条数，默认 100。")
@options.format_option("text", "json")
@at_desk
def command(desk: Desk, dead: bool, status: Status | None, case: str | None, limit: int, form: str) -> int:
    """Print one line each."""
    notices = desk.engine.outbox(case=case, status=status, dead=dead, limit=limit)
    if form == "json":
        print_json([plain(one) for one in notices])
        return FINE
    if not notices:
        note(say("nothing in the outbox", "没有相应的消息"))
        return FINE
    words = {
        "ready": say("waits", "待发"),
        "sent": say("sent", "已发"),
        "dead": say("given up", "已放弃"),
        "discarded": say("discarded", "已作废"),
    }
    table = Table(
        say("key", "编号"), say("to", "接收方"), say("what", "内容"), say("status", "状态"), say("tried", "次数"),
        say("since", "时间"), say("why", "原因"),
    )  # fmt: skip
    for one in notices:
        role = awaited(one)
        why = one.receipt if one.status == "discarded" else one.error
        state = words[one.status] if role is None else say("held", "待批准")
        if role is not None:
            why = say("waits for approval by {role}", "等待“{role}”批准", role=role)
        table.add(one.item.key, *told_to(one, 40), state, one.attempts, local(desk, one.due_at), why)
    table.show()
    return FINE
