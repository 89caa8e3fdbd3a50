"""`+ - * / **` and the sign, over numbers, texts, dates, times and durations (DMN 1.5, 10.3.2.15, tables 54 to 57)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from relflow.errors import FactError
from relflow.values import decimals, kinds
from relflow.values.decimals import Number, exact_decimal
from relflow.values.durations import WorkingDuration
from relflow.values.gregorian import add_months, date_of, ordinal
from relflow.values.kinds import kind_of
from relflow.values.moments import (
    NANOSECONDS_PER_DAY,
    NANOSECONDS_PER_SECOND,
    Date,
    DateTime,
    DaysDuration,
    Time,
    at_instant,
    duration_nanoseconds,
    instant,
    make_date,
    make_datetime,
    make_duration,
    make_time,
    nanosecond_of,
    seconds_of_day,
)
from relflow.values.months import YearsMonthsDuration
from relflow.values.zones import time_offset

__all__ = ["LONGEST_TEXT", "add", "divide", "multiply", "negate", "power", "subtract"]

LONGEST_TEXT: Final = 1_000_000


def add(first: Any, second: Any) -> Any:
    """`first + second`; NotImplemented where these kinds have no sum.

    Raises ValueError or ArithmeticError where the sum is out of range.
    """
    return _apply(_SUMS, first, second)


def subtract(first: Any, second: Any) -> Any:
    """`first - second`; NotImplemented where these kinds have no difference.

    Raises ValueError where one has a zone and the other has none, or the difference is out of range.
    """
    return _apply(_DIFFERENCES, first, second)


def multiply(first: Any, second: Any) -> Any:
    """`first * second`; NotImplemented where these kinds have no product.

    Raises ValueError or ArithmeticError where the product is out of range.
    """
    return _apply(_PRODUCTS, first, second)


def divide(first: Any, second: Any) -> Any:
    """`first / second`; NotImplemented where these kinds have no quotient. Raises ZeroDivisionError by zero."""
    return _apply(_QUOTIENTS, first, second)


def power(first: Any, second: Any) -> Any:
    """`first ** second` of two numbers, else NotImplemented. Raises ArithmeticError where there is no real result."""
    return _apply(_POWERS, first, second)


def negate(value: Any) -> Any:
    """`-value` of a number or a duration, else NotImplemented."""
    kind = kind_of(value)
    if kind == kinds.NUMBER:
        return decimals.negate(value)
    if kind == kinds.DAYS_DURATION:
        return make_duration(-duration_nanoseconds(value))
    return -value if kind == kinds.MONTHS_DURATION else NotImplemented


_Operations = dict[tuple[str, str], Callable[[Any, Any], Any]]


def _apply(operations: _Operations, first: Any, second: Any) -> Any:
    operation = operations.get((kind_of(first), kind_of(second)))
    return NotImplemented if operation is None else operation(first, second)


def _swapped(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda first, second: operation(second, first)


def _join_texts(first: str, second: str) -> str:
    if len(first) + len(second) > LONGEST_TEXT:
        raise ValueError("text too long")
    return first + second


def _shift_datetime(value: DateTime, duration: DaysDuration) -> DateTime:
    return at_instant(instant(value) + duration_nanoseconds(duration), value.tzinfo)


def _shift_date(value: Date, duration: DaysDuration) -> Date:
    """The day that midnight of the date falls on, so much later."""
    days = duration_nanoseconds(duration) // NANOSECONDS_PER_DAY
    return make_date(*date_of(ordinal(value.year, value.month, value.day) + days))


def _shift_time(value: Time, duration: DaysDuration) -> Time:
    """The time that clocks show, whatever the day."""
    now = seconds_of_day(value) * NANOSECONDS_PER_SECOND + nanosecond_of(value)
    seconds, nanosecond = divmod((now + duration_nanoseconds(duration)) % NANOSECONDS_PER_DAY, NANOSECONDS_PER_SECOND)
    return make_time(seconds // 3600, seconds // 60 % 60, seconds % 60, nanosecond, value.tzinfo)


def _date_months(value: Date, duration: YearsMonthsDuration) -> Date:
    return make_date(*add_months(value.year, value.month, value.day, duration.months))


def _datetime_months(value: DateTime, duration: YearsMonthsDuration) -> DateTime:
    day = make_date(*add_months(value.year, value.month, value.day, duration.months))
    clock = make_time(value.hour, value.minute, value.second, nanosecond_of(value), value.tzinfo)
    return make_datetime(day, clock)


def _between_datetimes(first: DateTime, second: DateTime) -> DaysDuration:
    if (first.tzinfo is None) is not (second.tzinfo is None):
        raise ValueError("one has a time zone and the other has none")
    return make_duration(instant(first) - instant(second))


def _date_instant(value: Date) -> int:
    """A date beside a date and time is its midnight in UTC."""
    return ordinal(value.year, value.month, value.day) * NANOSECONDS_PER_DAY


def _between_dates(first: Date, second: Date) -> DaysDuration:
    return make_duration(_date_instant(first) - _date_instant(second))


def _since_date(first: DateTime, second: Date) -> DaysDuration:
    if first.tzinfo is None:
        raise ValueError("one has a time zone and the other has none")
    return make_duration(instant(first) - _date_instant(second))


def _between_times(first: Time, second: Time) -> DaysDuration:
    offsets = time_offset(first.tzinfo), time_offset(second.tzinfo)
    if (offsets[0] is None) is not (offsets[1] is None):
        raise ValueError("one has a time zone and the other has none")
    seconds = seconds_of_day(first) - (offsets[0] or 0) - seconds_of_day(second) + (offsets[1] or 0)
    return make_duration(seconds * NANOSECONDS_PER_SECOND + nanosecond_of(first) - nanosecond_of(second))


def _sum_durations(first: DaysDuration, second: DaysDuration) -> DaysDuration:
    return make_duration(duration_nanoseconds(first) + duration_nanoseconds(second))


def _scaled(duration: DaysDuration, factor: Number) -> DaysDuration:
    nanoseconds = duration_nanoseconds(duration)
    if isinstance(factor, int):
        return make_duration(nanoseconds * factor)
    return make_duration(_nearest(decimals.CONTEXT.multiply(Decimal(nanoseconds), exact_decimal(factor))))


def _divided(duration: DaysDuration, divisor: Number) -> DaysDuration:
    if not divisor:
        raise ZeroDivisionError("division by zero")
    quotient = decimals.CONTEXT.divide(Decimal(duration_nanoseconds(duration)), exact_decimal(divisor))
    return make_duration(_nearest(quotient))


def _working_times(duration: WorkingDuration, factor: Number) -> WorkingDuration:
    try:
        return duration.times(factor)
    except FactError as error:
        raise ValueError("working time cannot be multiplied by this number") from error


def _nearest(nanoseconds: Decimal) -> int:
    return int(nanoseconds.to_integral_value(ROUND_HALF_EVEN))


def _ratio(first: DaysDuration, second: DaysDuration) -> Number:
    return _quotient(duration_nanoseconds(first), duration_nanoseconds(second))


def _months_ratio(first: YearsMonthsDuration, second: YearsMonthsDuration) -> Number:
    return _quotient(first.months, second.months)


def _quotient(first: int, second: int) -> Number:
    if second and first % second == 0:
        return first // second
    return decimals.divide(first, second)


_NUMBERS = (kinds.NUMBER, kinds.NUMBER)
_SUMS: _Operations = {
    _NUMBERS: decimals.add,
    (kinds.STRING, kinds.STRING): _join_texts,
    (kinds.DATE_TIME, kinds.DAYS_DURATION): _shift_datetime,
    (kinds.DATE, kinds.DAYS_DURATION): _shift_date,
    (kinds.TIME, kinds.DAYS_DURATION): _shift_time,
    (kinds.DATE_TIME, kinds.MONTHS_DURATION): _datetime_months,
    (kinds.DATE, kinds.MONTHS_DURATION): _date_months,
    (kinds.DAYS_DURATION, kinds.DAYS_DURATION): _sum_durations,
    (kinds.MONTHS_DURATION, kinds.MONTHS_DURATION): lambda first, second: first + second,
}
_SUMS |= {
    (second, first): _swapped(operation) for (first, second), operation in tuple(_SUMS.items()) if first != second
}
_DIFFERENCES: _Operations = {
    _NUMBERS: decimals.subtract,
    (kinds.DATE_TIME, kinds.DATE_TIME): _between_datetimes,
    (kinds.DATE, kinds.DATE): _between_dates,
    (kinds.DATE_TIME, kinds.DATE): _since_date,
    (kinds.DATE, kinds.DATE_TIME): lambda first, second: negate(_since_date(second, first)),
    (kinds.TIME, kinds.TIME): _between_times,
    **{
        (kind, duration): lambda first, second: add(first, negate(second))
        for kind in (kinds.DATE_TIME, kinds.DATE, kinds.TIME)
        for duration in (kinds.DAYS_DURATION, kinds.MONTHS_DURATION)
        if (kind, duration) != (kinds.TIME, kinds.MONTHS_DURATION)
    },
    (kinds.DAYS_DURATION, kinds.DAYS_DURATION): lambda first, second: _sum_durations(first, negate(second)),
    (kinds.MONTHS_DURATION, kinds.MONTHS_DURATION): lambda first, second: first - second,
}
_PRODUCTS: _Operations = {
    _NUMBERS: decimals.multiply,
    (kinds.DAYS_DURATION, kinds.NUMBER): _scaled,
    (kinds.NUMBER, kinds.DAYS_DURATION): _swapped(_scaled),
    (kinds.MONTHS_DURATION, kinds.NUMBER): lambda first, second: first * second,
    (kinds.NUMBER, kinds.MONTHS_DURATION): lambda first, second: second * first,
    (kinds.WORKING_DURATION, kinds.NUMBER): _working_times,
    (kinds.NUMBER, kinds.WORKING_DURATION): _swapped(_working_times),
}
_QUOTIENTS: _Operations = {
    _NUMBERS: decimals.divide,
    (kinds.DAYS_DURATION, kinds.NUMBER): _divided,
    (kinds.MONTHS_DURATION, kinds.NUMBER): lambda first, second: first / second,
    (kinds.DAYS_DURATION, kinds.DAYS_DURATION): _ratio,
    (kinds.MONTHS_DURATION, kinds.MONTHS_DURATION): _months_ratio,
}
_POWERS: _Operations = {_NUMBERS: decimals.power}
