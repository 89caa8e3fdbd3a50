"""Scorecards as straight Python."""

from __future__ import annotations

from typing import Any

from relflow.program import Broken, Code, Criterion, Region, Scorecard
from relflow.program.scoring import share
from relflow.rules.fast.body import Body
from relflow.rules.fast.conditions import condition
from relflow.rules.fast.writer import LEAVE, UnsupportedError

__all__ = ["bands_take_null", "write_scorecard"]


def write_scorecard(body: Body, card: Scorecard, value: str) -> None:
    """Lines that put the level, or the sum where there are no levels, into `value`.

    Raises UnsupportedError where points are formulas or no integers.
    """
    writer = body.writer
    total = writer.new("s") if card.levels else value
    writer.add(f"{total} = 0")
    for line in card.criteria:
        if line.when is not None:
            _condition(body, line, total)
        else:
            _bands(body, line, total)
    if not card.levels:
        return
    answer = "None"
    for level, points in reversed(card.levels):
        answer = f"{writer.constant(level)} if {total} >= {_whole(points)} else {answer}"
    writer.add(f"{value} = {answer}")


def _whole(points: Any) -> int:
    if points.__class__ is not int:
        raise UnsupportedError
    return int(points)


def _condition(body: Body, line: Criterion, total: str) -> None:
    if not isinstance(line.when, Code):
        raise UnsupportedError
    points = _whole(line.points)
    source, may_open = body.condition(line.when)
    if not may_open:
        body.writer.add(f"if {source}: {total} += {points}")
        return
    name = body.writer.new("t")
    body.writer.add(f"{name} = {source}")
    body.writer.add(f"if {name} is True: {total} += {points}")
    body.writer.add(f"elif {name} is None: {LEAVE}")


def _bands(body: Body, line: Criterion, total: str) -> None:
    writer = body.writer
    if not isinstance(line.expression, Code):
        raise UnsupportedError
    name, nullable = body.operand(line.expression)
    if nullable and not bands_take_null(line):
        writer.add(f"if {name} is None: {LEAVE}")
        nullable = False
    weight = _whole(line.weight) if line.weight is not None else 100
    word = "if"
    for band in line.bands:
        points = _whole(share(weight, _whole(band.points)))
        if band.cell.tests is None:
            writer.add(f"else: {total} += {points}" if word == "elif" else f"{total} += {points}")
            return
        region = _region(band.cell.region)
        writer.add(f"{word} {condition(writer, region, name, nullable=nullable)}: {total} += {points}")
        word = "elif"


def _region(region: Region | None) -> Region:
    if region is None:
        raise UnsupportedError
    return region


def bands_take_null(line: Criterion) -> bool:
    """Whether the first band that null does not fail says what null means, so that nothing is left open."""
    for band in line.bands:
        if band.cell.tests is None:
            return True
        if isinstance(band.cell.tests, Broken) or band.cell.region is None or band.cell.region.null is None:
            return False
        if band.cell.region.null:
            return True
    return True
