"""Values of a host on their way in: what FEEL computes with, and nothing else.

int, float (its shortest decimal text), Decimal, str, bool, None, date, time, datetime, timedelta and the classes of
`relflow.values` stay as they are; tuples and other sequences become lists, mappings become dicts of text keys. NaN
and infinities are null. Anything else is null, too: no attribute of a foreign object can be reached.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from relflow.feel.functions import Function
from relflow.feel.nulls import fail
from relflow.feel.reasons import NOT_FINITE, UNKNOWN_KIND
from relflow.values import (
    ExactDateTime,
    ExactDuration,
    ExactTime,
    FarDate,
    Range,
    WorkingDuration,
    YearsMonthsDuration,
)

__all__ = ["entered"]

_AS_IT_IS: Final = frozenset(
    {
        bool,
        int,
        str,
        type(None),
        date,
        datetime,
        time,
        timedelta,
        ExactDateTime,
        ExactDuration,
        ExactTime,
        FarDate,
        Range,
        WorkingDuration,
        YearsMonthsDuration,
        Function,
    }
)
_BASES: Final = (bool, int, float, str, Decimal)
_DEEPEST: Final = 50


def entered(value: Any, depth: int = 0) -> Any:
    """A host's value as FEEL sees it."""
    kind = value.__class__
    if kind in _AS_IT_IS:
        return value
    if kind is float or kind is Decimal:
        return value if math.isfinite(value) else fail(NOT_FINITE)
    if depth > _DEEPEST:
        return fail(UNKNOWN_KIND, kind=kind.__name__)
    if kind is list or isinstance(value, tuple):
        return [entered(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {str(key): entered(item, depth + 1) for key, item in value.items()}
    return _subclass(value, depth)


def _subclass(value: Any, depth: int) -> Any:
    """Values of classes that derive from known ones, such as enumerations of text, as the plain ones."""
    for base in _BASES:
        if isinstance(value, base):
            return entered(base(str.__str__(value)) if base is str else base(value), depth)
    if isinstance(value, datetime | date | time | timedelta):
        return value
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [entered(item, depth + 1) for item in value]
    return fail(UNKNOWN_KIND, kind=value.__class__.__name__)
