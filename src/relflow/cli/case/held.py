"""`relflow case held`."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.case.views import awaited, local, told_to
from relflow.cli.failures import FINE
from relflow.cli.plain import plain
from relflow.cli.screen import Table, note, print_json
from relflow.cli.session import say
from relflow.cli.words import command as make

__all__ = ["command"]


@make(
    "held",
    en="List the notifications that wait for somebody's approval.\nThen: relflow case approve KEY, or refuse KEY.",
    zh="列出等待批准的通知。\n处理方式：relflow case approve 编号，或 refuse 编号。",
)
@options.format_option("text", "json")
@at_desk
def command(desk: Desk, form: str) -> int:
    """Print one line each, with the whole text: that is what is approved."""
    notices = desk.engine.held()
    if form == "json":
        print_json([plain(one) for one in notices])
        return FINE
    if not notices:
        note(say("nothing waits for approval", "没有等待批准的通知"))
        return FINE
    table = Table(
        say("key", "编号"), say("to", "接收方"), say("by", "批准人"), say("since", "时间"), say("what", "内容")
    )
    for one in notices:
        recipient, text = told_to(one)
        table.add(one.item.key, recipient, awaited(one), local(desk, one.due_at), text)
    table.show()
    return FINE
