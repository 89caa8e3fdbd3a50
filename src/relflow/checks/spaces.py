"""The space of values that a table looks at: for each column the values that its cells tell apart, with their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from relflow.feel.tree import Call
from relflow.feel.types import BOOLEAN, NumberType, StringType, Type
from relflow.program import Code, ColumnIndex, Table
from relflow.structs import dataclass
from relflow.values import YearsMonthsDuration, to_text

__all__ = ["Axis", "Space", "TooManyError", "between", "segments", "shown", "space_of"]

_COUNTS = frozenset({"count", "string length"})
BUDGET = 100_000
"""Combinations that are looked at before a question is left unanswered."""


class TooManyError(Exception):
    """There are more combinations than a check looks at."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One column: a value for each group of values that leave the same rows, and those rows."""

    name: str
    choices: tuple[tuple[Any, int], ...]


@dataclass(frozen=True, slots=True)
class Space:
    """All columns of a table whose cells are sets of values; `free[i]` are the rows without a test from column i on."""

    axes: tuple[Axis, ...]
    rows: int
    free: tuple[int, ...]

    def find(self, wanted: int, unwanted: int) -> dict[str, Any] | None:
        """Values for which each of the rows `wanted` matches and none of `unwanted`; None if there are none.

        Where there are too many combinations to tell, None as well: nothing is claimed that was not found.
        """
        search = _Search(self, wanted, unwanted)
        values = search.descend(0, self.rows)
        return None if values is None else {axis.name: value for axis, value in zip(self.axes, values, strict=True)}

    def corners(self, rows: int, possible: Callable[[int, int], bool], budget: int, cost: int = 1) -> Iterator[int]:
        """The rows that are left for each combination of values, once for each set; `possible` cuts branches off.

        It is asked with the number of columns that are settled and the rows that they leave. Each set of rows takes
        `cost` from the budget, each value tried on the way 1. Raises TooManyError where the budget does not do.
        """
        seen: set[tuple[int, int]] = set()
        waiting = [(0, rows)]
        while waiting:
            depth, left = waiting.pop()
            if not possible(depth, left):
                continue
            budget -= cost if depth == len(self.axes) else len(self.axes[depth].choices)
            if budget < 0:
                raise TooManyError
            if depth == len(self.axes):
                yield left
                continue
            following = {(depth + 1, left & leaves) for _, leaves in self.axes[depth].choices}
            waiting += following - seen
            seen |= following

    def excludes(self, wanted: int, unwanted: int, budget: int = BUDGET) -> bool:
        """Whether it is sure that there are no such values, after looking at `budget` combinations at most."""
        search = _Search(self, wanted, unwanted, budget)
        return search.descend(0, self.rows) is None and search.left > 0


class _Search:
    def __init__(self, space: Space, wanted: int, unwanted: int, budget: int = BUDGET) -> None:
        self.space = space
        self.wanted = wanted
        self.unwanted = unwanted
        self.seen: set[tuple[int, int]] = set()
        self.left = budget

    def descend(self, depth: int, rows: int) -> list[Any] | None:
        """The values from column `depth` on, given the rows that those before leave."""
        if self.wanted & ~rows or rows & self.unwanted & self.space.free[depth] or self.left <= 0:
            return None
        if depth == len(self.space.axes):
            return []
        key = (depth, rows & (self.wanted | self.unwanted))
        if key in self.seen:
            return None
        self.seen.add(key)
        for value, leaves in self.space.axes[depth].choices:
            self.left -= 1
            rest = self.descend(depth + 1, rows & leaves)
            if rest is not None:
                return [value, *rest]
        return None


def space_of(table: Table) -> Space | None:
    """The space of a table; None where a cell is no set of values, or two columns look at one thing."""
    axes = []
    for position, column in enumerate(table.columns):
        code = column.code
        if not isinstance(code, Code) or any(row.cells[position].complex for row in table.rows):
            return None
        axes.append(Axis(column.text, tuple(_choices(column.index, code))))
    names = [axis.name for axis in axes]
    reads = [name for column in table.columns if isinstance(column.code, Code) for name in column.code.reads]
    if len(set(names)) < len(names) or len(set(reads)) < len(reads):
        return None
    return Space(tuple(axes), (1 << len(table.rows)) - 1, _free(table))


