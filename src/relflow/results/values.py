"""Values as JSON has them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

__all__ = ["jsonable"]

_EXACT = 2**53


def jsonable(value: object) -> object:
    """The value with nothing in it but what JSON knows: decimals as numbers where exact, dates and others as text."""
    if value is None or isinstance(value, bool | str | int | float):
        return value
    if isinstance(value, Decimal):
        if value == value.to_integral_value() and abs(value) < _EXACT:
            return int(value)
        short = float(value)
        return short if Decimal(repr(short)) == value else str(value)
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    iso = getattr(value, "isoformat", None)
    return str(iso()) if callable(iso) else str(value)
