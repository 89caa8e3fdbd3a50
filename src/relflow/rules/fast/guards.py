"""Whether a host's value is an ordinary one of its declared type, as a Python condition."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from relflow.feel.types import NumberType, ScalarType, StringType, Type
from relflow.rules.fast.writer import UnsupportedError, Writer
from relflow.values import YearsMonthsDuration

__all__ = ["guard"]

_CLASSES = {
    "boolean": bool,
    "date": date,
    "time": time,
    "date and time": datetime,
    "days and time duration": timedelta,
    "years and months duration": YearsMonthsDuration,
}


def guard(writer: Writer, type_: Type, name: str, *, nullable: bool) -> str | None:
    """The condition under which the fast path may go on with a value; None: it has to be conformed by a call."""
    test = _test(writer, type_, name)
    if test is None:
        return None
    return f"({name} is None or {test})" if nullable else test


def _test(writer: Writer, type_: Type, name: str) -> str | None:
    match type_:
        case NumberType():
            return _number(writer, type_, name)
        case StringType(one_of=None, levels=None):
            return f"{name}.__class__ is _str"
        case StringType() if type_.allowed is not None:
            return f"({name}.__class__ is _str and {name} in {writer.kept(frozenset(type_.allowed))})"
        case ScalarType(name="boolean"):
            return f"({name} is True or {name} is False)"
        case ScalarType(name=kind) if kind in _CLASSES:
            test = f"{name}.__class__ is {writer.kept(_CLASSES[kind])}"
            return f"({test} and {name}.tzinfo is not None)" if kind == "date and time" else test
        case _:
            return None


def _number(writer: Writer, type_: NumberType, name: str) -> str:
    """An int, or a float that is neither NaN nor infinite, within its bounds; a Decimal is for the general run."""
    plain = f"({name}.__class__ is _int or {name}.__class__ is _float and {name} - {name} == 0.0)"
    low, high = type_.minimum, type_.maximum
    try:
        if low is not None and high is not None:
            return f"({plain} and {writer.constant(low)} <= {name} <= {writer.constant(high)})"
        if low is not None:
            return f"({plain} and {name} >= {writer.constant(low)})"
        if high is not None:
            return f"({plain} and {name} <= {writer.constant(high)})"
    except UnsupportedError:
        return f"({plain} and False)"
    return plain
