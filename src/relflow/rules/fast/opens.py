"""Tables where something may be missing: rows that are open, rows that are sure, and whether that matters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relflow.program import Aggregation, Code, HitPolicy, Row, Table
from relflow.rules.fast.body import Body
from relflow.rules.fast.conditions import condition, possible
from relflow.values import equal

__all__ = ["CHAIN", "Input", "keeps_open", "row_tests", "write_open"]

CHAIN = 24
"""Rows up to which conditions one after the other are quicker than masks."""

Input = tuple[str, bool]
"""A column: the local name of its value, and whether that may be None."""


def keeps_open(table: Table) -> bool:
    """Whether a table has a form in which rows may be left open: short, with simple cells and literal outputs.

    It answers with its first row, or with a list or the number of those that hold.
    """
    if table.no_match or not 0 < len(table.rows) <= CHAIN or not _is_open_policy(table):
        return False
    if any(row.computed or any(cell.complex for cell in row.cells) for row in table.rows):
        return False
    return all(isinstance(column.code, Code) for column in table.columns)


def _is_open_policy(table: Table) -> bool:
    match table.hit_policy:
        case HitPolicy.FIRST | HitPolicy.RULE_ORDER | HitPolicy.OUTPUT_ORDER:
            return True
        case HitPolicy.COLLECT:
            return table.aggregation in (Aggregation.LIST, Aggregation.COUNT)
        case _:
            return False


def write_open(body: Body, table: Table, inputs: list[Input], row: str) -> str:
    """Lines that put the index of the first sure row (or -1) into `row`; the condition under which open ones matter."""
    writer = body.writer
    opens = writer.new("o")
    writer.add(f"{opens} = 0")
    writer.add("while True:")
    for index, line in enumerate(table.rows):
        tests, nulls = row_tests(body, line, inputs)
        depth = 1
        if tests:
            writer.add(f"if {' and '.join(tests)}:", 1)
            depth = 2
        if nulls:
            writer.add(f"if {' or '.join(nulls)}: {opens} |= {1 << index}", depth)
            writer.add("else:", depth)
            depth += 1
        writer.add(f"{row} = {index}", depth)
        writer.add("break", depth)
        if not tests and not nulls:
            break
    else:
        writer.add(f"{row} = -1", 1)
        writer.add("break", 1)
    differs = writer.kept(_differing(table))
    return f"{opens} and {differs}({opens}, {row})"


def row_tests(body: Body, line: Row, inputs: list[Input]) -> tuple[list[str], list[str]]:
    """The conditions under which a row is possible, and those under which it then is open."""
    tests: list[str] = []
    nulls: list[str] = []
    for cell, (name, nullable) in zip(line.cells, inputs, strict=True):
        if cell.region is None:
            continue
        if not nullable:
            test = condition(body.writer, cell.region, name, nullable=False)
        else:
            test = possible(body.writer, cell.region, name)
            if cell.region.null is None:
                nulls.append(f"{name} is None")
        if test != "True":
            tests.append(test)
    return tests, nulls


def _differing(table: Table) -> Callable[[int, int], bool]:
    """A function that tells whether one of the open rows gives something else than the row that decides."""
    outputs: list[Any] = [row.outputs if len(row.outputs) > 1 else row.outputs[0] for row in table.rows]
    outputs.append(table.default)
    classes: list[int] = []
    for place, output in enumerate(outputs):
        same = (other for other in range(place) if equal(_plain(outputs[other]), _plain(output)) is True)
        classes.append(next(same, place))

    def differs(opens: int, row: int) -> bool:
        wanted = classes[row]
        while opens:
            if classes[(opens & -opens).bit_length() - 1] != wanted:
                return True
            opens &= opens - 1
        return False

    return differs


def _plain(output: Any) -> Any:
    return list(output) if isinstance(output, tuple) else output
