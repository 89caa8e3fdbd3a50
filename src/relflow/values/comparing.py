"""Equality, order and identity of values of every kind, standard classes and our own alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta, tzinfo
from operator import attrgetter
from typing import Any, Final

from relflow.values import kinds
from relflow.values.decimals import exact_decimal, same_number
from relflow.values.effort import Effort, TooMuchError
from relflow.values.gregorian import ordinal
from relflow.values.kinds import kind_of
from relflow.values.moments import (
    DateTime,
    Time,
    duration_nanoseconds,
    instant,
    local_nanoseconds,
    nanosecond_of,
    seconds_of_day,
)
from relflow.values.zones import time_offset, zone_text

__all__ = ["compare", "equal", "identical"]

# classes whose own operators are those of the expression language
_NATIVE: Final = frozenset({int, str, date, timedelta})
_PLAIN: Final = frozenset({kinds.STRING, kinds.BOOLEAN, kinds.NULL})
_DIFFERENT: Final = ((False, True),)


def equal(first: Any, second: Any, effort: Effort | None = None) -> bool | None:
    """FEEL's `=`: true, false, or None where the two cannot be compared (DMN 1.5, table 53).

    Instants are compared, not their representations: noon in Paris equals 11:00Z. Times of day agree by hour, minute
    and second. Where one has no zone, it is taken to be in the other's. Null equals null only. Values of different
    kinds give None, and so do values too large to walk through; with an `effort` of the caller's, shared by several
    comparisons, these raise TooMuchError.
    """
    if first.__class__ is second.__class__ and first.__class__ in _NATIVE:
        return bool(first == second)
    if effort is not None:
        return _equal(first, second, effort, 0)
    try:
        return _equal(first, second, Effort(), 0)
    except TooMuchError:
        return None


def _equal(first: Any, second: Any, effort: Effort, level: int) -> bool | None:
    effort.spend(level)
    if first is None or second is None:
        return first is second
    kind = kind_of(first)
    if kind != kind_of(second):
        return None
    if kind in _PLAIN:
        return bool(first == second)
    if kind == kinds.NUMBER:
        return same_number(first, second)
    pairs = _parts(kind, first, second)
    if pairs is None:
        order = compare(first, second)
        return first is second if kind == kinds.FUNCTION else None if order is None else order == 0
    # false wins, then unknown
    answer: bool | None = True
    for a, b in pairs:
        same = _equal(a, b, effort, level + 1)
        if same is False:
            return False
        answer = answer and same
    return answer


def _parts(kind: str, first: Any, second: Any) -> Iterable[tuple[Any, Any]] | None:
    """What has to be equal in two lists, contexts or ranges; None for every other kind."""
    if kind == kinds.LIST:
        return zip(first, second, strict=True) if len(first) == len(second) else _DIFFERENT
    if kind == kinds.CONTEXT:
        return ((first[key], second[key]) for key in first) if first.keys() == second.keys() else _DIFFERENT
    if kind == kinds.RANGE:
        included = first.start_included == second.start_included and first.end_included == second.end_included
        return ((first.start, second.start), (first.end, second.end)) if included else _DIFFERENT
    return None


def compare(first: Any, second: Any) -> int | None:
    """-1, 0 or 1 as `first` is less than, equal to or greater than `second`; None where there is no order.

    Only values of one kind have an order: numbers, texts by code points, dates, times, dates and times, durations.
    A local time or date and time is taken to be in the zone of the other (DMN 1.5, table 54).
    """
    if first.__class__ is second.__class__ and first.__class__ in _NATIVE:
        return int(first > second) - int(first < second)
    kind = kind_of(first)
    if kind_of(second) != kind:
        return None
    if kind == kinds.WORKING_DURATION:
        order: int | None = first.compare(second)
        return order
    key = _KEYS.get(kind)
    if key is None:
        return None
    local = kind in _ZONED and (first.tzinfo is None or second.tzinfo is None)
    a, b = (_WALL[kind](first), _WALL[kind](second)) if local else (key(first), key(second))
    return int(a > b) - int(a < b)


def _day(value: Any) -> int:
    return ordinal(value.year, value.month, value.day)


def _second_in_utc(value: Time) -> int:
    return seconds_of_day(value) - (time_offset(value.tzinfo) or 0)


_ZONED: Final = frozenset({kinds.TIME, kinds.DATE_TIME})
# as the clock on the wall shows them: in one zone, whichever it is
_WALL: Final[dict[str, Callable[[Any], int]]] = {kinds.TIME: seconds_of_day, kinds.DATE_TIME: local_nanoseconds}
_KEYS: Final[dict[str, Callable[[Any], Any]]] = {
    kinds.NUMBER: exact_decimal,
    kinds.STRING: str,
    kinds.DATE: _day,
    kinds.TIME: _second_in_utc,
    kinds.DATE_TIME: instant,
    kinds.DAYS_DURATION: duration_nanoseconds,
    kinds.MONTHS_DURATION: attrgetter("months"),
}


def identical(first: Any, second: Any, effort: Effort | None = None) -> bool:
    """FEEL's `is()`: of the same kind and written the same way, zone and fraction included (DMN 1.5, table 77).

    Raises TooMuchError, a ValueError, for values too large to walk through with this `effort`.
    """
    return _identical(first, second, effort or Effort(), 0)


def _identical(first: Any, second: Any, effort: Effort, level: int) -> bool:
    effort.spend(level)
    kind = kind_of(first)
    if kind != kind_of(second):
        return False
    if kind == kinds.TIME:
        return _clock(first) == _clock(second)
    if kind == kinds.DATE_TIME:
        return (_day(first), _clock(first)) == (_day(second), _clock(second))
    pairs = _parts(kind, first, second)
    if pairs is None:
        return equal(first, second) is True
    return all(_identical(a, b, effort, level + 1) for a, b in pairs)


def _clock(value: Time | DateTime) -> tuple[int, int, str]:
    zone: tzinfo | None = value.tzinfo
    return seconds_of_day(value), nanosecond_of(value), zone_text(zone)
