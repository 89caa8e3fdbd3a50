"""`gap`: a table that answers nothing for some values, although it has no default."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.spaces import shown, space_of
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import HitPolicy, Program, Table

__all__ = ["check_gaps"]

GAP = Message.of(
    "gap",
    Severity.WARNING,
    "`{name}` answers nothing for {values}",
    "`{name}` 对 {values} 没有结果",
    "add a row for it, or a `default` (`default: null` where nothing is meant)",
    "补充一行，或填写 `default`（确实没有结果时写 `default: null`）",
)
_SINGLE = (HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY)


def check_gaps(program: Program) -> Iterator[Diagnostic]:
    """Every table with a hole; tables that collect may well find nothing."""
    for name, decision in program.decisions.items():
        table = decision.body
        if not isinstance(table, Table) or table.hit_policy not in _SINGLE or table.has_default or not table.rows:
            continue
        space = space_of(table)
        values = space.find(0, space.rows) if space is not None else None
        if values is not None:
            yield GAP.at(decision.span, name=name, values=shown(values))
