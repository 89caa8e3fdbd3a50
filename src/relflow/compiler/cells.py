"""Simple cells as regions: comparisons with literals, ranges, lists of literals, null, and `not` of these."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from relflow.feel import tree
from relflow.feel.tree import Node
from relflow.feel.types import NumberType, ScalarType, StringType, Type
from relflow.program import Interval, Region
from relflow.values import Range, YearsMonthsDuration

__all__ = ["Constants", "region_of"]

NOT_CONSTANT = object()
Constants = Callable[[Node], Any]
"""Gives the value of an expression that has the same value always, and `NOT_CONSTANT` for others."""


def region_of(node: Node, type_: Type, constant: Constants) -> Region | None:
    """The values that a cell over a column of that type accepts; None where it is no simple cell."""
    sort = _sort(type_)
    if sort is None:
        return None
    if isinstance(node, tree.Tests):
        return _union(node.tests, sort, constant)
    return _test(node, sort, constant)


def _sort(type_: Type) -> type | None:
    """The class of values of a column that has regions."""
    match type_:
        case NumberType():
            return Decimal
        case StringType():
            return str
        case ScalarType(name="boolean"):
            return bool
        case ScalarType(name="date"):
            return date
        case ScalarType(name="days and time duration"):
            return timedelta
        case ScalarType(name="years and months duration"):
            return YearsMonthsDuration
        case _:
            return None


def _union(tests: tuple[Node, ...], sort: type, constant: Constants) -> Region | None:
    found: Region | None = None
    for test in tests:
        region = _test(test, sort, constant)
        if region is None:
            return None
        found = region if found is None else found.union(region)
    return found


def _test(node: Node, sort: type, constant: Constants) -> Region | None:
    match node:
        case tree.Not():
            inner = _union(node.tests, sort, constant)
            return inner.complement() if inner is not None else None
        case tree.Test():
            value = _value(node.value, sort, constant)
            return None if value is NOT_CONSTANT else _compared(node.operator, value, sort)
        case tree.Range():
            return _range(node, sort, constant)
        case tree.Null():
            return _nothing(sort)
        case _:
            value = _value(node, sort, constant)
            return None if value is NOT_CONSTANT else _equal(value, sort)


def _value(node: Node, sort: type, constant: Constants) -> Any:
    """The constant, as regions hold it: whole numbers as int, others as Decimal; null and lists stay."""
    value = constant(node)
    if value is NOT_CONSTANT:
        return value
    if sort is Decimal and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return int(exact) if exact == exact.to_integral_value() and abs(exact.adjusted()) < 40 else exact
    return value


def _fits(value: Any, sort: type) -> bool:
    if sort is Decimal:
        return isinstance(value, int | Decimal) and not isinstance(value, bool)
    if sort is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    return value.__class__ is sort


def _nothing(sort: type) -> Region:
    """The cell `null`."""
    if sort in (str, bool):
        return Region.of_values((), null=True, plain=True)
    return Region.of_intervals((), null=True, plain=True)


def _equal(value: Any, sort: type) -> Region | None:
    if value is None:
        return _nothing(sort)
    if isinstance(value, list):
        found: Region | None = None
        for item in value:
            region = _equal(item, sort)
            if region is None:
                return None
            found = region if found is None else found.union(region)
        return found
    if isinstance(value, Range):
        return _interval(value.start, value.end, value.start_included, value.end_included, sort)
    if not _fits(value, sort):
        return None
    if sort in (str, bool):
        return Region.of_values((value,))
    return Region.of_intervals((Interval(value, value, True, True),), plain=False)


def _compared(operator: str, value: Any, sort: type) -> Region | None:
    if operator in ("=", "!="):
        region = _equal(value, sort) if not isinstance(value, list | Range) else None
        return region.complement() if region is not None and operator == "!=" else region
    if sort in (str, bool) or not _fits(value, sort):
        return None
    match operator:
        case "<":
            interval = Interval(None, value, False, False)
        case "<=":
            interval = Interval(None, value, False, True)
        case ">":
            interval = Interval(value, None, False, False)
        case _:
            interval = Interval(value, None, True, False)
    return Region.of_intervals((interval,))


def _range(node: tree.Range, sort: type, constant: Constants) -> Region | None:
    low = None if node.low is None else _value(node.low, sort, constant)
    high = None if node.high is None else _value(node.high, sort, constant)
    if low is NOT_CONSTANT or high is NOT_CONSTANT:
        return None
    if (node.low is not None and low is None) or (node.high is not None and high is None):
        return None
    return _interval(low, high, node.low_included, node.high_included, sort)


def _interval(low: Any, high: Any, low_in: bool, high_in: bool, sort: type) -> Region | None:
    if sort in (str, bool) or any(bound is not None and not _fits(bound, sort) for bound in (low, high)):
        return None
    return Region.of_intervals((Interval(low, high, low_in and low is not None, high_in and high is not None),))
