"""`relflow case figures`."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.failures import FINE
from relflow.cli.ratings import show_figures
from relflow.cli.screen import note
from relflow.cli.session import say
from relflow.cli.words import argument
from relflow.cli.words import command as make

__all__ = ["command"]


@make(
    "figures",
    en="Show the key figures that were worked out, period by period.\nWithout a name, all of them.",
    zh="查看已算出的各期考核指标。\n不写名称则列出全部。",
)
@argument("name", required=False, en="The key figure.", zh="考核指标。")
@options.format_option("text", "json")
@at_desk
def command(desk: Desk, name: str | None, form: str) -> int:
    """Print one line a figure, oldest first."""
    kpis = desk.policy.program.kpis
    found = [figure for kpi in ([name] if name is not None else kpis) for figure in desk.engine.figures(kpi)]
    if not found and form != "json":
        note(say("no period is over yet", "尚无已结束的考核期"))
        return FINE
    show_figures(kpis, found, form)
    return FINE
