"""`relflow case delegate`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.case.desk import Desk, acting, at_desk
from relflow.cli.case.views import local
from relflow.cli.failures import FINE
from relflow.cli.plain import plain
from relflow.cli.screen import Table, note, print_json
from relflow.cli.session import Problem, say
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.engine import Delegation
    from relflow.results import Actor

__all__ = ["command"]


@make(
    "delegate",
    en="Enter who acts for an absent colleague; without a name, list who acts for whom.\n"
    "The stand-in may do what the colleague may, and gets their notifications and assignments.",
    zh="登记缺勤期间由谁代理；不写姓名时列出现有代理。\n代理人享有被代理人的权限，并接收其通知和派单。",
)
@argument("absent", required=False, en="Who is away.", zh="缺勤人。")
@argument("stand_in", required=False, metavar="[STAND-IN]", en="Who acts in the meantime.", zh="代理人。")
@option("--from", "start", metavar="WHEN", en="From this day or instant; default: now.", zh="开始时间，默认现在。")
@option("--until", metavar="WHEN", en="Until the end of this day, or this instant.", zh="到该日结束或此时刻为止。")
@option("--end", is_flag=True, en="The colleague is back.", zh="缺勤人已返岗。")
@option("--because", metavar="TEXT", default="", en="Why.", zh="原因。")
@acting
@options.format_option("text", "json")
@at_desk
def command(
    desk: Desk,
    absent: str | None,
    stand_in: str | None,
    start: str | None,
    until: str | None,
    end: bool,
    because: str,
    actor: Actor,
    form: str,
) -> int:
    """Enter, end or list."""
    if end and absent is not None:
        desk.engine.end_delegation(absent, actor=actor, because=because)
    elif absent is not None:
        if stand_in is None or until is None:
            raise Problem(say("say who acts, and `--until` when", "请写明代理人和 `--until` 时间"))
        begin = desk.engine.health().at if start is None else _instant(desk, start)
        desk.engine.delegate(
            absent, stand_in, start=begin, until=_instant(desk, until, days=1), actor=actor, because=because
        )
    _show(desk, desk.engine.delegations(), form)
    return FINE


def _instant(desk: Desk, text: str, days: int = 0) -> datetime:
    """The instant; of a day its beginning, or so many days later."""
    zone = desk.policy.program.zone
    found = options.moment(text, zone)
    if isinstance(found, datetime):
        return found
    return datetime(found.year, found.month, found.day, tzinfo=zone) + timedelta(days=days)


def _show(desk: Desk, found: tuple[Delegation, ...], form: str) -> None:
    if form == "json":
        print_json([plain(one) for one in found])
    elif not found:
        note(say("nobody is away", "没有代理"))
    else:
        table = Table(
            say("away", "缺勤人"),
            say("stand-in", "代理人"),
            say("from", "开始"),
            say("until", "结束"),
            say("why", "原因"),
        )
        for one in found:
            table.add(one.absent, one.stand_in, local(desk, one.start), local(desk, one.until), one.because)
        table.show()
