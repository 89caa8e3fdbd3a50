"""Tables that answer with all rows that hold: as a list, a number, a sum, or the best of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relflow.program import Aggregation, Broken, Row, Table
from relflow.rules.fast.body import Body
from relflow.rules.fast.opens import CHAIN, Input, keeps_open, row_tests
from relflow.rules.fast.rowcode import output_of, row_conditions
from relflow.rules.fast.writer import LEAVE, UnsupportedError, returns

__all__ = ["write_collected"]


def write_collected(
    body: Body,
    table: Table,
    inputs: list[Input],
    rows: list[tuple[int, Row]],
    value: str,
    row: str,
    unknown: str,
    *,
    fresh: bool,
) -> None:
    """Every row that holds; the rows are looked at from the last to the first, so that `row` ends at the first.

    Where a row may be open, one that is makes the answer unknown.
    """
    writer = body.writer
    if any(line.computed for _, line in rows) or any(isinstance(o, Broken) for _, line in rows for o in line.outputs):
        raise UnsupportedError
    write = _WAYS[table.aggregation]
    copies = fresh and len(table.outputs) > 1
    writer.add(f"{row} = -1")
    write(body, table, value, None, "", copies)
    if len(rows) > CHAIN:
        raise UnsupportedError
    opened = writer.new("o") if keeps_open(table) and any(nullable for _, nullable in inputs) else None
    if opened:
        writer.add(f"{opened} = False")
    for index, line in reversed(rows):
        tests, nulls = row_tests(body, line, inputs) if opened else (row_conditions(body, table, inputs, line))
        depth = 0
        if tests:
            writer.add(f"if {' and '.join(tests)}:")
            depth = 1
        if nulls and opened:
            writer.add(f"if {' or '.join(nulls)}: {opened} = True", depth)
            writer.add("else:", depth)
            depth += 1
        elif nulls and tests:
            writer.add(f"if {' or '.join(nulls)}: {LEAVE}", 1)
        write(body, table, value, output_of(table, line), "    " * depth, copies)
        writer.add(f"{row} = {index}", depth)
    if opened and returns(unknown):
        writer.add(f"if {opened}: {unknown}")
    if table.aggregation is Aggregation.LIST:
        if table.has_default:
            writer.add(f"if {row} < 0{f' and not {opened}' if opened else ''}: {LEAVE}")
        writer.add(f"{value}.reverse()")
    if opened and not returns(unknown):
        writer.add(f"if {opened}: {unknown}")


def _list(body: Body, table: Table, value: str, output: Any, indent: str, copies: bool) -> None:  # noqa: ARG001
    if not indent and output is None:
        body.writer.add(f"{value} = []")
        return
    copy = ".copy()" if copies else ""
    body.writer.add(f"{indent}{value}.append({body.writer.kept(output)}{copy})")


def _sum(body: Body, table: Table, value: str, output: Any, indent: str, copies: bool) -> None:  # noqa: ARG001
    if output is None and not indent:
        body.writer.add(f"{value} = {body.writer.kept(table.default)}")
        return
    if output.__class__ is not int:
        raise UnsupportedError
    body.writer.add(f"{indent}{value} = {output} if {value} is None else {value} + {output}")


def _best(sign: str) -> Callable[[Body, Table, str, Any, str, bool], None]:
    def write(body: Body, table: Table, value: str, output: Any, indent: str, copies: bool) -> None:  # noqa: ARG001
        if output is None and not indent:
            body.writer.add(f"{value} = {body.writer.kept(table.default)}")
            return
        if output.__class__ is not int:
            raise UnsupportedError
        body.writer.add(f"{indent}if {value} is None or {output} {sign} {value}: {value} = {output}")

    return write


def _count(body: Body, table: Table, value: str, output: Any, indent: str, copies: bool) -> None:  # noqa: ARG001
    if output is None and not indent:
        body.writer.add(f"{value} = 0")
        return
    body.writer.add(f"{indent}{value} += 1")


_WAYS = {
    Aggregation.LIST: _list,
    Aggregation.SUM: _sum,
    Aggregation.MIN: _best("<"),
    Aggregation.MAX: _best(">"),
    Aggregation.COUNT: _count,
}
