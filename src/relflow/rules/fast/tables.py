"""Decision tables as straight Python: which row hits, and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product
from typing import Any

from relflow.program import Broken, Code, HitPolicy, Region, Row, Table
from relflow.rules.fast.body import Body
from relflow.rules.fast.collected import write_collected
from relflow.rules.fast.masks import mask
from relflow.rules.fast.opens import CHAIN, Input, keeps_open, write_open
from relflow.rules.fast.rowcode import output_of, row_conditions
from relflow.rules.fast.writer import LEAVE, UnsupportedError, returns

__all__ = ["write_table"]

_PAIRS = 200


def write_table(body: Body, table: Table, value: str, row: str, unknown: str, *, fresh: bool) -> None:
    """Lines that put the answer into `value` and the index of the deciding row (or -1) into `row`.

    `unknown` is the line for an answer that missing facts leave open: it returns, or gives `value` a mark. With
    `fresh` the answer is a host's to change. Raises UnsupportedError where the table has no fast form.
    """
    inputs = [_input(body, table, position) for position in range(len(table.columns))]
    policy = table.hit_policy
    rows = list(enumerate(table.rows))
    if policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
        rows.sort(key=lambda one: _rank(table, one[1]))
    if policy in (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER):
        write_collected(body, table, inputs, rows, value, row, unknown, fresh=fresh)
        return
    if keeps_open(table) and any(nullable for _, nullable in inputs):
        line = f"if {write_open(body, table, inputs, row)}: {unknown}"
        if returns(unknown):
            body.writer.add(line)
        _answer(body, table, value, row, fresh=fresh)
        if not returns(unknown):
            body.writer.add(line)
        return
    unique = policy is HitPolicy.UNIQUE and not _disjoint(table)
    if policy is HitPolicy.ANY and not _disjoint(table):
        raise UnsupportedError
    _first(body, table, inputs, rows, row, unique=unique)
    _answer(body, table, value, row, fresh=fresh)


def _input(body: Body, table: Table, position: int) -> Input:
    column = table.columns[position]
    if isinstance(column.code, Broken):
        raise UnsupportedError
    name, nullable = body.operand(column.code)
    if not nullable or table.no_match or _explicit(table, position):
        return name, nullable
    if not keeps_open(table):
        body.writer.add(f"if {name} is None: {LEAVE}")
        return name, False
    if column.name is None:
        missing = body.missing(column.code)
        body.writer.add(f"if {name} is None{f' and not ({missing})' if missing else ''}: {LEAVE}")
        return name, bool(missing)
    return name, True


def _explicit(table: Table, position: int) -> bool:
    """Whether each cell of a column says what null means, so that a missing value leaves nothing open."""
    cells = [row.cells[position] for row in table.rows]
    return all(cell.tests is None or (cell.region is not None and cell.region.null is not None) for cell in cells)


def _rank(table: Table, row: Row) -> tuple[int, ...]:
    """The place of a row by the priority of its outputs. Raises UnsupportedError for computed ones."""
    if row.computed:
        raise UnsupportedError
    return tuple(
        column.order.index(output) if output in column.order else len(column.order)
        for column, output in zip(table.outputs, row.outputs, strict=True)
    )


def _disjoint(table: Table) -> bool:
    """Whether simple cells alone keep any two rows from matching together; long tables are not looked through."""
    if len(table.rows) > _PAIRS:
        return False
    return all(_apart(first, second) for first, second in combinations(table.rows, 2))


def _apart(first: Row, second: Row) -> bool:
    for one, other in zip(first.cells, second.cells, strict=True):
        if one.region is None or other.region is None or (one.region.plain and other.region.plain):
            continue
        if not one.region.meets(other.region):
            return True
    return False


# ---- one row


def _first(
    body: Body, table: Table, inputs: list[Input], rows: list[tuple[int, Row]], row: str, *, unique: bool
) -> None:
    if not unique and len(rows) > 2 and _by_names(body, table, inputs, row):
        return
    if len(rows) > CHAIN or unique:
        _masked(body, table, inputs, row, unique=unique)
        return
    word = "if"
    for index, line in rows:
        tests, leave = row_conditions(body, table, inputs, line)
        if not tests:
            body.writer.add(f"else: {row} = {index}" if word == "elif" else f"{row} = {index}")
            return
        body.writer.add(f"{word} {' and '.join(tests)}:")
        if leave:
            body.writer.add(f"if {' or '.join(leave)}: {LEAVE}", 1)
        body.writer.add(f"{row} = {index}", 1)
        word = "elif"
    body.writer.add(f"else: {row} = -1" if rows else f"{row} = -1")


def _by_names(body: Body, table: Table, inputs: list[Input], row: str) -> bool:
    """A table whose cells are all texts or booleans: one dictionary from the values to the row."""
    names = [_names_of(table, position) for position in range(len(inputs))]
    if not inputs or any(names_ is None for names_ in names) or any(input_[1] for input_ in inputs):
        return False
    found: dict[Any, int] = {}
    for index, line in enumerate(table.rows):
        cells = [cell.region.values for cell in line.cells if cell.region is not None]
        if len(found) > 100_000:
            return False
        for values in product(*cells):
            found.setdefault(values if len(values) > 1 else values[0], index)
    key = f"({', '.join(input_[0] for input_ in inputs)})"
    body.writer.add(f"{row} = {body.writer.kept(found.get)}({key}, -1)")
    return True


def _names_of(table: Table, position: int) -> list[Region] | None:
    regions = []
    for line in table.rows:
        region = line.cells[position].region
        if region is None or region.ordered or region.negated or region.plain or not region.values:
            return None
        regions.append(region)
    return regions


def _masked(body: Body, table: Table, inputs: list[Input], row: str, *, unique: bool) -> None:
    """Masks of all columns together; the lowest bit is the first row."""
    writer = body.writer
    parts = _masks(body, table, inputs)
    found = writer.new("m")
    writer.add(f"{found} = {' & '.join(parts) if parts else (1 << len(table.rows)) - 1}")
    if any(table.complex):
        _residual(body, table, inputs, found, row, unique=unique)
        return
    if unique:
        writer.add(f"if {found} & ({found} - 1): {LEAVE}")
    writer.add(f"{row} = ({found} & -{found}).bit_length() - 1")


def _masks(body: Body, table: Table, inputs: list[Input]) -> list[str]:
    parts = []
    for column, input_ in zip(table.columns, inputs, strict=True):
        part = mask(body.writer, column.index, input_[0], nullable=input_[1])
        if part is not None:
            parts.append(part)
    return parts


def _residual(body: Body, table: Table, inputs: list[Input], found: str, row: str, *, unique: bool) -> None:
    """Rows with cells that have to be run, one after the other from the lowest bit up."""
    if unique:
        raise UnsupportedError
    writer = body.writer
    columns = ", ".join(input_[0] for input_ in inputs)
    tests = {}
    for index, line in enumerate(table.rows):
        complex_ = [(position, cell.tests) for position, cell in enumerate(line.cells) if cell.complex]
        if complex_:
            tests[index] = [(position, code) for position, code in complex_ if isinstance(code, Code)]
            if len(tests[index]) < len(complex_):
                raise UnsupportedError
    reads = sorted({name for codes in tests.values() for _, code in codes for name in code.reads if name != "?"})
    names = "".join(f", {body.names[name]}" for name in reads)
    now = "_now" if any(code.reads_time for codes in tests.values() for _, code in codes) else "None"
    helper = writer.kept(_later_row(tests, reads, no_match=table.no_match))
    writer.add(f"{row} = {helper}({found}, {now}, ({columns},){names})")
    writer.add(f"if {row} == -2: {LEAVE}")


def _later_row(tests: dict[int, list[tuple[int, Code]]], reads: list[str], *, no_match: bool) -> Callable[..., int]:
    """A function that finds the first row of a mask whose other cells hold; -2 where one of them is open."""
    places = {name: place for place, name in enumerate(reads)}

    def holds(code: Code, value: Any, now: Any, names: tuple[Any, ...]) -> Any:
        run = code.call if no_match else code.strict
        return run(now, *[value if name == "?" else names[places[name]] for name in code.reads])

    def find(found: int, now: Any, values: tuple[Any, ...], *names: Any) -> int:
        while found:
            row = (found & -found).bit_length() - 1
            for position, code in tests.get(row, ()):
                answer = holds(code, values[position], now, names)
                if answer is None and not no_match:
                    return -2
                if answer is not True:
                    break
            else:
                return row
            found &= found - 1
        return -1

    return find


def _answer(body: Body, table: Table, value: str, row: str, *, fresh: bool) -> None:
    """From the row to what it gives."""
    writer = body.writer
    outputs = [output_of(table, line) for line in table.rows]
    several = len(table.outputs) > 1
    computed = [index for index, line in enumerate(table.rows) if line.computed]
    if computed and several:
        raise UnsupportedError
    copy = ".copy()" if several and fresh else ""
    if several and fresh and table.default is None:
        writer.add(f"if {row} < 0: {LEAVE}")
    word = "if"
    for index in computed:
        code = table.rows[index].outputs[0]
        if not isinstance(code, Code):
            raise UnsupportedError
        writer.add(f"{word} {row} == {index}:")
        writer.add(f"{value} = {body.value(code)}", 1)
        writer.add(f"if {value} is None: {LEAVE}", 1)
        word = "elif"
    constant = writer.kept((*outputs, table.default))
    last = f"{value} = {constant}[{row}]{copy}"
    writer.add(f"else: {last}" if computed else last)
