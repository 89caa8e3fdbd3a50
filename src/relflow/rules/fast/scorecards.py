"""Scorecards as straight Python, with a range of points where facts are missing."""

from __future__ import annotations

from typing import Any

from relflow.feel.tree import Name
from relflow.program import Band, Code, Criterion, Region, Scorecard
from relflow.program.scoring import share
from relflow.rules.fast.body import Body
from relflow.rules.fast.conditions import condition
from relflow.rules.fast.writer import LEAVE, UnsupportedError

__all__ = ["write_scorecard"]


def write_scorecard(body: Body, card: Scorecard, value: str, unknown: str) -> None:
    """Lines that put the level, or the sum where there are no levels, into `value`.

    `unknown` is the line for a range of points whose ends differ in that: it returns, or gives `value` a mark. Raises
    UnsupportedError where points are formulas or no integers.
    """
    points = _Points(body, card)
    points.write()
    writer = body.writer
    if not card.levels:
        writer.add(f"{value} = {points.low}")
        if points.ranged:
            writer.add(f"if {points.low} != {points.high}: {unknown}")
        return
    writer.add(f"{value} = {_level(body, card, points.low)}")
    if points.ranged:
        writer.add(f"if {points.low} != {points.high} and {value} != ({_level(body, card, points.high)}): {unknown}")


def _level(body: Body, card: Scorecard, total: str) -> str:
    answer = "None"
    for level, points in reversed(card.levels):
        answer = f"{body.writer.constant(level)} if {total} >= {_whole(points)} else {answer}"
    return answer


def _whole(points: Any) -> int:
    if points.__class__ is not int:
        raise UnsupportedError
    return int(points)


class _Points:
    """The sum of a scorecard while it is written; with `ranged`, its least and its greatest value are kept apart."""

    def __init__(self, body: Body, card: Scorecard) -> None:
        self.body = body
        self.card = card
        self.ranged = not card.no_match and any(self.open(line) for line in card.criteria)
        self.low = body.writer.new("s")
        self.high = body.writer.new("s") if self.ranged else self.low

    def open(self, line: Criterion) -> bool:
        """Whether a missing fact may leave the points of a line open."""
        if line.when is not None:
            return isinstance(line.when, Code) and any(name in self.body.nullable for name in line.when.reads)
        code = line.expression
        return isinstance(code, Code) and isinstance(code.tree, Name) and code.tree.name in self.body.nullable

    def write(self) -> None:
        """The lines of all criteria."""
        self.body.writer.add(f"{self.low} = {self.high} = 0" if self.ranged else f"{self.low} = 0")
        for line in self.card.criteria:
            if line.when is not None:
                self.condition(line)
            else:
                self.bands(line)

    def add(self, test: str, low: int, high: int) -> None:
        """Points under a condition, such as `if x:`, or always."""
        line = f"{self.low} += {low}"
        if self.ranged:
            line += f"; {self.high} += {high}"
        self.body.writer.add(f"{test} {line}" if test else line)

    def condition(self, line: Criterion) -> None:
        """Points for a condition."""
        if not isinstance(line.when, Code):
            raise UnsupportedError
        points = _whole(line.points)
        if self.card.no_match:
            self.add(f"if {self.body.emitter(line.when).truth(line.when.checked)}:", points, points)
            return
        source, may_open = self.body.condition(line.when)
        if not may_open:
            self.add(f"if {source}:", points, points)
            return
        writer = self.body.writer
        name = writer.new("t")
        writer.add(f"{name} = {source}")
        self.add(f"if {name} is True:", points, points)
        missing = [self.body.names[read] for read in line.when.reads if read in self.body.nullable]
        if missing:
            tests = " or ".join(f"{local} is None" for local in missing)
            self.add(f"elif {name} is None and ({tests}):", min(0, points), max(0, points))
        writer.add(f"elif {name} is None: {LEAVE}")

    def bands(self, line: Criterion) -> None:
        """Points for the first band that a value meets."""
        if not isinstance(line.expression, Code):
            raise UnsupportedError
        writer = self.body.writer
        name, nullable = self.body.operand(line.expression)
        weight = _whole(line.weight) if line.weight is not None else 100
        shares = [(band, _whole(share(weight, _whole(band.points)))) for band in line.bands]
        word = "if"
        if nullable and not self.card.no_match:
            if not self.open(line):
                writer.add(f"if {name} is None: {LEAVE}")
            else:
                possible = _possible(shares)
                self.add(f"if {name} is None:", min(possible), max(possible))
                word = "elif"
            nullable = False
        for band, points in shares:
            if band.cell.tests is None:
                self.add("else:" if word == "elif" else "", points, points)
                return
            test = condition(writer, _region(band.cell.region), name, nullable=nullable)
            self.add(f"{word} {test}:", points, points)
            word = "elif"


def _possible(shares: list[tuple[Band, int]]) -> list[int]:
    """The points of every band that may be the first for a missing value; 0 where none may be."""
    possible = []
    for band, points in shares:
        null = True if band.cell.tests is None else _region(band.cell.region).null
        if null is not False:
            possible.append(points)
        if null:
            return possible
    return [*possible, 0]


def _region(region: Region | None) -> Region:
    if region is None:
        raise UnsupportedError
    return region
