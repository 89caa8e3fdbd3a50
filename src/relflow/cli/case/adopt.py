"""`relflow case adopt`."""

from __future__ import annotations

from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.failures import FAILED, FINE
from relflow.cli.screen import data
from relflow.cli.session import current
from relflow.cli.words import command as make
from relflow.cli.words import option

__all__ = ["command"]


@make(
    "adopt",
    en="Put this version of the policy in force for the store, and say what that means.\n"
    "Open cases stay on their versions; processes with another version may only read from then on.",
    zh="使该存储采用此版本的制度，并说明影响。\n未关闭的工单保持原版本；此后使用其他版本的进程只能读取。",
)
@option("--dry-run", is_flag=True, en="Only say what it would mean.", zh="只说明影响，不更改。")
@option(
    "--accept-broken",
    is_flag=True,
    en="Even where open cases could not run any more; migrate them next.",
    zh="即使有工单将无法运行，也予以采用；随后请迁移这些工单。",
)
@option("--no-levels", is_flag=True, en="Do not look at the accounts' levels.", zh="不查看客户等级的变化。")
@at_desk
def command(desk: Desk, dry_run: bool, accept_broken: bool, no_levels: bool) -> int:
    """Adopt and report."""
    found = desk.engine.adopt(desk.policy, dry_run=dry_run, accept_broken=accept_broken, levels=not no_levels)
    data(found.text(current().lang))
    return FAILED if any(one.stuck for one in found.broken_expects) else FINE
