"""The operators at run time, for values of any kind: three-valued, and null with a reason where nothing else fits.

Null operands pass through silently: whoever made the null has told why.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from relflow import values
from relflow.feel.nulls import fail, state
from relflow.feel.reasons import (
    BAD_LITERAL,
    BAD_RANGE,
    DIVISION_BY_ZERO,
    NOT_A_CONDITION,
    NOT_COMPARABLE,
    NOT_FINITE,
    NO_OPERATION,
    OUT_OF_RANGE,
    TOO_DEEP,
    kind_word_of,
)
from relflow.values import CONTEXT, Range

__all__ = [
    "add",
    "at_literal",
    "between",
    "conjunction",
    "contains",
    "disjunction",
    "divide",
    "equal",
    "greater",
    "less",
    "make_range",
    "member",
    "multiply",
    "negate",
    "negation",
    "not_equal",
    "not_greater",
    "not_less",
    "power",
    "subtract",
    "within",
]

Ternary = bool | None
_FLAT = frozenset({int, str})
_NUMBERS = frozenset({int, float, Decimal})
_FITS = 10**34


def equal(left: Any, right: Any) -> Ternary:
    """`=` (DMN 1.5, table 53)."""
    if left.__class__ is right.__class__ and left.__class__ in _FLAT:
        return bool(left == right)
    try:
        result = values.equal(left, right)
    except RecursionError:
        return fail(TOO_DEEP)
    except ValueError:
        return fail(NOT_FINITE)
    if result is None:
        _incomparable(left, right)
    return result


def not_equal(left: Any, right: Any) -> Ternary:
    """`!=`."""
    result = equal(left, right)
    return None if result is None else not result


def _incomparable(left: Any, right: Any) -> None:
    state(NOT_COMPARABLE, left=kind_word_of(left), right=kind_word_of(right))


def _order(left: Any, right: Any) -> int | None:
    if left is None or right is None:
        return None
    try:
        order = values.compare(left, right)
    except ValueError:  # a number inside a record of the host that is infinite or undefined
        return fail(NOT_FINITE)
    if order is None:
        _incomparable(left, right)
    return order


def less(left: Any, right: Any) -> Ternary:
    """`<` (DMN 1.5, table 54)."""
    if left.__class__ is right.__class__ and left.__class__ in _FLAT:
        return bool(left < right)
    order = _order(left, right)
    return None if order is None else order < 0


def not_greater(left: Any, right: Any) -> Ternary:
    """`<=`."""
    if left.__class__ is right.__class__ and left.__class__ in _FLAT:
        return bool(left <= right)
    order = _order(left, right)
    return None if order is None else order <= 0


def greater(left: Any, right: Any) -> Ternary:
    """`>`."""
    if left.__class__ is right.__class__ and left.__class__ in _FLAT:
        return bool(left > right)
    order = _order(left, right)
    return None if order is None else order > 0


def not_less(left: Any, right: Any) -> Ternary:
    """`>=`."""
    if left.__class__ is right.__class__ and left.__class__ in _FLAT:
        return bool(left >= right)
    order = _order(left, right)
    return None if order is None else order >= 0


def conjunction(left: Any, right: Any) -> Ternary:
    """`and`: whatever is neither true nor false counts as unknown (DMN 1.5, table 50)."""
    if left is False or right is False:
        return False
    if left is True and right is True:
        return True
    _no_condition(left, right)
    return None


def disjunction(left: Any, right: Any) -> Ternary:
    """`or`."""
    if left is True or right is True:
        return True
    if left is False and right is False:
        return False
    _no_condition(left, right)
    return None


def _no_condition(*operands: Any) -> None:
    for operand in operands:
        if operand is not None and operand is not True and operand is not False:
            state(NOT_A_CONDITION, value=kind_word_of(operand))


def negation(operand: Any) -> Ternary:
    """`not(...)` of a condition; a list of one item stands for the item, as in every call of a function."""
    if operand.__class__ is list and len(operand) == 1:
        operand = operand[0]
    if operand is True or operand is False:
        return not operand
    _no_condition(operand)
    return None


def between(value: Any, low: Any, high: Any) -> Ternary:
    """`value between low and high`."""
    return conjunction(not_less(value, low), not_greater(value, high))


def contains(range_: Range, value: Any) -> Ternary:
    """Whether a value lies in a range."""
    above = below = True if value is not None else None
    if range_.start is not None:
        above = not_less(value, range_.start) if range_.start_included else greater(value, range_.start)
    if range_.end is not None:
        below = not_greater(value, range_.end) if range_.end_included else less(value, range_.end)
    return conjunction(above, below)


def within(value: Any, range_: Range | None) -> Ternary:
    """`value in [low..high]`: unknown where the range is none."""
    return None if range_ is None else contains(range_, value)


def member(value: Any, test: Any) -> Ternary:
    """`value in test` for a test that is a value: a range, a list of values and ranges, or a value to equal."""
    if test.__class__ is Range:
        return contains(test, value)
    if test.__class__ is not list:
        return equal(value, test)
    if value.__class__ is list and values.equal(value, test):
        return True
    result: Ternary = False
    for item in test:
        inside = contains(item, value) if item.__class__ is Range else values.equal(value, item) or False
        if inside:
            return True
        if inside is None:
            result = None
    return result


def make_range(low: Any, high: Any, low_included: bool, high_included: bool) -> Range | None:
    """A range with two ends, which must be of one kind and in order (DMN 1.5, 10.3.2.7)."""
    if low is None or high is None:
        return fail(BAD_RANGE)
    order = values.compare(low, high)
    if order is None or order > 0:
        return fail(BAD_RANGE)
    return Range(low, high, low_included, high_included)


def at_literal(text: str) -> Any:
    """The value of `@"text"`."""
    try:
        return values.parse_temporal(text)
    except ValueError:
        return fail(BAD_LITERAL, text=text)


def _arithmetic(operator: str, operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    try:
        result = operation(left, right)
    except ZeroDivisionError:
        return fail(DIVISION_BY_ZERO)
    except (ValueError, ArithmeticError):
        return fail(OUT_OF_RANGE, operator=operator)
    if result is NotImplemented:
        return fail(NO_OPERATION, operator=operator, left=kind_word_of(left), right=kind_word_of(right))
    return result


def _on_numbers(operator: str, operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """An operation of our decimal context; a float stands for its shortest decimal text."""
    if left.__class__ is float:
        left = Decimal(repr(left))
    if right.__class__ is float:
        right = Decimal(repr(right))
    try:
        return operation(left, right)
    except ArithmeticError:
        return fail(OUT_OF_RANGE, operator=operator)


def add(left: Any, right: Any) -> Any:
    """`+` (DMN 1.5, tables 56 and 57)."""
    if left.__class__ in _NUMBERS and right.__class__ in _NUMBERS:
        if left.__class__ is right.__class__ is int and -_FITS < (result := left + right) < _FITS:
            return result
        return _on_numbers("+", CONTEXT.add, left, right)
    return _arithmetic("+", values.add, left, right)


def subtract(left: Any, right: Any) -> Any:
    """`-`."""
    if left.__class__ in _NUMBERS and right.__class__ in _NUMBERS:
        if left.__class__ is right.__class__ is int and -_FITS < (result := left - right) < _FITS:
            return result
        return _on_numbers("-", CONTEXT.subtract, left, right)
    return _arithmetic("-", values.subtract, left, right)


def multiply(left: Any, right: Any) -> Any:
    """`*` (DMN 1.5, tables 58 and 59)."""
    if left.__class__ in _NUMBERS and right.__class__ in _NUMBERS:
        if left.__class__ is right.__class__ is int and -_FITS < (result := left * right) < _FITS:
            return result
        return _on_numbers("*", CONTEXT.multiply, left, right)
    return _arithmetic("*", values.multiply, left, right)


def divide(left: Any, right: Any) -> Any:
    """`/`."""
    if left.__class__ in _NUMBERS and right.__class__ in _NUMBERS:
        return _on_numbers("/", CONTEXT.divide, left, right) if right else fail(DIVISION_BY_ZERO)
    return _arithmetic("/", values.divide, left, right)


def power(left: Any, right: Any) -> Any:
    """`**` (DMN 1.5, table 60)."""
    return _arithmetic("**", values.power, left, right)


def negate(operand: Any) -> Any:
    """`-` before a value."""
    if operand is None:
        return None
    result = values.negate(operand)
    if result is NotImplemented:
        return fail(NO_OPERATION, operator="-", left=kind_word_of(0), right=kind_word_of(operand))
    return result
