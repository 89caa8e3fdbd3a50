"""One row of a table: the conditions under which it holds, and what it gives."""

from __future__ import annotations

from typing import Any

from relflow.program import Cell, Code, Row, Table
from relflow.rules.fast.body import Body
from relflow.rules.fast.conditions import condition
from relflow.rules.fast.opens import Input
from relflow.rules.fast.writer import UnsupportedError

__all__ = ["output_of", "row_conditions"]


def row_conditions(body: Body, table: Table, inputs: list[Input], row: Row) -> tuple[list[str], list[str]]:
    """The conditions of a row, and the conditions under which something left it open."""
    tests: list[str] = []
    opens: list[str] = []
    late: list[tuple[Cell, Input]] = []
    for cell, input_ in zip(row.cells, inputs, strict=True):
        if cell.tests is None:
            continue
        if cell.region is not None:
            test = condition(body.writer, cell.region, input_[0], nullable=input_[1])
            if test != "True":
                tests.append(test)
        else:
            late.append((cell, input_))
    for cell, input_ in late:
        if not isinstance(cell.tests, Code):
            raise UnsupportedError
        if table.no_match:
            tests.append(body.emitter(cell.tests, input_nullable=input_[1]).truth(cell.tests.checked, input_[0]))
            continue
        source, may_open = body.condition(cell.tests, input_[0], input_nullable=input_[1])
        if may_open:
            name = body.writer.new("t")
            tests.append(f"(({name} := {source}) is True or {name} is None)")
            opens.append(f"{name} is None")
        else:
            tests.append(source)
    return tests, opens


def output_of(table: Table, row: Row) -> Any:
    """What a row of literals gives, all outputs by name where there are several; None for formulas."""
    if row.computed:
        return None
    if len(table.outputs) == 1:
        return row.outputs[0]
    return {column.name: output for column, output in zip(table.outputs, row.outputs, strict=True)}
