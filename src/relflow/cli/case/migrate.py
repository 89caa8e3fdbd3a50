"""`relflow case migrate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from relflow.cli import options
from relflow.cli.case.acts import explained, pairs
from relflow.cli.case.desk import Desk, acting, at_desk
from relflow.cli.failures import FAILED, FINE
from relflow.cli.plain import plain
from relflow.cli.screen import data, print_json
from relflow.cli.session import current
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.results import Actor

__all__ = ["command"]


@make(
    "migrate",
    en="Move open cases to the version of their workflow that the policy has.\n"
    "Whatever a case would lose keeps it where it is, and is listed. Without --one-by-one all cases move or none.\n"
    "Exit 1 if some cannot move.",
    zh="将未关闭的工单迁移到制度现有的流程版本。\n"
    "会丢失内容的工单不迁移，并逐项列出。不带 --one-by-one 时全部迁移或全部不动。\n"
    "有工单不能迁移时退出码为 1。",
)
@argument("workflow", en="Which workflow, e.g. complaint.", zh="流程，如 complaint。")
@option("--state", "states", multiple=True, metavar="OLD=NEW", en="Where a state goes.", zh="状态的新名称。")
@option("--data", "renamed", multiple=True, metavar="OLD=NEW", en="A datum's new name; `OLD=` gives it up.",
        zh="数据的新名称；`旧名=` 表示不再保留。")  # fmt: skip
@option("--clock", "clocks", multiple=True, metavar="OLD=NEW", en="A clock's new name; `OLD=` gives it up.",
        zh="计时的新名称；`旧名=` 表示不再保留。")  # fmt: skip
@option("--event", "events", multiple=True, metavar="OLD=NEW", en="An event's new name.", zh="事件的新名称。")
@option("--recompute", is_flag=True, en="Give running clocks the new durations.", zh="正在运行的计时采用新时限。")
@option(
    "--case", "cases", multiple=True, metavar="ID", en="Only this case; may be repeated.", zh="只迁移此工单，可重复。"
)
@option("--from-version", metavar="V", en="Only cases of this version.", zh="只迁移此版本的工单。")
@option("--one-by-one", is_flag=True, en="Move those that can, report the others.", zh="能迁移的先迁移，其余列出。")
@option("--dry-run", is_flag=True, en="Only say what would happen.", zh="只说明会怎样，不更改。")
@option("--approver", metavar="ID", default="", en="Who approved.", zh="批准人。")
@explained
@acting
@options.format_option("text", "json")
@at_desk
def command(
    desk: Desk,
    workflow: str,
    states: tuple[str, ...],
    renamed: tuple[str, ...],
    clocks: tuple[str, ...],
    events: tuple[str, ...],
    recompute: bool,
    cases: tuple[str, ...],
    from_version: str | None,
    one_by_one: bool,
    dry_run: bool,
    approver: str,
    because: str,
    actor: Actor,
    form: str,
) -> int:
    """Migrate and report."""
    report = desk.engine.migrate(
        workflow,
        actor=actor,
        because=because,
        approver=approver,
        states=cast("dict[str, str]", pairs(states, "state", drop=False)),
        data=pairs(renamed, "data"),
        clocks=pairs(clocks, "clock"),
        events=pairs(events, "event"),
        recompute=recompute,
        cases=cases or None,
        from_version=from_version,
        dry_run=dry_run,
        whole=not one_by_one,
    )
    if form == "json":
        print_json(plain(report))
    else:
        data(report.text(current().lang))
    return FAILED if report.refused else FINE
