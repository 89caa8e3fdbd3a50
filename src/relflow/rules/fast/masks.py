"""Long tables: the rows that a value leaves, as one int for each column, looked up by bisection or by name."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from relflow.program import ColumnIndex
from relflow.rules.fast.writer import Writer
from relflow.values import YearsMonthsDuration

__all__ = ["mask"]


def mask(writer: Writer, index: ColumnIndex, name: str, *, nullable: bool) -> str | None:
    """Python source of the rows that a value leaves; None where it leaves them all."""
    found = _ordered(writer, index, name) if index.ordered else _named(writer, index, name)
    if found is None:
        return None
    if nullable:
        return f"({index.plain} if {name} is None else {found})"
    return found


def _named(writer: Writer, index: ColumnIndex, name: str) -> str | None:
    if not index.names:
        return None
    return f"{writer.kept(dict(index.names).get)}({name}, {writer.kept(index.others)})"


def _ordered(writer: Writer, index: ColumnIndex, name: str) -> str | None:
    """A list of bounds from each of which another mask holds; neighbours with one mask are one."""
    bounds: list[Any] = []
    masks = [index.masks[0]]
    for position, cut in enumerate(index.cuts):
        at, above = index.masks[2 * position + 1], index.masks[2 * position + 2]
        plain = _plain(writer, cut)
        for bound, rows in ((plain, at), (_next(plain), above)):
            if rows != masks[-1]:
                bounds.append(bound)
                masks.append(rows)
    if not bounds:
        return None
    return f"{writer.kept(tuple(masks))}[_bisect({writer.kept(bounds)}, {name})]"


def _plain(writer: Writer, cut: Any) -> Any:
    """The cut as facts have it: int or float, never Decimal. Raises UnsupportedError where a float cannot say it."""
    writer.constant(cut)
    return float(cut) if isinstance(cut, Decimal) else cut


def _next(cut: Any) -> Any:
    """The least value of the kind that is greater than `cut`; for an int the float just above it."""
    if isinstance(cut, int | float):
        return math.nextafter(float(cut), math.inf)
    if isinstance(cut, date):
        return cut + timedelta(days=1)
    if isinstance(cut, YearsMonthsDuration):
        return YearsMonthsDuration(cut.months + 1)
    return cut + timedelta.resolution
