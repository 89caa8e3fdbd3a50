"""`relflow case ledger`."""

from __future__ import annotations

from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.failures import FINE
from relflow.cli.screen import data
from relflow.cli.session import Problem, current, say
from relflow.cli.words import argument
from relflow.cli.words import command as make
from relflow.text import join

__all__ = ["command"]


@make(
    "ledger",
    en="Show how a case's clocks came to when they are due: what counted, and what did not.",
    zh="说明工单各项时限的到期时间如何得出：哪些时间计入，哪些不计。",
)
@argument("case", en="The case's id.", zh="工单编号。")
@argument("clock", required=False, en="Only this clock.", zh="只看此计时。")
@at_desk
def command(desk: Desk, case: str, clock: str | None) -> int:
    """Print clock by clock."""
    found = desk.engine.case(case)
    declared = desk.definition(found).clocks
    names = [name for name in found.clocks if name in declared and not declared[name].hidden]
    if clock is not None and clock not in names:
        known = join(names, current().lang)
        raise Problem(
            say(
                "the case has no clock `{name}` ({known})",
                "工单没有计时 `{name}`（现有：{known}）",
                name=clock,
                known=known,
            )
        )
    for name in names if clock is None else [clock]:
        account = desk.engine.ledger(case, name)
        if account is not None:
            data(account.text(current().lang))
    return FINE
