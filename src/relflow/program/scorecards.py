"""Scorecards as compiled: criteria whose points add up to a level."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from relflow.diagnostics import Span
from relflow.program.code import Broken, Code
from relflow.program.tables import Cell
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["Band", "Criterion", "Scorecard"]

Points = int | Decimal


@dataclass(frozen=True, slots=True)
class Band:
    """The points, out of 100, for the values that a cell accepts."""

    cell: Cell
    points: Points | Code | Broken


@dataclass(frozen=True, slots=True)
class Criterion:
    """`points` if `when` is true; or `weight` times the points of the first band that `expression` meets, / 100."""

    id: str
    span: Span
    when: Code | Broken | None = None
    points: Points | Code | Broken | None = None
    expression: Code | Broken | None = None
    weight: Points | Code | Broken | None = None
    bands: tuple[Band, ...] = ()
    label: Text | None = None
    source: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What it looks at, as written."""
        code = self.when or self.expression
        return code.fragment.text if code is not None else ""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The criteria, and the levels with the points from which each holds, highest first; without levels: the sum.

    With `no_match` a missing fact counts as null, and adds what null adds.
    """

    span: Span
    criteria: tuple[Criterion, ...]
    levels: tuple[tuple[str, Points | Code | Broken], ...] = ()
    no_match: bool = False

    @property
    def codes(self) -> tuple[Code, ...]:
        """Every expression in it."""
        found: list[Any] = [points for _, points in self.levels]
        for line in self.criteria:
            found += [line.when, line.points, line.expression, line.weight]
            for band in line.bands:
                found += [band.cell.tests if band.cell.complex else None, band.points]
        return tuple(code for code in found if isinstance(code, Code))

    @property
    def reads_time(self) -> bool:
        """Whether one of its expressions reads the time."""
        return any(code.reads_time for code in self.codes)
