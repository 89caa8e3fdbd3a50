"""Which rows of a table match, and what the hit policy makes of them, where facts may be missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relflow.program.asking import Asking
from relflow.program.code import Broken, Code
from relflow.program.nodes import Outcome
from relflow.program.tables import Aggregation, Column, HitPolicy, Row, Table
from relflow.values import CONTEXT, compare, equal, exact_decimal

__all__ = ["decide_table", "matches", "row_value"]

Match = tuple[int, bool | None]


def decide_table(run: Asking, name: str, table: Table) -> Outcome:
    """The table's answer."""
    if table.hit_policy is HitPolicy.FIRST:
        return _first(run, table, matches(run, name, table))
    found = list(matches(run, name, table))
    sure = [row for row, result in found if result]
    maybe = [row for row, result in found if result is None]
    return _POLICIES[table.hit_policy](run, table, sure, maybe)


def matches(run: Asking, name: str, table: Table) -> Iterator[Match]:
    """The rows that match (True) or that a missing fact leaves open (None), in their order, as they are asked for.

    The index leaves the rows that are possible by their simple cells; the others of their cells are run.
    """
    columns: list[tuple[Any, bool]] = []
    possible = sure = (1 << len(table.rows)) - 1
    for column in table.columns:
        value, open_ = _looked_at(run, table, column)
        columns.append((value, open_))
        if value is None:
            possible &= column.index.open if open_ else column.index.plain
            sure &= column.index.null if open_ else column.index.plain
        else:
            rows = column.index.rows(value)
            possible &= rows
            sure &= rows
    run.saw_row(name, -1, None, columns)
    while possible:
        bit = possible & -possible
        possible ^= bit
        row = bit.bit_length() - 1
        result = _complex_cells(run, table, row, columns, True if sure & bit else None)
        run.saw_row(name, row, result, columns)
        if result is not False:
            yield row, result


def _looked_at(run: Asking, table: Table, column: Column) -> tuple[Any, bool]:
    """The value of a column, and whether it is null because something is missing."""
    if column.name is not None:
        outcome = run.outcome(column.name)
        return outcome.value, outcome.unknown and not table.no_match
    value = run.call(column.code) if isinstance(column.code, Code) else None
    return value, value is None and not table.no_match and run.marked(column.code)


def _complex_cells(
    run: Asking,
    table: Table,
    row: int,
    columns: list[tuple[Any, bool]],
    result: bool | None,
) -> bool | None:
    """Whether a row whose simple cells say `result` matches by its others too."""
    for cell, (value, open_) in zip(table.rows[row].cells, columns, strict=True):
        if not cell.complex:
            continue
        if not isinstance(cell.tests, Code):
            result = None
            continue
        if not table.no_match and (open_ or run.marked(cell.tests)):
            answer = run.strict(cell.tests, value)
        else:
            answer = run.call(cell.tests, value) is True
        if answer is None:
            result = None
        elif answer is not True:
            return False
    return result


def row_value(run: Asking, table: Table, row: Row) -> tuple[Any, bool]:
    """What a row gives, and whether it is unknown: one value, or all outputs by name."""
    values, unknown = [], False
    for output in row.outputs:
        if isinstance(output, Code):
            value = run.call(output)
            unknown = unknown or (value is None and run.marked(output))
            values.append(value)
        else:
            unknown = unknown or isinstance(output, Broken)
            values.append(None if isinstance(output, Broken) else output)
    if len(table.outputs) == 1:
        return values[0], unknown
    return {column.name: value for column, value in zip(table.outputs, values, strict=True)}, unknown


def _outcome(run: Asking, table: Table, row: int) -> Outcome:
    value, unknown = row_value(run, table, table.rows[row])
    return Outcome(None if unknown and len(table.outputs) == 1 else value, unknown, row)


UNKNOWN = Outcome(None, unknown=True)


def _no_row(table: Table) -> Outcome:
    return Outcome(table.default)


def _same(run: Asking, table: Table, rows: list[int], outcome: Outcome) -> bool:
    """Whether each of these rows would give that answer."""
    if outcome.unknown:
        return False
    for row in rows:
        value, unknown = row_value(run, table, table.rows[row])
        if unknown or equal(value, outcome.value) is not True:
            return False
    return True


def _first(run: Asking, table: Table, found: Iterator[Match]) -> Outcome:
    maybe: list[int] = []
    for row, result in found:
        if result is None:
            maybe.append(row)
            continue
        outcome = _outcome(run, table, row)
        return outcome if not maybe or _same(run, table, maybe, outcome) else UNKNOWN
    outcome = _no_row(table)
    return outcome if _same(run, table, maybe, outcome) else UNKNOWN