def _free(table: Table) -> tuple[int, ...]:
    free = []
    for depth in range(len(table.columns) + 1):
        mask = 0
        for index, row in enumerate(table.rows):
            if all(cell.tests is None for cell in row.cells[depth:]):
                mask |= 1 << index
        free.append(mask)
    return tuple(free)


def _choices(index: ColumnIndex, code: Code) -> Iterator[tuple[Any, int]]:
    """One value for each set of rows that values of the column leave."""
    seen: set[int] = set()
    for value, rows in _values(index, code):
        if rows not in seen:
            seen.add(rows)
            yield value, rows


def _values(index: ColumnIndex, code: Code) -> Iterator[tuple[Any, int]]:
    type_ = code.type
    if type_ == BOOLEAN:
        yield from ((value, index.rows(value)) for value in (True, False))
    elif isinstance(type_, StringType) and type_.allowed is not None:
        yield from ((value, index.rows(value)) for value in type_.allowed)
    elif index.ordered and index.cuts:
        yield from segments(index, code)
    elif index.ordered:
        # no cell tells one value from another: any value stands for all of them
        yield _any_value(type_), index.masks[0]
    else:
        yield from index.names.items()
        yield OTHER, index.others


def _any_value(type_: Type) -> Any:
    if not isinstance(type_, NumberType):
        return OTHER
    return next((bound for bound in (type_.minimum, type_.maximum) if bound is not None), 0)


class Other:
    """Any text that the table does not name."""

    def __str__(self) -> str:
        return "…"


OTHER = Other()


def segments(index: ColumnIndex, code: Code, *, high: bool = False) -> Iterator[tuple[Any, int]]:
    """A value of each segment that the bounds leave, in order, with its rows; with `high` close to the next cut."""
    type_ = code.type
    least = type_.minimum if isinstance(type_, NumberType) else None
    most = type_.maximum if isinstance(type_, NumberType) else None
    whole = isinstance(code.tree, Call) and code.tree.function in _COUNTS
    least = 0 if whole and least is None else least
    for segment, rows in enumerate(index.masks):
        value = _in_segment(index.cuts, segment, least, most, high=high)
        if value is not None and not (whole and value != int(value)):
            yield value, rows


def _in_segment(cuts: tuple[Any, ...], segment: int, least: Any, most: Any, *, high: bool) -> Any:
    """A value of a segment within the bounds, None where there is none."""
    position, at = divmod(segment, 2)
    if at:
        value = cuts[position]
        return value if (least is None or value >= least) and (most is None or value <= most) else None
    before = cuts[position - 1] if position else None
    after = cuts[position] if position < len(cuts) else None
    if before is None and least is not None:
        return least if after is None or least < after else None
    if after is None and most is not None:
        return most if before is None or most > before else None
    value = between(before, after, high=high)
    inside = value is not None and (least is None or value >= least) and (most is None or value <= most)
    if inside or value is None:
        return value
    bound = least if least is not None and value < least else most
    return bound if (before is None or bound > before) and (after is None or bound < after) else None


def between(before: Any, after: Any, *, high: bool = False) -> Any:
    """A value strictly between two of its kind, either of which may be absent; with `high` close to the upper one."""
    known = before if before is not None else after
    if known is None:
        return None
    if isinstance(known, YearsMonthsDuration):
        months = between(before and before.months, after and after.months, high=high)
        return YearsMonthsDuration(months) if isinstance(months, int) else None
    step: Any = timedelta(days=1) if isinstance(known, date | timedelta) else 1
    if before is None:
        return after - step
    if after is None or after - before > step:
        return after - step if high and after is not None else before + step
    if isinstance(known, date):
        return None
    return before + (after - before) / 2 if isinstance(known, timedelta) else (Decimal(before) + Decimal(after)) / 2


def shown(values: dict[str, Any]) -> str:
    """Values as people read them: `annual_amount_cny = 49999999, years_active = 3`."""
    return ", ".join(f"{name} = {value if value is OTHER else to_text(value)}" for name, value in values.items())
