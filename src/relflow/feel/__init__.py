"""FEEL, the expression language of DMN 1.5: parsed, checked, compiled to Python, and able to say why it is null.

>>> from relflow import feel
>>> feel.evaluate("sum(orders[year = 2026].amount)", {"orders": [{"year": 2026, "amount": 3}]})
3
>>> feel.unary_test("[5..10)", 7)
True
>>> [finding.text() for finding in feel.check("amout > 5", {"amount": feel.NUMBER})]
['`amout` is not known here']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from relflow.feel import tree
from relflow.feel.bounds import MAX_CALLS, MAX_DEPTH, MAX_ITEMS, MAX_LENGTH, MAX_STEPS, MAX_TEXT
from relflow.feel.checked import Checked, check_expression, check_tests
from relflow.feel.definition import Builtin, Example, Parameter, Signature
from relflow.feel.functions import Function
from relflow.feel.scope import FormDefinition, HostFunction, Scope, Site
from relflow.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    WORKING_DURATION,
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
    conforms,
    join,
    joins,
)
from relflow.values import Range, WorkingDuration, YearsMonthsDuration

if TYPE_CHECKING:
    from relflow.feel.emitter import Emitter
    from relflow.feel.entry import entered
    from relflow.feel.expression import Expression, check, compile, evaluate, explain, parse, unary_test  # noqa: A004
    from relflow.feel.pool import Pool
    from relflow.feel.printer import show
    from relflow.feel.recording import NullReason, Recording, record, recorder

__all__ = [
    "ANY",
    "BOOLEAN",
    "DATE",
    "DATE_TIME",
    "DAYS_DURATION",
    "MAX_CALLS",
    "MAX_DEPTH",
    "MAX_ITEMS",
    "MAX_LENGTH",
    "MAX_STEPS",
    "MAX_TEXT",
    "MONTHS_DURATION",
    "NULL",
    "NUMBER",
    "STRING",
    "TIME",
    "WORKING_DURATION",
    "AnyType",
    "Builtin",
    "Checked",
    "Emitter",
    "Example",
    "Expression",
    "FormDefinition",
    "Function",
    "FunctionType",
    "HostFunction",
    "ListType",
    "NullReason",
    "NullType",
    "NumberType",
    "Parameter",
    "Pool",
    "Range",
    "RangeType",
    "RecordType",
    "Recording",
    "ScalarType",
    "Scope",
    "Signature",
    "Site",
    "StringType",
    "Type",
    "WorkingDuration",
    "YearsMonthsDuration",
    "check",
    "check_expression",
    "check_tests",
    "compile",
    "conforms",
    "entered",
    "evaluate",
    "explain",
    "join",
    "joins",
    "parse",
    "record",
    "recorder",
    "show",
    "tree",
    "unary_test",
]

# what writes and runs code: who only checks expressions does not load it
_HOMES = {
    "emitter": ("Emitter",),
    "entry": ("entered",),
    "expression": ("Expression", "check", "compile", "evaluate", "explain", "parse", "unary_test"),
    "pool": ("Pool",),
    "printer": ("show",),
    "recording": ("NullReason", "Recording", "record", "recorder"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import the home of a name when somebody first asks for it."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
