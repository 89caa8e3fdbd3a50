"""`not-monotone`: a larger value that leads to a lower level, although larger ones are meant to lead higher.

That is a fall in a column whose every threshold points upward, or one that is made good further up. A raised threshold
easily opens such a hole when a catch-all row hides it: nobody is left without an answer, but between the old threshold
and the new one customers fall to the bottom.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from math import prod
from typing import Any, NamedTuple

from relflow.checks.spaces import Space, segments, shown, space_of
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Code, HitPolicy, Program, Table
from relflow.values import to_text

__all__ = ["check_monotone"]

NOT_MONOTONE = Message.of(
    "not-monotone",
    Severity.WARNING,
    "`{column}` from {low} to {high} lowers `{name}` from {before} to {after}{where}",
    "`{column}` 从 {low} 升到 {high} 时，`{name}` 反而从 {before} 降为 {after}{where}",
    "look at row {row}: a row for these values is missing above it",
    "请检查第 {row} 行：其上缺少对应这些取值的行",
)
_COMBINATIONS = 3_000


def check_monotone(program: Program) -> Iterator[Diagnostic]:
    """First-hit tables whose single output has an order; one finding for each column."""
    for name, decision in program.decisions.items():
        table = decision.body
        if not isinstance(table, Table) or table.hit_policy is not HitPolicy.FIRST or len(table.outputs) != 1:
            continue
        space = space_of(table) if table.outputs[0].order else None
        if space is None or any(row.computed for row in table.rows):
            continue
        for position in range(len(table.columns)):
            if _thresholds(table, position):
                yield from _falls(name, table, space, position)


def _thresholds(table: Table, position: int) -> bool:
    """Whether the cells of a column are ranges, or `-`."""
    cells = [row.cells[position] for row in table.rows if row.cells[position].tests is not None]
    return bool(cells) and all(
        cell.region is not None and cell.region.ordered and cell.region.null is None for cell in cells
    )


def _upward(table: Table, position: int) -> bool:
    """Whether each cell of a column asks for so much or more, or for nothing."""
    regions = [row.cells[position].region for row in table.rows]
    return all(
        len(region.intervals) == 1 and region.intervals[0].low is not None and region.intervals[0].high is None
        for region in regions
        if region is not None
    )


def _falls(name: str, table: Table, space: Space, position: int) -> Iterator[Diagnostic]:
    others = [other for index, other in enumerate(space.axes) if index != position]
    if prod(len(other.choices) for other in others) > _COMBINATIONS:
        return
    column = table.columns[position]
    if not isinstance(column.code, Code):
        return
    values = list(segments(column.index, column.code, high=True))
    upward = _upward(table, position)
    order = table.outputs[0].order
    for chosen in product(*(other.choices for other in others)):
        rows = space.rows
        for _, leaves in chosen:
            rows &= leaves
        fall = _first_fall(_levels(table, values, rows, order), upward=upward)
        if fall is None:
            continue
        before, after = fall
        where = {other.name: value for other, (value, _) in zip(others, chosen, strict=True)}
        yield NOT_MONOTONE.at(
            table.rows[after.row].span,
            column=column.text,
            low=to_text(before.value),
            high=to_text(after.value),
            name=name,
            before=str(order[before.rank]),
            after=str(order[after.rank]),
            where=f" ({shown(where)})" if where else "",
            row=table.rows[after.row].number,
        )
        return


class _Level(NamedTuple):
    """What a value leads to: the rank of the level, 0 the highest, and the row."""

    value: Any
    rank: int
    row: int


def _levels(table: Table, values: list[tuple[Any, int]], rows: int, order: tuple[Any, ...]) -> list[_Level]:
    """What the values lead to; those that lead nowhere are left out."""
    found = []
    for value, leaves in values:
        hit = rows & leaves
        row = (hit & -hit).bit_length() - 1
        if hit and table.rows[row].outputs[0] in order:
            found.append(_Level(value, order.index(table.rows[row].outputs[0]), row))
    return found


def _first_fall(levels: list[_Level], *, upward: bool) -> tuple[_Level, _Level] | None:
    """Two neighbouring values of which the larger one gets the lower level; made good further up unless `upward`."""
    for place, (before, after) in enumerate(pairwise(levels)):
        if after.rank > before.rank and (upward or any(later.rank < after.rank for later in levels[place + 2 :])):
            return before, after
    return None
