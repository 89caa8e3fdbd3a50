"""`relflow case retain`."""

from __future__ import annotations

from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.failures import FINE
from relflow.cli.screen import data
from relflow.cli.session import current
from relflow.cli.words import command as make
from relflow.cli.words import option

__all__ = ["command"]


@make(
    "retain",
    en="Forget what closed cases hold beyond the `keep_for` of its category; histories stay valid.",
    zh="清除已关闭工单中超过类别 `keep_for` 期限的信息；历史仍然有效。",
)
@option("--dry-run", is_flag=True, en="Only count.", zh="只统计，不清除。")
@at_desk
def command(desk: Desk, dry_run: bool) -> int:
    """Forget and report."""
    data(desk.engine.retain(dry_run=dry_run).text(current().lang))
    return FINE
