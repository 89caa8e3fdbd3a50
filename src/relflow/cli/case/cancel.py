"""`relflow case cancel`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.case.acts import approved
from relflow.cli.case.desk import Desk, acting, at_desk
from relflow.cli.case.views import show_case
from relflow.cli.failures import FINE
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.results import Actor

__all__ = ["command"]


@make(
    "cancel",
    en="End a case without asking for its guards and roles, and the cases that it opened with it.",
    zh="不经条件和角色校验结束工单，连同它新建的工单。",
)
@argument("case", en="The case's id.", zh="工单编号。")
@option(
    "--state",
    metavar="STATE",
    en="The final state; may be left out where the workflow has one.",
    zh="终止状态；流程只有一个时可省略。",
)
@option("--alone", is_flag=True, en="Leave the cases that it opened as they are.", zh="不处理它新建的工单。")
@approved
@acting
@options.format_option("text", "json")
@at_desk
def command(
    desk: Desk, case: str, state: str | None, alone: bool, because: str, approver: str, actor: Actor, form: str
) -> int:
    """Cancel it and show the case."""
    after = desk.engine.cancel(case, actor=actor, because=because, approver=approver, state=state, children=not alone)
    show_case(desk, after, form)
    return FINE
