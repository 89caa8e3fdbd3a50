"""`relflow case force`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.case.acts import approved
from relflow.cli.case.desk import Desk, acting, at_desk
from relflow.cli.case.views import show_case
from relflow.cli.failures import FINE
from relflow.cli.words import argument
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.results import Actor

__all__ = ["command"]


@make(
    "force",
    en="Put a case into a state without asking for its guards and roles.\n"
    "The reason and who approved stay in its history.",
    zh="不经条件和角色校验，直接变更工单状态。\n原因和批准人会记入工单历史。",
)
@argument("case", en="The case's id.", zh="工单编号。")
@argument("state", en="The state.", zh="状态。")
@approved
@acting
@options.format_option("text", "json")
@at_desk
def command(desk: Desk, case: str, state: str, because: str, approver: str, actor: Actor, form: str) -> int:
    """Force it and show the case."""
    show_case(desk, desk.engine.force(case, state, actor=actor, because=because, approver=approver), form)
    return FINE
