"""Equality, order and identity of values of every kind, standard classes and our own alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any, Final

from relflow.values import kinds
from relflow.values.decimals import exact_decimal, same_number
from relflow.values.gregorian import ordinal
from relflow.values.kinds import kind_of
from relflow.values.moments import (
    DateTime,
    Time,
    duration_nanoseconds,
    instant,
    nanosecond_of,
    seconds_of_day,
)
from relflow.values.ranges import Range
from relflow.values.zones import time_offset, zone_text

__all__ = ["compare", "equal", "identical"]

_DURATIONS: Final = frozenset({kinds.DAYS_DURATION, kinds.MONTHS_DURATION})
_PLAIN: Final = frozenset({kinds.STRING, kinds.BOOLEAN, kinds.NULL})


def equal(first: Any, second: Any) -> bool | None:
    """FEEL's `=`: true, false, or None where the two cannot be compared (DMN 1.5, table 53).

    Instants are compared, not their representations: noon in Paris equals 11:00Z. Times of day agree by hour, minute
    and second. Null equals null only. Values of different kinds, or a local and a zoned one, give None.
    """
    if first is None or second is None:
        return first is second
    kind, other = kind_of(first), kind_of(second)
    if kind != other:
        if kind in _DURATIONS and other in _DURATIONS:
            return not first and not second  # only the empty duration is of both kinds
        return None
    if kind in _PLAIN:
        return bool(first == second)
    if kind == kinds.NUMBER:
        return same_number(first, second)
    if kind == kinds.LIST:
        return _equal_lists(first, second)
    if kind == kinds.CONTEXT:
        return _equal_contexts(first, second)
    if kind == kinds.RANGE:
        return _equal_ranges(first, second)
    if kind == kinds.FUNCTION:
        return first is second
    order = compare(first, second)
    return None if order is None else order == 0


def _equal_lists(first: Sequence[Any], second: Sequence[Any]) -> bool | None:
    if len(first) != len(second):
        return False
    return _all(equal(a, b) for a, b in zip(first, second, strict=True))


def _equal_contexts(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool | None:
    if first.keys() != second.keys():
        return False
    return _all(equal(value, second[key]) for key, value in first.items())


def _equal_ranges(first: Range, second: Range) -> bool | None:
    if (first.start_included, first.end_included) != (second.start_included, second.end_included):
        return False
    return _all((equal(first.start, second.start), equal(first.end, second.end)))


def _all(answers: Any) -> bool | None:
    """Three-valued and: false wins, then unknown."""
    unknown = False
    for answer in answers:
        if answer is False:
            return False
        unknown = unknown or answer is None
    return None if unknown else True


def compare(first: Any, second: Any) -> int | None:
    """-1, 0 or 1 as `first` is less than, equal to or greater than `second`; None where there is no order.

    Only values of one kind have an order: numbers, texts by code points, dates, times, dates and times, durations.
    """
    kind = kind_of(first)
    if kind_of(second) != kind:
        return None
    if kind == kinds.WORKING_DURATION:
        order: int | None = first.compare(second)
        return order
    key = _KEYS.get(kind)
    if key is None:
        return None
    a, b = key(first), key(second)
    if a[0] != b[0]:
        return None
    return int(a[1] > b[1]) - int(a[1] < b[1])


def _date_key(value: Any) -> tuple[bool, int]:
    return True, ordinal(value.year, value.month, value.day)


def _time_key(value: Time) -> tuple[bool, int]:
    offset = time_offset(value.tzinfo)
    return offset is None, seconds_of_day(value) - (offset or 0)


def _datetime_key(value: DateTime) -> tuple[bool, int]:
    return value.tzinfo is None, instant(value)


_KEYS: Final[dict[str, Any]] = {
    kinds.NUMBER: lambda value: (True, exact_decimal(value)),
    kinds.STRING: lambda value: (True, value),
    kinds.DATE: _date_key,
    kinds.TIME: _time_key,
    kinds.DATE_TIME: _datetime_key,
    kinds.DAYS_DURATION: lambda value: (True, duration_nanoseconds(value)),
    kinds.MONTHS_DURATION: lambda value: (True, value.months),
}


def identical(first: Any, second: Any) -> bool:
    """FEEL's `is()`: of the same kind and written the same way, zone and fraction included (DMN 1.5, table 82)."""
    kind = kind_of(first)
    if kind != kind_of(second):
        return False
    if kind == kinds.TIME:
        return _clock(first) == _clock(second)
    if kind == kinds.DATE_TIME:
        return (_date_key(first), _clock(first)) == (_date_key(second), _clock(second))
    if kind == kinds.LIST:
        return len(first) == len(second) and all(map(identical, first, second))
    if kind == kinds.CONTEXT:
        return first.keys() == second.keys() and all(identical(value, second[key]) for key, value in first.items())
    return equal(first, second) is True


def _clock(value: Time | DateTime) -> tuple[int, int, str]:
    zone: tzinfo | None = value.tzinfo
    return seconds_of_day(value), nanosecond_of(value), zone_text(zone)
