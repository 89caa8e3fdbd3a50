"""Which rows of a table a value leaves possible: one int as a bit mask per column and segment of values."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from relflow.program.regions import Interval, Region
from relflow.structs import dataclass

__all__ = ["ColumnIndex"]


@dataclass(frozen=True, slots=True)
class ColumnIndex:
    """The rows whose cell in one column accepts a value; rows without a region there are always among them.

    An ordered column has `cuts`, ascending, and `2k + 1` masks: below the first cut, at it, between it and the next,
    and so on. A column of names has a mask for each name that occurs and one for `others`. `null` are the rows that
    accept a missing value, `open` those that it leaves open (or that accept it), `plain` those that accept null as
    FEEL has it.
    """

    ordered: bool
    cuts: tuple[Any, ...]
    masks: tuple[int, ...]
    names: Mapping[Any, int]
    others: int
    null: int
    open: int
    plain: int

    @classmethod
    def of(cls, regions: Sequence[Region | None]) -> ColumnIndex:
        """The index of a column; a row whose cell is `-` (or no simple cell) has None."""
        free = _mask(row for row, region in enumerate(regions) if region is None)
        known = [(row, region) for row, region in enumerate(regions) if region is not None]
        null = free | _mask(row for row, region in known if region.null)
        open_ = free | _mask(row for row, region in known if region.null is not False)
        plain = free | _mask(row for row, region in known if region.plain)
        if known and known[0][1].ordered:
            cuts = _cuts(region for _, region in known)
            return cls(True, cuts, _segments(cuts, known, free), {}, free, null, open_, plain)
        names, others = _names(known, free)
        return cls(False, (), (), names, others, null, open_, plain)

    def rows(self, value: Any) -> int:
        """The rows whose cell accepts `value`, which is not null; one of another kind none of the cells accepts."""
        try:
            return self._accepting(value)
        except TypeError:
            return self.others

    def _accepting(self, value: Any) -> int:
        if not self.ordered:
            return self.names.get(value, self.others)
        if isinstance(value, float):
            value = Decimal(repr(value))
        position = bisect_left(self.cuts, value)
        exact = position < len(self.cuts) and self.cuts[position] == value
        return self.masks[2 * position + exact]


def _mask(rows: Iterable[int]) -> int:
    mask = 0
    for row in rows:
        mask |= 1 << row
    return mask


def _cuts(regions: Iterable[Region]) -> tuple[Any, ...]:
    bounds: set[Any] = set()
    for region in regions:
        for interval in region.intervals:
            bounds.update(bound for bound in (interval.low, interval.high) if bound is not None)
    return tuple(sorted(bounds))


def _names(known: list[tuple[int, Region]], free: int) -> tuple[dict[Any, int], int]:
    """The mask of each name that occurs, and that of all others."""
    accepting: dict[Any, int] = {}
    refusing: dict[Any, int] = {}
    negated = 0
    for row, region in known:
        bit = 1 << row
        negated |= bit if region.negated else 0
        chosen = refusing if region.negated else accepting
        for value in region.values:
            chosen[value] = chosen.get(value, 0) | bit
    names = accepting.keys() | refusing.keys()
    masks = {name: free | accepting.get(name, 0) | (negated & ~refusing.get(name, 0)) for name in names}
    return masks, free | negated


def _segments(cuts: tuple[Any, ...], known: list[tuple[int, Region]], free: int) -> tuple[int, ...]:
    """The masks of all segments, in one sweep: a row comes in where an interval of it starts and leaves behind it."""
    place = {cut: position for position, cut in enumerate(cuts)}
    count = 2 * len(cuts) + 1
    coming, leaving = [0] * (count + 1), [0] * (count + 1)
    for row, region in known:
        for interval in region.intervals:
            first, last = _covered(interval, place)
            coming[first] |= 1 << row
            leaving[last + 1] |= 1 << row
    masks, current = [], free
    for segment in range(count):
        current = (current & ~leaving[segment]) | coming[segment]
        masks.append(current)
    return tuple(masks)


def _covered(interval: Interval, place: Mapping[Any, int]) -> tuple[int, int]:
    """The first and the last segment inside an interval."""
    first = 0 if interval.low is None else 2 * place[interval.low] + (1 if interval.low_in else 2)
    last = 2 * len(place) if interval.high is None else 2 * place[interval.high] + (1 if interval.high_in else 0)
    return first, last
