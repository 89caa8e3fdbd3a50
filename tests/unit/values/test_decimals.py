"""Decimal arithmetic of 34 digits."""

from __future__ import annotations

from decimal import Context, Decimal, Overflow, localcontext

import pytest

from relflow.values import decimals
from relflow.values.decimals import (
    add,
    divide,
    is_number,
    modulo,
    multiply,
    number_text,
    parse_number,
    power,
    same_number,
    subtract,
    to_decimal,
    whole,
)


def test_a_float_means_its_shortest_text() -> None:
    """0.1 + 0.2 is 0.3, whatever binary makes of it."""
    assert add(0.1, 0.2) == Decimal("0.3")
    assert to_decimal(0.1) == Decimal("0.1")


def test_results_have_34_digits_rounded_half_even() -> None:
    """The 35th digit decides, and a half goes to the even neighbour."""
    assert divide(1, 3) == Decimal("0." + "3" * 34)
    assert add(Decimal(10**33), Decimal("0.5")) == Decimal(10**33)
    assert add(Decimal(10**33 + 1), Decimal("0.5")) == Decimal(10**33 + 2)
    assert add(10**34, 5) == Decimal("1.000000000000000000000000000000000E34")


def test_the_context_of_the_host_does_not_matter() -> None:
    """A host that computes with three digits gets our 34 all the same."""
    with localcontext(Context(prec=3)):
        assert divide(2, 3) == Decimal("0.6666666666666666666666666666666667")
        assert number_text(Decimal("123456789.123456789")) == "123456789.123456789"
        assert modulo(Decimal("10.123456"), Decimal("4.5")) == Decimal("1.123456")


def test_a_zero_divisor_is_an_error_even_under_zero() -> None:
    """Neither 1/0 nor 0/0 nor a remainder by zero has a value."""
    for operation in (divide, modulo):
        for dividend in (1, 0):
            with pytest.raises(ZeroDivisionError):
                operation(dividend, 0)


def test_results_beyond_the_bounds_are_errors() -> None:
    """The largest exponent is 6144."""
    largest = Decimal("9E6144")

    with pytest.raises(Overflow):
        multiply(largest, 10)
    with pytest.raises(ArithmeticError):
        power(10, 7000)


@pytest.mark.parametrize(
    ("dividend", "divisor", "rest"),
    [(12, 5, 2), (-12, 5, 3), (12, -5, -3), (-12, -5, -2), ("10.1", "4.5", "1.1"), ("-10.1", "4.5", "3.4")],
)
def test_the_remainder_has_the_sign_of_the_divisor(dividend: str | int, divisor: str | int, rest: str | int) -> None:
    """Both for whole numbers and for fractions."""
    assert modulo(Decimal(dividend), Decimal(divisor)) == Decimal(rest)


@pytest.mark.parametrize(
    ("base", "exponent", "result"),
    [
        (2, 10, 1024),
        (-3, 2, 9),
        (0, 0, 1),
        (2, -1, Decimal("0.5")),
        (4, Decimal("0.5"), 2),
        (10, 34, Decimal(10) ** 34),
    ],
)
def test_powers(base: int, exponent: int | Decimal, result: int | Decimal) -> None:
    """Whole, negative and broken exponents."""
    assert power(base, exponent) == result


def test_there_is_no_root_of_a_negative_number() -> None:
    """Nor a negative power of zero."""
    with pytest.raises(ArithmeticError):
        power(-2, Decimal("0.5"))
    with pytest.raises(ArithmeticError):
        power(0, -1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (Decimal("-0"), "0"),
        (Decimal("1.10"), "1.1"),
        (1e21, "1000000000000000000000"),
        (Decimal("1E-7"), "0.0000001"),
        (50_000_000, "50000000"),
        (0.1, "0.1"),
        (Decimal(100), "100"),
    ],
)
def test_numbers_are_written_without_exponents(value: float | Decimal, text: str) -> None:
    """Nor with zeros that say nothing."""
    assert number_text(value) == text


@pytest.mark.parametrize(
    "text", ["", "-", ".", "1.2.3", "1e", "0x10", "１２", "NaN", "inf", "1_000", " 1", "1" * 20_000]
)
def test_what_is_no_number(text: str) -> None:
    """Only plain digits of ASCII are numbers."""
    with pytest.raises(ValueError, match="not a number"):
        parse_number(text)


def test_numbers_from_text() -> None:
    """Whole ones are ints."""
    assert parse_number("12") == 12
    assert isinstance(parse_number("12"), int)
    assert parse_number("-0.50") == Decimal("-0.5")
    assert parse_number("1e3") == 1000
    with pytest.raises(ValueError, match="bounds"):
        parse_number("1e9999")


def test_what_counts_as_a_number() -> None:
    """Neither truth values nor infinities do."""
    assert is_number(1)
    assert is_number(1.5)
    assert is_number(Decimal(1))
    assert not is_number(value=True)
    assert not is_number(float("nan"))
    assert not is_number(Decimal("Infinity"))
    assert not is_number("1")


def test_whole_numbers_of_every_class() -> None:
    """1.0 is whole, 1.5 is not."""
    assert whole(1.0) == whole(Decimal("1.00")) == whole(1) == 1
    assert whole(1.5) is None
    assert whole(Decimal("1.5")) is None


def test_numbers_of_different_classes_are_equal_as_decimals() -> None:
    """A float equals the decimal of its text, not of its bits."""
    assert same_number(0.1, Decimal("0.1"))
    assert same_number(1, 1.0)
    assert same_number(Decimal(3), 3)
    assert not same_number(2**60 + 1, float(2**60))


def test_subtraction_and_the_elementary_functions() -> None:
    """To 34 digits."""
    assert subtract(0.3, 0.1) == Decimal("0.2")
    assert decimals.square_root(2) == Decimal("1.414213562373095048801688724209698")
    assert decimals.logarithm(1) == 0
    assert decimals.exponential(1) == Decimal("2.718281828459045235360287471352662")
    with pytest.raises(ArithmeticError):
        decimals.logarithm(0)
