"""`relflow case allowed`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.case.desk import Desk, acting, at_desk
from relflow.cli.failures import FINE
from relflow.cli.screen import Table, print_json
from relflow.cli.session import current, say
from relflow.cli.words import argument
from relflow.cli.words import command as make
from relflow.text import join

if TYPE_CHECKING:
    from relflow.results import Actor

__all__ = ["command"]


@make(
    "allowed",
    en="List what may happen next, and why the rest may not.",
    zh="列出可进行的操作，以及不可进行的原因。",
)
@argument("case", en="The case's id.", zh="工单编号。")
@acting
@options.format_option("text", "json")
@at_desk
def command(desk: Desk, case: str, actor: Actor, form: str) -> int:
    """Print one line an event."""
    lang = current().lang
    rows = [
        {
            "event": found.event,
            "needs": [need.id for need in found.needs if need.required],
            "refused": found.refused.text(lang) if found.refused else None,
        }
        for found in desk.engine.allowed(case, actor)
    ]
    if form == "json":
        print_json(rows)
        return FINE
    table = Table(say("event", "事件"), say("may it", "可否"), say("needs", "需要的数据"))
    for row in rows:
        table.add(
            row["event"], row["refused"] or say("yes", "可以"), join([str(need) for need in row["needs"] or ()], lang)
        )
    table.show()
    return FINE
