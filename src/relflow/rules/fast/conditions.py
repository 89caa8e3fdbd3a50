"""Conditions of simple cells as Python."""

from __future__ import annotations

from relflow.program import Interval, Region
from relflow.rules.fast.writer import Writer

__all__ = ["condition", "possible"]

NEVER = "False"
ALWAYS = "True"


def condition(writer: Writer, region: Region, name: str, *, nullable: bool) -> str:
    """Python that is true exactly where a value of the column's kind (or None, if `nullable`) is in the region."""
    inside, safe = _ordered(writer, region, name) if region.ordered else _named(writer, region, name)
    if not nullable:
        return inside
    if region.plain:
        return f"{name} is None" if inside == NEVER else f"({name} is None or {inside})"
    return inside if safe else f"({name} is not None and {inside})"


def possible(writer: Writer, region: Region, name: str) -> str:
    """Python that is true where a value is in the region, and where a missing one (None) may be."""
    inside, safe = _ordered(writer, region, name) if region.ordered else _named(writer, region, name)
    if region.null is False:
        return inside if safe else f"({name} is not None and {inside})"
    return f"{name} is None" if inside == NEVER else f"({name} is None or {inside})"


def _ordered(writer: Writer, region: Region, name: str) -> tuple[str, bool]:
    """The condition, and whether None makes it false by itself."""
    if not region.intervals:
        return NEVER, True
    parts = [_interval(writer, interval, name) for interval in region.intervals]
    safe = all(" == " in part for part in parts)
    return (parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"), safe


def _interval(writer: Writer, interval: Interval, name: str) -> str:
    low = None if interval.low is None else writer.constant(interval.low)
    high = None if interval.high is None else writer.constant(interval.high)
    if low is not None and interval.low == interval.high:
        return f"{name} == {low}"
    above = "<=" if interval.low_in else "<"
    below = "<=" if interval.high_in else "<"
    if low is not None and high is not None:
        return f"{low} {above} {name} {below} {high}"
    if low is not None:
        return f"{name} {'>=' if interval.low_in else '>'} {low}"
    if high is not None:
        return f"{name} {below} {high}"
    return ALWAYS


def _named(writer: Writer, region: Region, name: str) -> tuple[str, bool]:
    values = sorted(region.values, key=str)
    if not values:
        return (ALWAYS, False) if region.negated else (NEVER, True)
    if isinstance(values[0], bool):
        if len(values) == 2:
            return (NEVER, True) if region.negated else (f"({name} is True or {name} is False)", True)
        wanted = values[0] is not region.negated
        return f"{name} is {wanted}", True
    if len(values) == 1:
        return f"{name} {'!=' if region.negated else '=='} {writer.constant(values[0])}", not region.negated
    texts = ", ".join(writer.constant(value) for value in values)
    return f"{name} {'not in' if region.negated else 'in'} ({texts})", not region.negated
