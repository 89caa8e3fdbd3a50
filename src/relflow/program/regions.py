"""Simple table cells as sets of values: intervals of an ordered kind, or texts and booleans, and what null gives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from relflow.structs import dataclass

__all__ = ["Interval", "Region"]

Null = bool | None


@dataclass(frozen=True, slots=True)
class Interval:
    """The values from `low` to `high`; None means that there is no bound on that side."""

    low: Any = None
    high: Any = None
    low_in: bool = False
    high_in: bool = False

    def __contains__(self, value: Any) -> bool:
        if self.low is not None and not (value >= self.low if self.low_in else value > self.low):
            return False
        return self.high is None or bool(value <= self.high if self.high_in else value < self.high)

    @property
    def empty(self) -> bool:
        """Whether nothing lies in it."""
        if self.low is None or self.high is None:
            return False
        return bool(self.low > self.high or (self.low == self.high and not (self.low_in and self.high_in)))


@dataclass(frozen=True, slots=True)
class Region:
    """The values that a cell accepts.

    A region is over an ordered kind (`intervals`) or over names (`values`, all but them if `negated`). `null` is what
    the cell answers for a missing value: None where that leaves it open. `plain` is FEEL's own answer for null, which
    differs: `"x"` is false and `not("x")` true.
    """

    ordered: bool
    intervals: tuple[Interval, ...] = ()
    values: frozenset[Any] = frozenset()
    negated: bool = False
    null: bool | None = None
    plain: bool | None = None

    @classmethod
    def of_intervals(cls, intervals: Iterable[Interval], null: Null = None, plain: Null = None) -> Region:
        """The union of intervals, merged and in order."""
        return cls(True, _merged([interval for interval in intervals if not interval.empty]), null=null, plain=plain)

    @classmethod
    def of_values(cls, values: Iterable[Any], null: Null = None, plain: Null = False) -> Region:
        """Some texts or booleans."""
        return cls(False, values=frozenset(values), null=null, plain=plain)

    def accepts(self, value: Any) -> bool | None:
        """What the cell answers for a value of its kind."""
        if value is None:
            return self.null
        if self.ordered:
            return any(value in interval for interval in self.intervals)
        return (value in self.values) is not self.negated

    def union(self, other: Region) -> Region:
        """What either accepts; the two are of one sort."""
        null, plain = _either(self.null, other.null), _either(self.plain, other.plain)
        if self.ordered:
            return Region.of_intervals(self.intervals + other.intervals, null, plain)
        match self.negated, other.negated:
            case False, False:
                return Region(False, values=self.values | other.values, null=null, plain=plain)
            case True, True:
                return Region(False, values=self.values & other.values, negated=True, null=null, plain=plain)
            case True, False:
                return Region(False, values=self.values - other.values, negated=True, null=null, plain=plain)
            case _:
                return Region(False, values=other.values - self.values, negated=True, null=null, plain=plain)

    def complement(self) -> Region:
        """What it does not accept; what null leaves open stays open."""
        null, plain = _opposite(self.null), _opposite(self.plain)
        if not self.ordered:
            return Region(False, values=self.values, negated=not self.negated, null=null, plain=plain)
        return Region.of_intervals(_gaps(self.intervals), null, plain)

    def meets(self, other: Region) -> bool:
        """Whether some value (null left aside) is accepted by both; for names any text counts as a possible value."""
        if self.ordered:
            return any(not _common(a, b).empty for a in self.intervals for b in other.intervals)
        if self.negated and other.negated:
            return True
        if self.negated or other.negated:
            few, but = (other, self) if self.negated else (self, other)
            return bool(few.values - but.values)
        return bool(self.values & other.values)


def _either(first: Null, second: Null) -> Null:
    """Three-valued or."""
    if first or second:
        return True
    return None if first is None or second is None else False


def _opposite(value: Null) -> Null:
    return None if value is None else not value


def _key(interval: Interval) -> Any:
    return interval.low


def _merged(intervals: list[Interval]) -> tuple[Interval, ...]:
    """The same set as disjoint intervals in order."""
    unbounded = [interval for interval in intervals if interval.low is None]
    bounded = sorted((interval for interval in intervals if interval.low is not None), key=_key)
    merged: list[Interval] = []
    for interval in unbounded + bounded:
        if merged and _touches(merged[-1], interval):
            merged[-1] = _hull(merged[-1], interval)
        else:
            merged.append(interval)
    return tuple(merged)


def _touches(first: Interval, second: Interval) -> bool:
    """Whether `second`, which starts no earlier, begins within or right behind `first`."""
    if first.high is None or second.low is None:
        return True
    return bool(second.low < first.high or (second.low == first.high and (first.high_in or second.low_in)))


def _hull(first: Interval, second: Interval) -> Interval:
    low_in = first.low_in or (first.low == second.low and second.low_in)
    if first.high is None or second.high is None:
        return Interval(first.low, None, low_in, False)
    if first.high == second.high:
        return Interval(first.low, first.high, low_in, first.high_in or second.high_in)
    later = max(first, second, key=lambda interval: interval.high)
    return Interval(first.low, later.high, low_in, later.high_in)


def _gaps(intervals: tuple[Interval, ...]) -> list[Interval]:
    """What lies between disjoint intervals in order."""
    gaps: list[Interval] = []
    low, low_in = None, False
    for interval in intervals:
        if interval.low is not None:
            gaps.append(Interval(low, interval.low, low_in, not interval.low_in))
        if interval.high is None:
            return gaps
        low, low_in = interval.high, not interval.high_in
    return [*gaps, Interval(low, None, low_in, False)]


def _common(first: Interval, second: Interval) -> Interval:
    low, low_in = first.low, first.low_in
    if low is None or (second.low is not None and second.low > low):
        low, low_in = second.low, second.low_in
    elif second.low == low:
        low_in = low_in and second.low_in
    high, high_in = first.high, first.high_in
    if high is None or (second.high is not None and second.high < high):
        high, high_in = second.high, second.high_in
    elif second.high == high:
        high_in = high_in and second.high_in
    return Interval(low, high, low_in, high_in)
