"""Values of hosts and of formulas as straight code works with them: short decimals as int or float."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from relflow.feel.types import Type
from relflow.program import ConformError, conform

__all__ = ["fitting", "lighter", "plain"]

_DIGITS = 15
_LONGEST = 34


def fitting(value: Any, type_: Type) -> Any:
    """The value if it is of the type that its decision declares; else None, which leaves the fast path."""
    try:
        return conform(value, type_)
    except ConformError:
        return None


def plain(value: Any) -> Any:
    """A number as int or float, as guarded facts are; one of more digits becomes None, which leaves the fast path."""
    if value.__class__ is not Decimal:
        return value if value.__class__ is int or value.__class__ is float else None
    if value.is_finite() and value.adjusted() < _LONGEST and value == value.to_integral_value():
        return int(value)
    short = lighter(value)
    return None if short.__class__ is Decimal else short


def lighter(value: Decimal) -> Any:
    """A decimal of at most 15 digits as the int or float of the same value; any other as it is."""
    text = str(value)
    if len(text) > _DIGITS or "E" in text or not value.is_finite():
        return value
    whole, _, rest = text.partition(".")
    return float(text) if rest.strip("0") else int(whole)
