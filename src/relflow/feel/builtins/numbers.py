"""Numeric functions: `abs`, `modulo`, `sqrt`, `log`, `exp`, `odd`, `even`."""

from __future__ import annotations

from typing import Any, Final

from relflow.feel.builtins.define import define, first_type, known, param, sig
from relflow.feel.builtins.messages import NOT_WHOLE
from relflow.feel.definition import Builtin
from relflow.feel.nulls import fail
from relflow.feel.types import BOOLEAN, DAYS_DURATION, MONTHS_DURATION, NUMBER
from relflow.values import Number, YearsMonthsDuration, decimals, duration_nanoseconds, is_number, negate, whole

__all__ = ["NUMBERS"]


@known("n")
def _abs(n: Any) -> Any:
    if is_number(n):
        negative = n < 0
    else:
        negative = (n.months if isinstance(n, YearsMonthsDuration) else duration_nanoseconds(n)) < 0
    return negate(n) if negative else n


@known("number")
def _odd(number: Number) -> bool | None:
    integer = whole(number)
    return fail(NOT_WHOLE, name="number") if integer is None else integer % 2 == 1


@known("number")
def _even(number: Number) -> bool | None:
    integer = whole(number)
    return fail(NOT_WHOLE, name="number") if integer is None else integer % 2 == 0


_NUMBER: Final = sig(NUMBER, param("number", NUMBER))
_QUESTION: Final = sig(BOOLEAN, param("number", NUMBER))

NUMBERS: Final[tuple[Builtin, ...]] = (
    define(
        "abs",
        _abs,
        tuple(sig(type_, param("n", type_), infer=first_type) for type_ in (NUMBER, DAYS_DURATION, MONTHS_DURATION)),
        ("The number or duration without its sign.", "数字或时长的绝对值。"),
        "10.3.4.5",
        ("abs(-10)", "10"),
        ('abs(@"-PT5H")', '@"PT5H"'),
    ),
    define(
        "modulo",
        known("dividend", "divisor")(decimals.modulo),
        sig(NUMBER, param("dividend", NUMBER), param("divisor", NUMBER), infer=first_type),
        (
            "What is left of `dividend` after division by `divisor`; it has the sign of the divisor.",
            "`dividend` 除以 `divisor` 的余数，符号与除数相同。",
        ),
        "10.3.4.5",
        ("modulo(12, 5)", "2"),
        ("modulo(-12, 5)", "3"),
        ("modulo(10.1, -4.5)", "-3.4"),
    ),
    define(
        "sqrt",
        known("number")(decimals.square_root),
        _NUMBER,
        ("The square root; null for a negative number.", "平方根；负数得空值。"),
        "10.3.4.5",
        ("sqrt(16)", "4"),
        ("sqrt(-1)", "null"),
    ),
    define(
        "log",
        known("number")(decimals.logarithm),
        _NUMBER,
        ("The natural logarithm; null unless the number is positive.", "自然对数；非正数得空值。"),
        "10.3.4.5",
        ("log(1)", "0"),
        ("decimal(log(10), 8)", "2.30258509"),
    ),
    define(
        "exp",
        known("number")(decimals.exponential),
        _NUMBER,
        ("Euler's number e to the power of `number`.", "自然常数 e 的 `number` 次方。"),
        "10.3.4.5",
        ("exp(0)", "1"),
        ("decimal(exp(5), 8)", "148.41315910"),
    ),
    define(
        "odd",
        _odd,
        _QUESTION,
        ("Whether the whole number is odd; null for a fraction.", "整数是否为奇数；小数得空值。"),
        "10.3.4.5",
        ("odd(5)", "true"),
        ("odd(2)", "false"),
    ),
    define(
        "even",
        _even,
        _QUESTION,
        ("Whether the whole number is even; null for a fraction.", "整数是否为偶数；小数得空值。"),
        "10.3.4.5",
        ("even(5)", "false"),
        ("even(2)", "true"),
    ),
)
