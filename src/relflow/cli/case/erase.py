"""`relflow case erase`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relflow.cli.case.acts import explained
from relflow.cli.case.desk import Desk, acting, at_desk
from relflow.cli.failures import FINE
from relflow.cli.screen import data
from relflow.cli.session import current, say
from relflow.cli.words import argument, option
from relflow.cli.words import command as make
from relflow.text import join

if TYPE_CHECKING:
    from relflow.results import Actor

__all__ = ["command"]


@make(
    "erase",
    en="Forget an account's personal values in every case; histories stay valid.\nThis cannot be undone.",
    zh="清除某客户在所有工单中的个人信息；历史仍然有效。\n此操作无法撤销。",
)
@argument("account", en="The account.", zh="客户。")
@option("--person", metavar="TEXT", en="Only values in which this person stands.", zh="只清除涉及此人的信息。")
@explained
@acting
@at_desk
def command(desk: Desk, account: str, person: str | None, because: str, actor: Actor) -> int:
    """Erase and report."""
    erased = desk.engine.erase(account, person, actor=actor, because=because)
    data(
        say(
            "forgotten: {values} values; messages dropped: {messages}",
            "已清除 {values} 个值，取消消息 {messages} 条",
            values=erased.replaced, messages=erased.messages_dropped,
        )
    )  # fmt: skip
    if erased.left_with_host:
        names = join(list(erased.left_with_host), current().lang)
        data(say("still in the host's own records: {names}", "业务系统中仍保留：{names}", names=names))
    return FINE
