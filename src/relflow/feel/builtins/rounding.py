"""Rounding functions: `decimal`, `floor`, `ceiling` and the four `round` functions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from typing import Any, Final

from relflow.feel.builtins.define import define, first_type, known, param, sig
from relflow.feel.builtins.messages import BAD_SCALE
from relflow.feel.definition import Builtin, Signature
from relflow.feel.nulls import fail
from relflow.feel.types import NUMBER
from relflow.values import CONTEXT, Number, exact_decimal

__all__ = ["ROUNDING"]

_LOW: Final = -6111
_HIGH: Final = 6176
# room for any number at any scale; the sizes of both are bounded
_WIDE: Final = Context(prec=13_000, Emin=-99_999, Emax=99_999)


def _round(value: Number, scale: Number, rounding: str) -> Number | None:
    """`value` with `scale` digits after the point; a fraction of the scale is dropped."""
    digits = int(scale)
    if not _LOW <= digits <= _HIGH:
        return fail(BAD_SCALE, low=_LOW, high=_HIGH)
    number = exact_decimal(value)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= digits:
        return value
    rounded = number.quantize(Decimal((0, (1,), -digits)), rounding, _WIDE)
    return int(rounded) if digits <= 0 and rounded.adjusted() < 34 else CONTEXT.plus(rounded)


def _scaled(rounding: str) -> Callable[..., Any]:
    return known("n", "scale")(lambda value, scale: _round(value, scale, rounding))


def _whole(rounding: str) -> Callable[..., Any]:
    return known("n", "scale")(lambda value, scale=0: _round(value, scale, rounding))


_SCALED: Final = sig(NUMBER, param("n", NUMBER), param("scale", NUMBER), infer=first_type)
_WHOLE: Final[tuple[Signature, ...]] = (sig(NUMBER, param("n", NUMBER), infer=first_type), _SCALED)


def _define(name: str, rounding: str, meaning: tuple[str, str], *examples: tuple[str, str]) -> Builtin:
    return define(name, _scaled(rounding), _SCALED, meaning, "10.3.4.5", *examples)


ROUNDING: Final[tuple[Builtin, ...]] = (
    _define(
        "decimal",
        ROUND_HALF_EVEN,
        (
            "`n` with `scale` digits after the point; a half goes to the even neighbour.",
            "把 `n` 保留 `scale` 位小数，恰为一半时取偶数。",
        ),
        ("decimal(1/3, 2)", "0.33"),
        ("decimal(2.5, 0)", "2"),
        ("decimal(1234, -2)", "1200"),
    ),
    define(
        "floor",
        _whole(ROUND_FLOOR),
        _WHOLE,
        (
            "The next number down with `scale` digits after the point, none by default.",
            "向下取到 `scale` 位小数，默认取整。",
        ),
        "10.3.4.5",
        ("floor(-1.5)", "-2"),
        ("floor(1.56, 1)", "1.5"),
    ),
    define(
        "ceiling",
        _whole(ROUND_CEILING),
        _WHOLE,
        (
            "The next number up with `scale` digits after the point, none by default.",
            "向上取到 `scale` 位小数，默认取整。",
        ),
        "10.3.4.5",
        ("ceiling(1.5)", "2"),
        ("ceiling(-1.56, 1)", "-1.5"),
    ),
    _define(
        "round up",
        ROUND_UP,
        ("`n` rounded away from zero.", "把 `n` 向远离零的方向舍入。"),
        ("round up(5.5, 0)", "6"),
        ("round up(-1.121, 2)", "-1.13"),
    ),
    _define(
        "round down",
        ROUND_DOWN,
        ("`n` rounded towards zero.", "把 `n` 向零的方向舍入。"),
        ("round down(5.5, 0)", "5"),
        ("round down(-1.126, 2)", "-1.12"),
    ),
    _define(
        "round half up",
        ROUND_HALF_UP,
        ("`n` rounded to the nearest; a half goes away from zero.", "把 `n` 四舍五入，恰为一半时远离零。"),
        ("round half up(5.5, 0)", "6"),
        ("round half up(-1.125, 2)", "-1.13"),
    ),
    _define(
        "round half down",
        ROUND_HALF_DOWN,
        ("`n` rounded to the nearest; a half goes towards zero.", "把 `n` 舍入到最近的数，恰为一半时靠近零。"),
        ("round half down(5.5, 0)", "5"),
        ("round half down(-1.126, 2)", "-1.13"),
    ),
)
