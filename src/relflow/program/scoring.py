"""What a scorecard adds up to, as a range where facts are missing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from relflow.program.asking import Asking
from relflow.program.code import Broken, Code
from relflow.program.nodes import Outcome
from relflow.program.scorecards import Band, Criterion, Scorecard
from relflow.program.tables import Cell
from relflow.values import CONTEXT, exact_decimal

__all__ = ["cell_result", "decide_scorecard", "level_of", "share"]

Ends = tuple[Any, Any]
ZERO: Ends = (0, 0)


def decide_scorecard(run: Asking, name: str, card: Scorecard) -> Outcome:
    """The level that the points reach, or the points; unknown if the ends of their range differ in that."""
    low: Any = 0
    high: Any = 0
    for index, line in enumerate(card.criteria):
        value, ends = _criterion(run, line, no_match=card.no_match)
        run.saw_criterion(name, index, value, *(ends or (None, None)))
        if ends is None:
            low = high = None
        elif low is not None:
            low, high = add(low, ends[0]), add(high, ends[1])
    if low is None:
        return Outcome(None, unknown=True)
    if not card.levels:
        return Outcome(low if low == high else None, low != high, low=low, high=high)
    levels = [(level, number(run, points)) for level, points in card.levels]
    if any(points is None for _, points in levels):
        return Outcome(None, unknown=True, low=low, high=high)
    least, most = level_of(levels, low), level_of(levels, high)
    if least != most:
        return Outcome(None, unknown=True, low=low, high=high)
    return Outcome(least, low=low, high=high)


def level_of(levels: list[tuple[str, Any]], points: Any) -> str | None:
    """The first level, highest first, whose points are reached; None below the last."""
    return next((level for level, least in levels if points >= least), None)


def number(run: Asking, value: Any) -> Any:
    """A number that may be given by a formula; None where that is null or broken."""
    if isinstance(value, Code):
        return run.call(value)
    return None if isinstance(value, Broken) else value


def _criterion(run: Asking, line: Criterion, *, no_match: bool) -> tuple[Any, Ends | None]:
    """The value that was looked at, and the least and most points that it may add; None: these are not known."""
    if line.when is not None:
        return _condition(run, line, no_match=no_match)
    if not isinstance(line.expression, Code):
        return None, None
    value = run.call(line.expression)
    missing = value is None and not no_match and run.marked(line.expression)
    bands = _bands(run, line.bands, value, missing=missing, no_match=no_match)
    weight = number(run, line.weight) if line.weight is not None else 100
    if weight is None or any(points is None for points in bands):
        return value, None
    scores = [share(weight, points) for points in bands]
    return value, (min(scores), max(scores))


def _condition(run: Asking, line: Criterion, *, no_match: bool) -> tuple[Any, Ends | None]:
    points = number(run, line.points)
    if points is None or not isinstance(line.when, Code):
        return None, None
    value = run.strict(line.when)
    if value is None and not no_match and run.marked(line.when):
        return value, (min(0, points), max(0, points))
    value = run.call(line.when) if value is None else value
    return value, (points, points) if value is True else ZERO


def _bands(run: Asking, bands: tuple[Band, ...], value: Any, *, missing: bool, no_match: bool) -> list[Any]:
    """The points of every band that may be the first to match; 0 where none may match."""
    possible = []
    for band in bands:
        result = cell_result(run, band.cell, value, missing=missing, no_match=no_match)
        if result is not False:
            possible.append(number(run, band.points))
        if result is True:
            return possible
    return [*possible, 0]


def cell_result(run: Asking, cell: Cell, value: Any, *, missing: bool, no_match: bool = False) -> bool | None:
    """Whether a cell accepts a value; None where something missing leaves it open."""
    if cell.tests is None:
        return True
    if cell.region is not None:
        if value is None and not missing:
            return cell.region.plain is True
        return cell.region.accepts(value)
    if not isinstance(cell.tests, Code):
        return None
    if not no_match and (missing or run.marked(cell.tests)):
        answer = run.strict(cell.tests, value)
        return None if answer is None else answer is True
    return run.call(cell.tests, value) is True


def add(first: Any, second: Any) -> Any:
    """The sum of two numbers."""
    if first.__class__ is int and second.__class__ is int:
        return first + second
    return CONTEXT.add(exact_decimal(first), exact_decimal(second))


def share(weight: Any, points: Any) -> Any:
    """`weight * points / 100`, an int where it is whole."""
    if weight.__class__ is int and points.__class__ is int:
        whole, rest = divmod(weight * points, 100)
        if not rest:
            return whole
    product = CONTEXT.multiply(exact_decimal(weight), exact_decimal(points))
    share = CONTEXT.divide(product, Decimal(100))
    return int(share) if share == share.to_integral_value() else share
