"""What `relflow test --coverage` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relflow.cli.screen import Table, data, note
from relflow.cli.session import current, say

if TYPE_CHECKING:
    from relflow.review import Coverage

__all__ = ["enough", "show_coverage"]


def show_coverage(coverage: Coverage) -> None:
    """The share that is reached, kind by kind, then what no test reaches with its place."""
    from relflow.review.coverage import KINDS

    lang = current().lang
    counts = {"reached": coverage.reached, "all": len(coverage.goals), "percent": coverage.percent}
    data(say("coverage {percent}%: {reached} of {all}", "覆盖率 {percent}%：{reached}/{all}", **counts))
    table = Table("", "", right=(1,))
    for kind, (reached, of) in coverage.counts().items():
        table.add(KINDS[kind].text(lang), say("{a} of {b}", "{a}/{b}", a=reached, b=of))
    table.show("  ")
    for goal in coverage.missed:
        data(f"{goal.place}: {goal.text(lang)}")


def enough(coverage: Coverage, least: float | None) -> bool:
    """Whether the coverage is at least so many percent; says so where it is not."""
    if least is None or float(coverage.percent) >= least:
        return True
    en, zh = "coverage is {percent}%, {least}% is asked for", "覆盖率为 {percent}%，低于要求的 {least}%"
    note(say(en, zh, percent=coverage.percent, least=f"{least:g}"))
    return False
