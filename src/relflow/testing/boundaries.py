"""The values of facts at which answers may change: each threshold with its neighbours, each choice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from relflow.errors import FeelError
from relflow.feel import evaluate, show, tree
from relflow.feel.types import BOOLEAN, NumberType, StringType
from relflow.policy import Policy
from relflow.program import Code, Decision, Fact, Indicator, Node, Region, Run, Scorecard, Table
from relflow.program.tables import Cell
from relflow.values import YearsMonthsDuration

__all__ = ["around", "boundaries", "thresholds"]

At = date | datetime | None
INPUT = "?"


def boundaries(policy: Policy, name: str, at: At = None) -> dict[str, tuple[Any, ...]]:
    """For each fact that deciding `name` may read, and that is no list or record, the values worth trying, in order.

    These are every threshold with the values just below and just above it, every choice, true and false; bounds of the
    declaration hold. A missing value is not among them. `at` is the day that `today()` stands for.
    """
    found = thresholds(policy, name, at)
    values: dict[str, tuple[Any, ...]] = {}
    for fact in policy.facts_for(name):
        node = policy.program.facts[fact]
        chosen = _values(node, found.get(fact, ()))
        if chosen:
            values[fact] = chosen
    return values


def _values(fact: Fact, thresholds: tuple[Any, ...]) -> tuple[Any, ...]:
    type_ = fact.type
    if type_ == BOOLEAN:
        return True, False
    if isinstance(type_, StringType):
        texts = tuple(value for value in thresholds if isinstance(value, str))
        return type_.allowed or (*dict.fromkeys(texts), *(["other"] if texts else []))
    values = {near for value in thresholds for near in around(value)}
    if isinstance(type_, NumberType):
        values = {value for value in values if isinstance(value, int | Decimal)}
        low, high = type_.minimum, type_.maximum
        values |= {bound for bound in (low, high) if bound is not None} or ({0, 1} if not values else set())
        values = {value for value in values if (low is None or value >= low) and (high is None or value <= high)}
    try:
        return tuple(sorted(values))
    except TypeError:
        return ()  # thresholds of several kinds: whoever wrote them gets a finding for it


def around(value: Any) -> tuple[Any, ...]:
    """Just below, at, and just above a threshold: by the last digit that is written, a day, a minute, a month."""
    match value:
        case bool() | str():
            return (value,)
        case int():
            return value - 1, value, value + 1
        case Decimal():
            exponent = value.as_tuple().exponent
            step = Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)
            return tuple(_plain(number) for number in (value - step, value, value + step))
        case datetime():
            return value - timedelta(minutes=1), value, value + timedelta(minutes=1)
        case date() | timedelta():
            return value - timedelta(days=1), value, value + timedelta(days=1)
        case YearsMonthsDuration():
            return tuple(replace(value, months=value.months + step) for step in (-1, 0, 1))
    return ()


def _plain(number: Decimal) -> int | Decimal:
    return int(number) if number == number.to_integral_value() else number


def thresholds(policy: Policy, name: str, at: At = None) -> dict[str, tuple[Any, ...]]:
    """The values that facts are compared with on the way to the answer, with the company's parameters put in."""
    run = Run(policy.program, {}, at)
    found: dict[str, dict[Any, None]] = {}
    for node in policy.program.closure(name):
        for fact, value in _of_node(policy, policy.program.nodes[node], run):
            if value is not None and not isinstance(value, list | dict):
                found.setdefault(fact, {})[value] = None
    return {fact: tuple(values) for fact, values in found.items()}


def _of_node(policy: Policy, node: Node, run: Run) -> Iterator[tuple[str, Any]]:
    match node:
        case Decision(body=Table() as table):
            for at, column in enumerate(table.columns):
                if isinstance(column.code, Code):
                    yield from _of_code(policy, column.code, run)
                    yield from _of_cells(policy, column.code, (row.cells[at] for row in table.rows), run)
            for code in table.codes:
                yield from _of_code(policy, code, run)
        case Decision(body=Scorecard() as card):
            for code in card.codes:
                yield from _of_code(policy, code, run)
            for line in card.criteria:
                if isinstance(line.expression, Code):
                    yield from _of_cells(policy, line.expression, (band.cell for band in line.bands), run)
        case Decision(body=Code() as code) | Indicator(when=Code() as code):
            yield from _of_code(policy, code, run)


def _of_cells(policy: Policy, heading: Code, cells: Iterator[Cell], run: Run) -> Iterator[tuple[str, Any]]:
    """What the cells below a heading compare it with, if it is a fact by itself."""
    name = heading.tree.name if isinstance(heading.tree, tree.Name) else None
    if name is None or name not in policy.program.facts:
        return
    for cell in cells:
        if cell.region is not None:
            yield from ((name, value) for value in _of_region(cell.region))
        elif isinstance(cell.tests, Code):
            yield from ((name, value) for fact, value in _of_code(policy, cell.tests, run) if fact == INPUT)


def _of_region(region: Region) -> Iterator[Any]:
    yield from sorted(region.values, key=str)
    for interval in region.intervals:
        yield from (interval.low, interval.high)


def _of_code(policy: Policy, code: Code, run: Run) -> Iterator[tuple[str, Any]]:
    """The facts that are compared in an expression, each with the value of the other side."""
    for part in tree.walk(code.tree):
        match part:
            case (
                tree.Comparison(left=tree.Name(name=name), right=other)
                | tree.Comparison(left=other, right=tree.Name(name=name))
            ):
                sides = [other]
            case tree.Between(value=tree.Name(name=name), low=low, high=high):
                sides = [low, high]
            case tree.In(value=tree.Name(name=name), tests=tests):
                sides = [side for test in tests for side in _sides(test)]
            case _:
                continue
        if name == INPUT or name in policy.program.facts:
            yield from ((name, _value(policy, side, run)) for side in sides)


def _sides(test: tree.Node) -> list[tree.Node]:
    match test:
        case tree.Range(low=low, high=high):
            return [side for side in (low, high) if side is not None]
        case tree.Comparison(right=right):
            return [right]
    return [test]


def _value(policy: Policy, node: tree.Node, run: Run) -> Any:
    """The value of a part that reads nothing but parameters and the day; None where it reads more."""
    names = {part.name for part in tree.walk(node) if isinstance(part, tree.Name)}
    if not names <= policy.program.parameters.keys():
        return None
    try:
        values = {name: run.outcome(name).value for name in names if policy.program.parameters[name].per is None}
        found = evaluate(show(node), values, now=run.now)
    except FeelError:
        return None
    return _plain(found) if isinstance(found, Decimal) else found
