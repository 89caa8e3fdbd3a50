"""Values of expressions and policies: decimals, dates beyond the standard library's, durations, ranges."""

from relflow.values.arithmetic import add, divide, multiply, negate, power, subtract
from relflow.values.comparing import compare, equal, identical
from relflow.values.decimals import (
    CONTEXT,
    Number,
    exact_decimal,
    is_number,
    number_text,
    parse_number,
    same_number,
    to_decimal,
    whole,
)
from relflow.values.durations import Duration, DurationKind, WorkingDuration, read_duration
from relflow.values.effort import Effort, TooMuchError
from relflow.values.kinds import kind_of
from relflow.values.moments import (
    Date,
    DateTime,
    DaysDuration,
    ExactDateTime,
    ExactDuration,
    ExactTime,
    FarDate,
    Time,
    at_instant,
    duration_nanoseconds,
    instant,
    make_date,
    make_datetime,
    make_duration,
    make_time,
)
from relflow.values.months import YearsMonthsDuration
from relflow.values.parsing import parse_date, parse_datetime, parse_duration, parse_temporal, parse_time
from relflow.values.printing import literal, to_text
from relflow.values.properties import PROPERTIES, property_of
from relflow.values.ranges import Range
from relflow.values.refusals import Refusal
from relflow.values.words import Unit, quantity

__all__ = [
    "CONTEXT",
    "PROPERTIES",
    "Date",
    "DateTime",
    "DaysDuration",
    "Duration",
    "DurationKind",
    "Effort",
    "ExactDateTime",
    "ExactDuration",
    "ExactTime",
    "FarDate",
    "Number",
    "Range",
    "Refusal",
    "Time",
    "TooMuchError",
    "Unit",
    "WorkingDuration",
    "YearsMonthsDuration",
    "add",
    "at_instant",
    "compare",
    "divide",
    "duration_nanoseconds",
    "equal",
    "exact_decimal",
    "identical",
    "instant",
    "is_number",
    "kind_of",
    "literal",
    "make_date",
    "make_datetime",
    "make_duration",
    "make_time",
    "multiply",
    "negate",
    "number_text",
    "parse_date",
    "parse_datetime",
    "parse_duration",
    "parse_number",
    "parse_temporal",
    "parse_time",
    "power",
    "property_of",
    "quantity",
    "read_duration",
    "same_number",
    "subtract",
    "to_decimal",
    "to_text",
    "whole",
]
