"""`relflow case assign`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relflow.cli.case.acts import explained
from relflow.cli.case.desk import Desk, acting, at_desk
from relflow.cli.case.views import show_case
from relflow.cli.failures import FAILED, FINE
from relflow.cli.screen import data, note
from relflow.cli.session import Problem, current, say
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.results import Actor

__all__ = ["command"]


@make(
    "assign",
    en="Give a case, or all open cases of somebody, to another owner.",
    zh="将一件工单或某人的全部未关闭工单改派给他人。",
)
@argument("to", en="The new owner.", zh="新负责人。")
@option("--case", "case", metavar="ID", en="One case.", zh="一件工单。")
@option("--from", "owner", metavar="ID", en="All open cases of this owner.", zh="此负责人的全部未关闭工单。")
@option("--workflow", metavar="NAME", en="Of them, only of this workflow.", zh="其中只改派此流程的工单。")
@option("--account", metavar="ID", en="Of them, only this account's.", zh="其中只改派此客户的工单。")
@option("--dry-run", is_flag=True, en="Only say which.", zh="只列出，不更改。")
@explained
@acting
@at_desk
def command(
    desk: Desk,
    to: str,
    case: str | None,
    owner: str | None,
    workflow: str | None,
    account: str | None,
    dry_run: bool,
    because: str,
    actor: Actor,
) -> int:
    """Assign one, or report about all."""
    if (case is None) == (owner is None):
        raise Problem(say("say `--case ID` or `--from OWNER`", "请写 `--case 编号` 或 `--from 负责人`"))
    if case is not None:
        show_case(desk, desk.engine.assign(case, to, actor=actor, because=because))
        return FINE
    assert owner is not None
    found = desk.engine.reassign(
        owner, to, actor=actor, because=because, workflow=workflow, account=account, dry_run=dry_run
    )
    for moved in found.cases:
        data(moved)
    note(found.text(current().lang))
    return FAILED if found.problems else FINE
