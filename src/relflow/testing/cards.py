"""Whether two scorecards give the same level whatever the facts are."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice, product

from relflow.compiler.literals import number
from relflow.model import Criterion, Scorecard, Value

__all__ = ["same_levels"]

_MOST = 4096


def same_levels(first: Scorecard, second: Scorecard) -> bool:
    """Whether no combination of points tells them apart; not known (False) where points are formulas or too many."""
    if not first.levels or len(first.criteria) != len(second.criteria):
        return False
    found = _levels(first)
    return found is not None and found == _levels(second)


def _levels(card: Scorecard) -> list[str | None] | None:
    options: list[list[Decimal]] = []
    for line in card.criteria:
        found = _options(line)
        if found is None:
            return None
        options.append(found)
    least: list[tuple[str, Decimal]] = []
    for threshold in card.levels:
        points = _points(threshold.points)
        if points is None:
            return None
        least.append((threshold.level.text, points))
    sums = [sum(chosen, Decimal()) for chosen in islice(product(*options), _MOST + 1)]
    if len(sums) > _MOST:
        return None
    return [next((level for level, points in least if total >= points), None) for total in sums]


def _options(line: Criterion) -> list[Decimal] | None:
    """The points that a line may add: none, its own, or those of a band by its weight; None if one is no literal."""
    weight = _points(line.weight) if line.weight is not None else Decimal(100)
    bands = [_points(band.points) for band in line.bands] if line.when is None else [_points(line.points)]
    found = [Decimal()]
    for points in bands:
        if points is None or weight is None:
            return None
        found.append(points if line.when is not None else weight * points / 100)
    return found


def _points(value: Value | None) -> Decimal | None:
    found = number(value.text.text) if value is not None and not value.formula else None
    return None if found is None else Decimal(found)
