"""Whether a value is of a type, and the two conversions that a call makes (DMN 1.5, 10.3.2.9)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from relflow.feel import types
from relflow.feel.functions import Function
from relflow.feel.typenames import BY_NAME
from relflow.feel.types import (
    AnyType,
    FunctionType,
    ListType,
    NullType,
    NumberType,
    RangeType,
    RecordType,
    ScalarType,
    StringType,
    Type,
)
from relflow.values import Range, kind_of

__all__ = ["NO_FIT", "converted", "instance_of", "matcher"]

NO_FIT: Final = object()
"""Stands for an argument that no conversion makes fit."""

Matcher = Callable[[Any], bool]
_NUMBERS: Final = frozenset({int, float, Decimal})


def instance_of(value: Any, type_: Type) -> bool | None:
    """`value instance of type`; None where the type is unknown."""
    if isinstance(type_, ScalarType) and type_.name not in BY_NAME:
        return None
    if value is None:
        return isinstance(type_, NullType)
    return matcher(type_)(value)


@lru_cache(maxsize=512)
def matcher(type_: Type) -> Matcher:
    """A test whether values are of this type; null is of every type."""
    match type_:
        case AnyType():
            return lambda _: True
        case NullType():
            return lambda value: value is None
        case NumberType():
            return lambda value: value is None or value.__class__ in _NUMBERS or kind_of(value) == "number"
        case StringType():
            return lambda value: value is None or kind_of(value) == "string"
        case ScalarType(name=name):
            return lambda value: value is None or kind_of(value) == name
        case ListType(item=item):
            return _list_matcher(matcher(item))
        case RangeType(item=item):
            return _range_matcher(matcher(item))
        case RecordType(fields=fields):
            return _record_matcher({name: matcher(field) for name, field in fields})
        case FunctionType():
            return lambda value: value is None or (isinstance(value, Function) and types.conforms(value.type, type_))
        case _:
            return lambda _: False


def _list_matcher(item: Matcher) -> Matcher:
    return lambda value: value is None or (value.__class__ is list and all(map(item, value)))


def _range_matcher(item: Matcher) -> Matcher:
    return lambda value: value is None or (value.__class__ is Range and item(value.start) and item(value.end))


def _record_matcher(fields: dict[str, Matcher]) -> Matcher:
    def matches(value: Any) -> bool:
        if value is None:
            return True
        return value.__class__ is dict and all(name in value and field(value[name]) for name, field in fields.items())

    return matches


def converted(value: Any, type_: Type) -> Any:
    """The value as this type, by unwrapping a list of one item or wrapping a single value; else NO_FIT."""
    fits = matcher(type_)
    if fits(value):
        return value
    if value.__class__ is list and len(value) == 1 and fits(value[0]):
        return value[0]
    if isinstance(type_, ListType) and fits([value]):
        return [value]
    return NO_FIT
