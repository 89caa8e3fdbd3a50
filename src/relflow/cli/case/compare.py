"""`relflow case compare`."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.failures import FAILED, FINE
from relflow.cli.plain import plain
from relflow.cli.screen import data, print_json
from relflow.cli.session import Problem, current, say
from relflow.cli.words import command as make
from relflow.cli.words import option

__all__ = ["command"]


@make(
    "compare",
    en="Say what the policy in shadow would have done otherwise: states, due times, notifications, refusals.\n"
    "Exit 1 if there is a difference.",
    zh="说明试行的制度会有哪些不同：状态、到期时间、通知、拒绝。\n有差异时退出码为 1。",
)
@option("--limit", type=int, default=100, metavar="N", en="List at most so many; default: 100.",
        zh="最多列出条数，默认 100。")  # fmt: skip
@options.format_option("text", "json")
@at_desk
def command(desk: Desk, limit: int, form: str) -> int:
    """Compare and report."""
    if desk.shadow is None:
        raise Problem(say("`--shadow` is missing", "缺少 `--shadow`"))
    found = desk.shadow.compare(desk.engine, limit=limit)
    if form == "json":
        print_json(plain(found))
    else:
        data(found.text(current().lang))
    return FAILED if found.counts else FINE
