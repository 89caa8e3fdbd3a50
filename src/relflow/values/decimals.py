"""Decimal numbers of 34 digits, rounded half-even: arithmetic in a context of our own, never the host's."""

from __future__ import annotations

import math
import re
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Final

__all__ = [
    "CONTEXT",
    "DIGITS",
    "MAX_EXPONENT",
    "MIN_EXPONENT",
    "Number",
    "add",
    "divide",
    "exact_decimal",
    "exponential",
    "floor",
    "is_number",
    "logarithm",
    "modulo",
    "multiply",
    "negate",
    "number_text",
    "parse_number",
    "power",
    "same_number",
    "square_root",
    "subtract",
    "to_decimal",
    "whole",
]

Number = int | float | Decimal

DIGITS: Final = 34
MAX_EXPONENT: Final = 6144
MIN_EXPONENT: Final = -6143

CONTEXT: Final = Context(
    prec=DIGITS,
    rounding=ROUND_HALF_EVEN,
    Emin=MIN_EXPONENT,
    Emax=MAX_EXPONENT,
    capitals=1,
    clamp=0,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)

_EXACT_INT: Final = 10**DIGITS
_EXACT_FLOAT: Final = 2.0**53
# the square, the sum of squares and the like of 34 digits, before the one rounding at the end
_WIDE: Final = Context(prec=2 * DIGITS + 10, rounding=ROUND_HALF_EVEN, Emin=-99_999, Emax=99_999)
_NUMERAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?", re.ASCII)
_LONGEST_NUMERAL: Final = 10_000


def is_number(value: object) -> bool:
    """Whether `value` is a number of the expression language: int, float or Decimal, and finite; a bool is none."""
    if isinstance(value, bool):
        return False
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int)


def exact_decimal(value: Number) -> Decimal:
    """The number as a Decimal of all its digits; a float stands for its shortest decimal text.

    Raises ValueError for NaN and infinities.
    """
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value}")
    return number


def to_decimal(value: Number) -> Decimal:
    """The number as a Decimal, rounded half-even to 34 digits (DMN 1.5, 10.3.2.3.1).

    Raises ValueError for NaN and infinities, Overflow above 9.99…E6144.
    """
    return CONTEXT.plus(exact_decimal(value))


def whole(value: Number) -> int | None:
    """The integer that a number is, or None where it has a fraction."""
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if not value.is_finite():
        return None
    return int(value) if value == value.to_integral_value() else None


def same_number(first: Number, second: Number) -> bool:
    """Whether two numbers are equal as decimals: `Decimal("0.1")` and `0.1` are."""
    if isinstance(first, float) is isinstance(second, float) or (isinstance(first, int) and abs(first) < _EXACT_FLOAT):
        return first == second
    return exact_decimal(first) == exact_decimal(second)


def _fit(value: int) -> Number:
    """An integer result: itself while it has no more than 34 digits."""
    return value if -_EXACT_INT < value < _EXACT_INT else CONTEXT.plus(Decimal(value))


def _operand(value: Number) -> Decimal | int:
    """What the context's methods take as it is."""
    return exact_decimal(value) if isinstance(value, float) else value


def add(first: Number, second: Number) -> Number:
    """The sum. Raises Overflow, an ArithmeticError, where it is out of the standard's bounds."""
    if isinstance(first, int) and isinstance(second, int):
        return _fit(first + second)
    return CONTEXT.add(_operand(first), _operand(second))


def subtract(first: Number, second: Number) -> Number:
    """The difference. Raises Overflow, an ArithmeticError, where it is out of the standard's bounds."""
    if isinstance(first, int) and isinstance(second, int):
        return _fit(first - second)
    return CONTEXT.subtract(_operand(first), _operand(second))


def multiply(first: Number, second: Number) -> Number:
    """The product. Raises Overflow, an ArithmeticError, where it is out of the standard's bounds."""
    if isinstance(first, int) and isinstance(second, int) and abs(first) < _EXACT_INT and abs(second) < _EXACT_INT:
        return _fit(first * second)
    return CONTEXT.multiply(_operand(first), _operand(second))


def divide(first: Number, second: Number) -> Number:
    """The quotient. Raises ZeroDivisionError for a zero divisor (0/0 included), Overflow out of bounds."""
    if not second:
        raise ZeroDivisionError("division by zero")
    return CONTEXT.divide(_operand(first), _operand(second))


def modulo(dividend: Number, divisor: Number) -> Number:
    """`dividend - divisor * floor(dividend / divisor)`: the sign is the divisor's (DMN 1.5, table 75).

    Raises ZeroDivisionError for a zero divisor, Overflow where the quotient has more digits than there are.
    """
    if not divisor:
        raise ZeroDivisionError("division by zero")
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend % divisor
    first, second = to_decimal(dividend), to_decimal(divisor)
    if first.adjusted() - second.adjusted() > 2 * DIGITS:
        raise Overflow(f"quotient of {dividend} and {divisor} has too many digits")
    rest = _WIDE.remainder(first, second)
    if rest and (rest < 0) is not (second < 0):
        rest = _WIDE.add(rest, second)
    return CONTEXT.plus(rest)


def power(base: Number, exponent: Number) -> Number:
    """`base ** exponent`, by repeated multiplication where the exponent is whole.

    Raises ArithmeticError where there is no real result: zero to a negative power, a root of a negative number.
    """
    times = whole(exponent)
    if not base and times == 0:
        return 1
    if isinstance(base, int) and times is not None and times >= 0 and abs(base) ** min(times, 1) < _EXACT_INT:
        digits = times * max(1, abs(base)).bit_length() * 0.30103
        if digits <= DIGITS:
            return _fit(base**times)
    if not base and exponent < 0:
        raise ZeroDivisionError("zero to a negative power")
    return CONTEXT.power(to_decimal(base), to_decimal(exponent))


def square_root(value: Number) -> Decimal:
    """The square root. Raises InvalidOperation for a negative number."""
    return CONTEXT.sqrt(to_decimal(value))


def logarithm(value: Number) -> Decimal:
    """The natural logarithm. Raises ArithmeticError for zero and negative numbers."""
    number = to_decimal(value)
    if number <= 0:
        raise InvalidOperation("logarithm of a number that is not positive")
    return CONTEXT.ln(number)


def exponential(value: Number) -> Decimal:
    """Euler's number to the power of `value`. Raises Overflow where that is out of bounds."""
    return CONTEXT.exp(to_decimal(value))


def negate(value: Number) -> Number:
    """The number with the other sign."""
    return -value if isinstance(value, int) else CONTEXT.minus(to_decimal(value))


def floor(value: Number) -> int:
    """The largest integer that is not larger."""
    return math.floor(value)


def parse_number(text: str) -> Number:
    """A number from text: digits with an optional sign, fraction and exponent, `1200`, `-0.5`, `1e3`.

    Raises ValueError for any other text, and for numbers out of the standard's bounds.
    """
    if len(text) > _LONGEST_NUMERAL or not _NUMERAL.fullmatch(text):
        raise ValueError(f"not a number: {text[:40]}")
    try:
        number = CONTEXT.plus(Decimal(text))
    except ArithmeticError as error:
        raise ValueError(f"number out of bounds: {text[:40]}") from error
    return int(number) if number.as_tuple().exponent == 0 else number


def number_text(value: Number) -> str:
    """The number in plain digits, no exponent, no trailing zeros after the point: `0.1`, `50000000`."""
    if isinstance(value, int) and -_EXACT_INT < value < _EXACT_INT:
        return str(value)
    number = to_decimal(value)
    if not number:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
