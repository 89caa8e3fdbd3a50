"""`not-monotone`: a larger value that leads to a lower level, although larger ones are meant to lead higher.

That is a fall in a column whose every threshold points upward, or one that is made good further up. A raised threshold
easily opens such a hole when a catch-all row hides it: nobody is left without an answer, but between the old threshold
and the new one customers fall to the bottom.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise, product
from typing import Any

from relflow.checks.spaces import Axis, Space, segments, shown, space_of
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
    "检查第 {row} 行：其上缺少对应这些取值的行",
)
_BUDGET = 100_000


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
    column = table.columns[position]
    if not isinstance(column.code, Code):
        return
    order = table.outputs[0].order
    ranks = [order.index(row.outputs[0]) if row.outputs[0] in order else None for row in table.rows]
    values = list(segments(column.index, column.code, high=True))
    upward = _upward(table, position)
    others = [other for index, other in enumerate(space.axes) if index != position]
    for where, rows in _elsewhere(space, others, _BUDGET // max(len(values), 1)):
        fall = _first_fall(_levels(values, rows, ranks), upward=upward)
        if fall is not None:
            low, high = (values[place] for place in fall)
            before, after = (_row(leaves & rows) for _, leaves in (low, high))
            yield NOT_MONOTONE.at(
                table.rows[after].span,
                column=column.text,
                low=to_text(low[0]),
                high=to_text(high[0]),
                name=name,
                before=str(table.rows[before].outputs[0]),
                after=str(table.rows[after].outputs[0]),
                where=f" ({shown(where)})" if where else "",
                row=table.rows[after].number,
            )
            return


def _row(hit: int) -> int:
    """The first of some rows."""
    return (hit & -hit).bit_length() - 1


def _elsewhere(space: Space, others: list[Axis], most: int) -> Iterator[tuple[dict[str, Any], int]]:
    """Values of the other columns with the rows that they leave, once for each such set; at most so many are tried."""
    seen: set[int] = set()
    for chosen in islice(product(*(other.choices for other in others)), most):
        rows = space.rows
        for _, leaves in chosen:
            rows &= leaves
        if rows not in seen:
            seen.add(rows)
            yield {other.name: value for other, (value, _) in zip(others, chosen, strict=True)}, rows


def _levels(values: list[tuple[Any, int]], rows: int, ranks: list[int | None]) -> list[int | None]:
    """The rank of the level to which each value leads, 0 the highest; None where it leads nowhere."""
    hits = [rows & leaves for _, leaves in values]
    return [ranks[(hit & -hit).bit_length() - 1] if hit else None for hit in hits]


def _first_fall(levels: list[int | None], *, upward: bool) -> tuple[int, int] | None:
    """Two values, the larger one next to the smaller, with a lower level; made good further up unless `upward`."""
    known = [(rank, place) for place, rank in enumerate(levels) if rank is not None]
    for (before, low), (after, high) in pairwise(known):
        if after > before and (upward or any(rank < after for rank, place in known if place > high)):
            return low, high
    return None
