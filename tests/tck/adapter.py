"""relflow as an engine for the conformance kit's own runner."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from relflow import feel
from relflow.errors import FeelError
from relflow.values import YearsMonthsDuration, kind_of, to_text

NAME = "relflow"
ERRORS = (FeelError,)
make_ym = YearsMonthsDuration

_TYPES = {
    "date": "date",
    "time": "time",
    "date and time": "dateTime",
    "days and time duration": "dayTimeDuration",
    "years and months duration": "yearMonthDuration",
}
_NOW = datetime.datetime(2026, 7, 1, 12, 0, tzinfo=datetime.UTC)


def evaluate_feel(expression: str, context: Mapping[str, Any]) -> Any:
    """The value of an expression; a text that is not FEEL has none."""
    try:
        return feel.evaluate(expression, context, now=_NOW)
    except FeelError:
        return None


def evaluate_unary(test: str, value: Any, context: Mapping[str, Any]) -> bool:
    """Whether a cell holds."""
    return feel.unary_test(test, value, context, now=_NOW) is True


def ym_months(value: Any) -> int | None:
    """The months of a years-and-months duration, None for other values."""
    return value.months if isinstance(value, YearsMonthsDuration) else None


def to_typed(value: Any) -> dict[str, Any] | None:
    """Temporal values in the kit's notation: years beyond Python's and nanoseconds included."""
    kind = _TYPES.get(kind_of(value))
    return None if kind is None else {"t": kind, "v": to_text(value)}
