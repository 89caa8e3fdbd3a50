"""Which levels of its scheme a decision can give at all, which sums a scorecard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import reduce

from relflow.feel import tree
from relflow.program import Broken, Code, Criterion, Decision, Region, Scheme, Scorecard, Table

__all__ = ["Levels", "levels_of", "stated_levels", "sums"]

Points = Decimal | int
Levels = tuple[tuple[str, Points], ...]


def levels_of(scheme: Scheme, decision: Decision) -> frozenset[str] | None:
    """The levels that the decision can give, by its rows, its points or its texts; None where that cannot be told."""
    match decision.body:
        case Table() as table:
            found = _of_table(table)
        case Scorecard() as card:
            found = _of_points(card)
        case Code() as code:
            found = _of_expression(code.tree)
        case _:
            return None
    return None if found is None else frozenset(found & set(scheme.levels))


def _of_table(table: Table) -> set[str] | None:
    """What its rows and its default say; one that computes its output could say anything."""
    if len(table.outputs) != 1 or any(row.computed for row in table.rows):
        return None
    return {str(row.outputs[0]) for row in table.rows} | ({str(table.default)} if table.has_default else set())


def _of_points(card: Scorecard) -> set[str] | None:
    """The levels that some sum between the lowest and the highest one reaches."""
    ends, thresholds = sums(card), stated_levels(card)
    if not thresholds or ends is None:
        return None
    least, most = ends
    above = [points for _, points in thresholds[:-1]]
    found = {thresholds[0][0]} if most >= thresholds[0][1] else set()
    for (level, points), higher in zip(thresholds[1:], above, strict=True):
        if most >= points and least < higher:
            found.add(level)
    return found


def stated_levels(card: Scorecard) -> Levels | None:
    """The levels with the points from which they hold, highest first; None where points are formulas."""
    found = tuple((level, points) for level, points in card.levels if not isinstance(points, Code | Broken))
    return found if len(found) == len(card.levels) else None


def sums(card: Scorecard) -> tuple[Points, Points] | None:
    """The lowest and the highest sum; None where points are formulas."""
    ranges = [_range(line) for line in card.criteria]
    known = [one for one in ranges if one is not None]
    if len(known) < len(ranges):
        return None
    return sum(low for low, _ in known), sum(high for _, high in known)


def _range(line: Criterion) -> tuple[Points, Points] | None:
    """The fewest and the most points that a criterion adds; one that does not hold adds none."""
    if line.expression is None:
        return None if isinstance(line.points, Code | Broken | None) else _with_nothing([line.points])
    bands = [band.points for band in line.bands if not isinstance(band.points, Code | Broken)]
    if isinstance(line.weight, Code | Broken) or len(bands) < len(line.bands):
        return None
    weight = Decimal(100 if line.weight is None else line.weight)
    points = [weight * share / 100 for share in bands]
    return (min(points), max(points)) if _complete(line) else _with_nothing(points)


def _complete(line: Criterion) -> bool:
    """Whether some band takes every value, or all of them together do."""
    if any(band.cell.tests is None for band in line.bands):
        return True
    regions = [band.cell.region for band in line.bands if band.cell.region is not None]
    if len(regions) < len(line.bands) or not regions:
        return False
    left = reduce(Region.union, regions).complement()
    return not left.intervals and not left.values and not left.negated


def _with_nothing(points: Sequence[Points]) -> tuple[Points, Points]:
    return min([*points, 0]), max([*points, 0])


def _of_expression(node: tree.Node) -> set[str] | None:
    """The texts in which the branches of an `if` end; None where one ends in anything else."""
    ends = list(_ends(node))
    if not all(isinstance(end, tree.String | tree.Null) for end in ends):
        return None
    return {end.value for end in ends if isinstance(end, tree.String)}


def _ends(node: tree.Node) -> Iterator[tree.Node]:
    if isinstance(node, tree.If):
        yield from _ends(node.then)
        yield from _ends(node.otherwise)
    else:
        yield node
