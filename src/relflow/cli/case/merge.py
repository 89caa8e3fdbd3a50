"""`relflow case merge`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.case.acts import explained
from relflow.cli.case.desk import Desk, acting, at_desk
from relflow.cli.case.views import show_case
from relflow.cli.failures import FINE
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.results import Actor

__all__ = ["command"]


@make(
    "merge",
    en="Merge a case into another of the same account and workflow.\n"
    "The other takes over what it does not know, and the open cases that the first one opened.",
    zh="将工单并入同一客户、同一流程的另一工单。\n后者接收其缺少的数据，以及前者新建的未关闭工单。",
)
@argument("case", en="The case that ends.", zh="结束的工单。")
@argument("into", en="The case that goes on.", zh="继续的工单。")
@option("--state", metavar="STATE", en="In which final state it ends.", zh="以哪个终止状态结束。")
@explained
@acting
@options.format_option("text", "json")
@at_desk
def command(desk: Desk, case: str, into: str, state: str | None, because: str, actor: Actor, form: str) -> int:
    """Merge them and show the case that goes on."""
    show_case(desk, desk.engine.merge(case, into, actor=actor, because=because, state=state), form)
    return FINE
