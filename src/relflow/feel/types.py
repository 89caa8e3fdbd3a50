"""The types of FEEL expressions, and which of them fit where."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from relflow.structs import dataclass

__all__ = [
    "ANY",
    "BOOLEAN",
    "DATE",
    "DATE_TIME",
    "DAYS_DURATION",
    "MONTHS_DURATION",
    "NULL",
    "NUMBER",
    "STRING",
    "TIME",
    "WORKING_DURATION",
    "AnyType",
    "FunctionType",
    "ListType",
    "NullType",
    "NumberType",
    "RangeType",
    "RecordType",
    "ScalarType",
    "StringType",
    "Type",
    "conforms",
    "join",
    "joins",
]

Bound = int | Decimal | None


@dataclass(frozen=True, slots=True)
class Type:
    """What values an expression can have; null belongs to every type. `str` is the type in FEEL words."""


@dataclass(frozen=True, slots=True)
class AnyType(Type):
    """Nothing is known; every operation is allowed and decided at run time."""

    def __str__(self) -> str:
        return "Any"


@dataclass(frozen=True, slots=True)
class NullType(Type):
    """Only null."""

    def __str__(self) -> str:
        return "Null"


@dataclass(frozen=True, slots=True)
class NumberType(Type):
    """A decimal number, with the unit and the inclusive bounds that its declaration states."""

    unit: str | None = None
    minimum: Bound = None
    maximum: Bound = None

    def __str__(self) -> str:
        return "number"


@dataclass(frozen=True, slots=True)
class StringType(Type):
    """A text; `one_of` or `levels` (highest first) list all the texts there are, `scheme` names their declaration."""

    one_of: tuple[str, ...] | None = None
    levels: tuple[str, ...] | None = None
    scheme: str | None = None

    @property
    def allowed(self) -> tuple[str, ...] | None:
        """All texts that there are, or None where any text may stand."""
        return self.one_of if self.one_of is not None else self.levels

    def __str__(self) -> str:
        return "string"


@dataclass(frozen=True, slots=True)
class ScalarType(Type):
    """A type without further detail: boolean, the temporal types and the three kinds of duration."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListType(Type):
    """A list whose items are all of one type."""

    item: Type

    def __str__(self) -> str:
        return f"list<{self.item}>"


@dataclass(frozen=True, slots=True)
class RecordType(Type):
    """A context with known fields; `name` is its declared name, an `open` one may have more fields."""

    fields: tuple[tuple[str, Type], ...]
    name: str | None = None
    open: bool = False

    def field(self, name: str) -> Type | None:
        """The type of a field, or None where there is no such field."""
        for known, type_ in self.fields:
            if known == name:
                return type_
        return None

    def __str__(self) -> str:
        return f"context<{', '.join(f'{name}: {type_}' for name, type_ in self.fields)}>"


@dataclass(frozen=True, slots=True)
class RangeType(Type):
    """A range between two values of one type."""

    item: Type

    def __str__(self) -> str:
        return f"range<{self.item}>"


@dataclass(frozen=True, slots=True)
class FunctionType(Type):
    """A function value."""

    parameters: tuple[Type, ...]
    result: Type

    def __str__(self) -> str:
        return f"function<{', '.join(map(str, self.parameters))}> -> {self.result}"


ANY: Final = AnyType()
NULL: Final = NullType()
NUMBER: Final = NumberType()
STRING: Final = StringType()
BOOLEAN: Final = ScalarType("boolean")
DATE: Final = ScalarType("date")
TIME: Final = ScalarType("time")
DATE_TIME: Final = ScalarType("date and time")
DAYS_DURATION: Final = ScalarType("days and time duration")
MONTHS_DURATION: Final = ScalarType("years and months duration")
WORKING_DURATION: Final = ScalarType("working time duration")


def conforms(type_: Type, wanted: Type) -> bool:
    """Whether each value of `type_` may stand where `wanted` is asked for, without any conversion (DMN 10.3.2.9.1).

    Units, bounds and allowed texts are not looked at: they are findings of the checker, not other types.
    """
    match wanted, type_:
        case (AnyType(), _) | (_, NullType()):
            return True
        case (ListType(item=outer), ListType(item=inner)) | (RangeType(item=outer), RangeType(item=inner)):
            return conforms(inner, outer)
        case RecordType(), RecordType():
            return _record_conforms(type_, wanted)
        case FunctionType(), FunctionType():
            return (
                len(type_.parameters) == len(wanted.parameters)
                and all(conforms(w, t) for t, w in zip(type_.parameters, wanted.parameters, strict=True))
                and conforms(type_.result, wanted.result)
            )
        case ScalarType(), ScalarType():
            return type_.name == wanted.name
        case _:
            return type(type_) is type(wanted)


def _record_conforms(type_: RecordType, wanted: RecordType) -> bool:
    own = dict(type_.fields)
    return all(name in own and conforms(own[name], field) for name, field in wanted.fields)


def joins(first: Type, second: Type) -> bool:
    """Whether a value of the one can be a value of the other, so that comparing them makes sense."""
    if isinstance(first, AnyType | NullType) or isinstance(second, AnyType | NullType):
        return True
    match first, second:
        case (ListType(item=a), ListType(item=b)) | (RangeType(item=a), RangeType(item=b)):
            return joins(a, b)
        case RecordType(), RecordType():
            own = dict(second.fields)
            return all(joins(type_, own[name]) for name, type_ in first.fields if name in own)
        case ScalarType(), ScalarType():
            return first.name == second.name
        case _:
            return type(first) is type(second)


def join(first: Type, second: Type) -> Type:
    """The narrowest type that holds the values of both."""
    if first == second or isinstance(second, NullType):
        return first
    if isinstance(first, NullType):
        return second
    match first, second:
        case NumberType(), NumberType():
            return NumberType(first.unit if first.unit == second.unit else None)
        case StringType(), StringType():
            return _join_strings(first, second)
        case ListType(item=a), ListType(item=b):
            return ListType(join(a, b))
        case RangeType(item=a), RangeType(item=b):
            return RangeType(join(a, b))
        case RecordType(), RecordType():
            own = dict(second.fields)
            return RecordType(tuple((name, join(t, own[name])) for name, t in first.fields if name in own), open=True)
        case _:
            return ANY


def _join_strings(first: StringType, second: StringType) -> StringType:
    if first.allowed is None or second.allowed is None:
        return STRING
    return StringType(one_of=tuple(dict.fromkeys((*first.allowed, *second.allowed))))
