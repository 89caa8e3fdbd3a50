"""How key figures look on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from relflow.cli.plain import plain
from relflow.cli.screen import Table, print_json
from relflow.cli.session import current, say

if TYPE_CHECKING:
    from relflow.program import Kpi
    from relflow.results import Figure

__all__ = ["show_figures"]


def show_figures(kpis: Mapping[str, Kpi], figures: Sequence[Figure], form: str) -> None:
    """One line a figure, in the order given."""
    if form == "json":
        print_json([{**figure.to_dict(), "value": plain(figure.value)} for figure in figures])
        return
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
    for one in figures:
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
