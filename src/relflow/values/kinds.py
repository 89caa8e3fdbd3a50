"""Which kind of value a Python object is to the expression language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from relflow.values.durations import WorkingDuration
from relflow.values.moments import ExactDateTime, ExactDuration, ExactTime, FarDate
from relflow.values.months import YearsMonthsDuration
from relflow.values.ranges import Range

__all__ = [
    "BOOLEAN",
    "CONTEXT",
    "DATE",
    "DATE_TIME",
    "DAYS_DURATION",
    "FUNCTION",
    "LIST",
    "MONTHS_DURATION",
    "NULL",
    "NUMBER",
    "RANGE",
    "STRING",
    "TIME",
    "WORKING_DURATION",
    "kind_of",
]

NULL: Final = "null"
BOOLEAN: Final = "boolean"
NUMBER: Final = "number"
STRING: Final = "string"
DATE: Final = "date"
TIME: Final = "time"
DATE_TIME: Final = "date and time"
DAYS_DURATION: Final = "days and time duration"
MONTHS_DURATION: Final = "years and months duration"
WORKING_DURATION: Final = "working time duration"
LIST: Final = "list"
CONTEXT: Final = "context"
RANGE: Final = "range"
FUNCTION: Final = "function"

_KINDS: dict[type, str] = {
    type(None): NULL,
    bool: BOOLEAN,
    int: NUMBER,
    float: NUMBER,
    Decimal: NUMBER,
    str: STRING,
    date: DATE,
    FarDate: DATE,
    time: TIME,
    ExactTime: TIME,
    datetime: DATE_TIME,
    ExactDateTime: DATE_TIME,
    timedelta: DAYS_DURATION,
    ExactDuration: DAYS_DURATION,
    YearsMonthsDuration: MONTHS_DURATION,
    WorkingDuration: WORKING_DURATION,
    list: LIST,
    tuple: LIST,
    dict: CONTEXT,
    Range: RANGE,
}
# subclasses of a host: a datetime is a date to Python, so the narrower one comes first
_SUBCLASSES: tuple[tuple[type, str], ...] = (
    (bool, BOOLEAN),
    (datetime, DATE_TIME),
    *((class_, kind) for class_, kind in _KINDS.items() if class_ not in (bool, datetime)),
    (Mapping, CONTEXT),
)


def kind_of(value: object) -> str:
    """The kind of a value, in the words of FEEL's types; anything unknown that can be called is a function."""
    kind = _KINDS.get(type(value))
    if kind is not None:
        return kind
    for class_, kind in _SUBCLASSES:
        if isinstance(value, class_):
            return kind
    return FUNCTION if callable(value) else type(value).__name__
