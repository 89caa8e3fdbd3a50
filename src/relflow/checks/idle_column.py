"""`idle-column`: a column of a table that decides nothing: whatever stands there, the answer is the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from relflow.checks.answers import replaces
from relflow.checks.spaces import Space, TooManyError, space_of
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import HitPolicy, Program, Table

__all__ = ["check_idle_columns"]

IDLE = Message.of(
    "idle-column",
    Severity.WARNING,
    "the column `{column}` of `{name}` decides nothing: the answer is the same whatever it says",
    "`{name}` 的列 `{column}` 不起作用：无论取什么值，结果都一样",
    "fill in the conditions that are meant, or remove the column",
    "填写应有的条件，或删除该列",
)
_SINGLE = (HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.ANY)
_BUDGET = 40_000


def check_idle_columns(program: Program) -> Iterator[Diagnostic]:
    """Columns of decisions and contact plans in which every cell is `-`; of decisions also those that change nothing.

    A table needs a column even where it says the same about everybody: it is looked at if some other column decides.
    """
    tables = [(name, decision.body) for name, decision in program.decisions.items()]
    tables += [(name, cadence.table) for name, cadence in program.cadences.items()]
    for name, table in tables:
        if isinstance(table, Table):
            busy = [position for position in range(len(table.columns)) if not _says_nothing(table, position)]
            for position in _idle(table, busy, decides=name in program.decisions):
                column = table.columns[position]
                yield IDLE.at(column.code.fragment.span, column=column.text, name=name)


def _idle(table: Table, busy: list[int], *, decides: bool) -> Iterator[int]:
    """The columns that decide nothing beside those that do."""
    if busy:
        yield from (position for position in range(len(table.columns)) if position not in busy)
    comparable = decides and table.hit_policy in _SINGLE and not any(row.computed for row in table.rows)
    space = space_of(table) if comparable and len(busy) > 1 else None
    if space is not None:
        yield from (position for position in busy if _changes_nothing(table, space, position))


def _says_nothing(table: Table, position: int) -> bool:
    return all(row.cells[position].tests is None for row in table.rows)


def _changes_nothing(table: Table, space: Space, position: int) -> bool:
    """Whether for all values of the other columns every value of this one leads to the same answer."""
    regions = [row.cells[position].region for row in table.rows]
    if any(region is not None and region.null is not None for region in regions):
        return False
    choices = [leaves for _, leaves in space.axes[position].choices]
    others = replace(space, axes=(*space.axes[:position], *space.axes[position + 1 :]))
    try:
        return all(
            _agree(table, [left & leaves for leaves in choices])
            for left in others.corners(space.rows, lambda _depth, _rows: True, _BUDGET, len(choices))
        )
    except TooManyError:
        return False


def _agree(table: Table, hits: list[int]) -> bool:
    """Whether the rows that answer, one for each value of the column, say the same for the same reasons."""
    rows = [(hit & -hit).bit_length() - 1 for hit in hits]
    if min(rows) < 0 or (table.hit_policy is HitPolicy.UNIQUE and any(hit & hit - 1 for hit in hits)):
        return max(rows) < 0
    first = table.rows[rows[0]]
    return all(replaces(table, replace(first, id=None), table.rows[row]) for row in rows)
