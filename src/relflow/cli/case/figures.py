"""`relflow case figures`."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.failures import FINE
from relflow.cli.plain import plain
from relflow.cli.screen import Table, note, print_json
from relflow.cli.session import current, say
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
    if form == "json":
        print_json([{**figure.to_dict(), "value": plain(figure.value)} for figure in found])
        return FINE
    if not found:
        note(say("no period is over yet", "尚无已结束的考核期"))
        return FINE
    table = Table(
        say("figure", "指标"),
        say("period", "考核期"),
        say("group", "分组"),
        say("items", "对象数"),
        say("value", "指标值"),
        say("goal", "目标"),
        say("in a row", "连续期数"),
    )
    words = {True: say("met", "达标"), False: say("missed", "未达标"), None: ""}
    for one in found:
        label = kpis[one.kpi].label
        named = label.text(current().lang) if label is not None else one.kpi
        row = one.meets if one.met else one.misses
        table.add(
            named,
            f"{one.since} – {one.until}",
            one.group,
            one.items,
            plain(one.value),
            words[one.met],
            row if one.met is not None else None,
        )
    table.show()
    return FINE
