"""What fast code may rely on: kinds of values that a guard has checked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple

from relflow.feel import types
from relflow.feel.code import Code
from relflow.feel.types import NumberType, ScalarType, StringType, Type

__all__ = ["BOUND", "DIGITS", "FOLDED", "MIXED", "ORDERED", "Known", "guard", "kind_of_type"]

BOUND: Final = 10**15
DIGITS: Final = 15
_CLASSES: Final = {"string": "_str", "boolean": "_bool", "date": "_date", "duration": "_timedelta"}
FOLDED: Final = {int: "number", float: "number", str: "string", bool: "boolean", date: "date", timedelta: "duration"}
_SCALARS: Final = {types.BOOLEAN: "boolean", types.DATE: "date", types.DAYS_DURATION: "duration"}
ORDERED: Final = frozenset({"number", "exact", "string", "date", "duration"})
MIXED: Final = frozenset({"number", "exact"})


def kind_of_type(type_: Type) -> str | None:
    """The kind of values that a guard can promise for a declared type."""
    if isinstance(type_, NumberType):
        return "number"
    if isinstance(type_, StringType):
        return "string"
    return _SCALARS.get(type_) if isinstance(type_, ScalarType) else None


def guard(type_: Type, source: str, *, nullable: bool, bounded: bool) -> str:
    """The condition under which fast code may run on a value: its class, and that a number is finite.

    With `bounded` a number also has to be below 10**15, so that sums and products of integers stay exact.
    """
    kind = kind_of_type(type_)
    if kind is None:
        return "True"
    if kind != "number":
        condition = f"{source}.__class__ is {_CLASSES[kind]}"
    elif bounded:
        within = f"-{BOUND} < {source} < {BOUND}"
        condition = f"({source}.__class__ is _int or {source}.__class__ is _float) and {within}"
    else:
        condition = f"{source}.__class__ is _int or {source}.__class__ is _float and {source} - {source} == 0.0"
    return f"({source} is None or {condition})" if nullable else f"({condition})"


class Known(NamedTuple):
    """Code whose values are of one kind, or None where `null`.

    Kinds are those of guards, and `exact`: an int or a Decimal, with at most `digits` digits if it is an int.
    """

    code: Code
    kind: str
    null: bool = False
    digits: int = DIGITS