def _unique(run: Asking, table: Table, sure: list[int], maybe: list[int]) -> Outcome:
    """One row may match; more are a fault of the table, which gives null."""
    if len(sure) > 1:
        return Outcome(None)
    if maybe:
        if sure:
            return UNKNOWN
        return _no_row(table) if _same(run, table, maybe, _no_row(table)) else UNKNOWN
    return _outcome(run, table, sure[0]) if sure else _no_row(table)


def _any(run: Asking, table: Table, sure: list[int], maybe: list[int]) -> Outcome:
    """Rows that match have to agree; if they do not, null."""
    outcome = _outcome(run, table, sure[0]) if sure else _no_row(table)
    if not _same(run, table, sure, outcome):
        return UNKNOWN if outcome.unknown else Outcome(None)
    return outcome if _same(run, table, maybe, outcome) else UNKNOWN


def _rank(run: Asking, table: Table, row: int) -> tuple[tuple[int, ...], int]:
    """The place of a row by the priority of its outputs, then by its own."""
    value, _ = row_value(run, table, table.rows[row])
    ranks = []
    for column in table.outputs:
        item = value if len(table.outputs) == 1 else value[column.name]
        ranks.append(column.order.index(item) if item in column.order else len(column.order))
    return tuple(ranks), row


def _priority(run: Asking, table: Table, sure: list[int], maybe: list[int]) -> Outcome:
    if not sure:
        return _no_row(table) if _same(run, table, maybe, _no_row(table)) else UNKNOWN
    best = min(_rank(run, table, row) for row in sure)
    outcome = _outcome(run, table, best[1])
    higher = [row for row in maybe if _rank(run, table, row)[0] < best[0]]
    return UNKNOWN if higher else outcome


def _values(run: Asking, table: Table, rows: list[int]) -> tuple[list[Any], bool]:
    values, unknown = [], False
    for row in rows:
        value, missing = row_value(run, table, table.rows[row])
        values.append(value)
        unknown = unknown or missing
    return values, unknown


def _list(run: Asking, table: Table, rows: list[int]) -> Outcome:
    if not rows:
        return Outcome(table.default if table.has_default else [])
    values, unknown = _values(run, table, rows)
    return UNKNOWN if unknown else Outcome(values, row=rows[0])


def _rule_order(run: Asking, table: Table, sure: list[int], maybe: list[int]) -> Outcome:
    return UNKNOWN if maybe else _list(run, table, sure)


def _output_order(run: Asking, table: Table, sure: list[int], maybe: list[int]) -> Outcome:
    return UNKNOWN if maybe else _list(run, table, sorted(sure, key=lambda row: _rank(run, table, row)))


def _collect(run: Asking, table: Table, sure: list[int], maybe: list[int]) -> Outcome:
    aggregation = table.aggregation
    if aggregation is Aggregation.LIST:
        return _rule_order(run, table, sure, maybe)
    if aggregation is Aggregation.COUNT:
        return UNKNOWN if maybe else Outcome(len(sure), row=sure[0] if sure else -1)
    values, unknown = _values(run, table, sure)
    others, more = _values(run, table, maybe)
    if unknown or more:
        return UNKNOWN
    now, least = _aggregate(table, values), _aggregate(table, values + others)
    if any(others) and aggregation is Aggregation.SUM:
        return UNKNOWN
    if others and (now is None or least is None or equal(now, least) is not True):
        return UNKNOWN
    return Outcome(now, row=sure[0] if sure else -1)


def _aggregate(table: Table, values: list[Any]) -> Any:
    if not values:
        return table.default
    if table.aggregation is Aggregation.SUM:
        total = values[0]
        for value in values[1:]:
            total = _add(total, value)
        return total
    best = values[0]
    for value in values[1:]:
        order = compare(value, best)
        if order is None:
            return None
        if order == (-1 if table.aggregation is Aggregation.MIN else 1):
            best = value
    return best


def _add(first: Any, second: Any) -> Any:
    if first.__class__ is int and second.__class__ is int:
        return first + second
    if first is None or second is None:
        return None
    return CONTEXT.add(exact_decimal(first), exact_decimal(second))


_POLICIES = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.RULE_ORDER: _rule_order,
    HitPolicy.OUTPUT_ORDER: _output_order,
    HitPolicy.COLLECT: _collect,
}
