"""Stage: decision tables, their columns, cells and outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relflow.compiler.expressions import type_of_value
from relflow.compiler.literals import DID_YOU_MEAN, read
from relflow.compiler.world import World, ids, text
from relflow.diagnostics import Diagnostic, Fragment, Message, Severity, nearest
from relflow.feel.tree import Name
from relflow.feel.types import ANY, NumberType, RecordType, StringType, Type
from relflow.model import Content, Decision, Value
from relflow.model import Row as RowModel
from relflow.model import Table as TableModel
from relflow.program import (
    Aggregation,
    Broken,
    Cell,
    Code,
    Column,
    ColumnIndex,
    HitPolicy,
    OutputColumn,
    Row,
    Table,
)

__all__ = ["compile_cell", "compile_columns", "compile_table", "no_match"]

UNKNOWN_POLICY = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is no hit policy ({known})",
    "没有 `{text}` 这种命中策略（可用：{known}）",
    "choose one of them",
    "选择其中一个",
)
UNKNOWN_AGGREGATION = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is no way to aggregate ({known})",
    "没有 `{text}` 这种汇总方式（可用：{known}）",
    "choose one of them",
    "选择其中一个",
)
UNKNOWN_WHEN_MISSING = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` does not say what a missing fact means ({known})",
    "`{text}` 未说明缺失数据的含义（可用：{known}）",
    "choose one of them",
    "选择其中一个",
)
UNKNOWN_OUTPUT = Message.of(
    "unknown-name",
    Severity.ERROR,
    "the table has an output `{text}` that the decision does not declare ({known})",
    "表中的输出列 `{text}` 未在判定中声明（已声明：{known}）",
    "declare it under `outputs`",
    "在 `outputs` 中声明",
)
NO_COLUMN = Message.of(
    "missing-column",
    Severity.ERROR,
    "the output `{text}` is declared and has no column in the table",
    "已声明输出 `{text}`，但表中没有该列",
    "add it right of `||`, or take it out of `outputs`",
    "在 `||` 右边补上该列，或从 `outputs` 中去掉",
)
ONE_OUTPUT = Message.of(
    "several-outputs",
    Severity.ERROR,
    "the table has several output columns ({known}) and the decision declares one `output`",
    "表中有多个输出列（{known}），而判定只声明了一个 `output`",
    "declare them under `outputs`",
    "在 `outputs` 中逐一声明",
)
NO_ORDER = Message.of(
    "no-order",
    Severity.ERROR,
    "the hit policy `{text}` needs an output with `one_of` or levels, which give the order",
    "命中策略 `{text}` 需要输出带有 `one_of` 或等级，以确定先后",
    "declare it, highest first: `output: {type: string, one_of: [high, low]}`",
    "从高到低声明：`output: {type: string, one_of: [high, low]}`",
)
NOT_NUMBERS = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{text}` adds up or compares numbers, and the output is none",
    "`{text}` 只能用于数字输出",
    "declare `output: {type: number}`, or leave `aggregation` out",
    "声明 `output: {type: number}`，或去掉 `aggregation`",
)
NOTHING_COLLECTED = Message.of(
    "contradiction",
    Severity.ERROR,
    "`aggregation` belongs to `hit_policy: collect`, and this table says `{policy}`",
    "`aggregation` 只用于 `hit_policy: collect`，而本表是 `{policy}`",
    "write `hit_policy: collect`, or take `aggregation` out",
    "写成 `hit_policy: collect`，或去掉 `aggregation`",
)
SUM_OF_SEVERAL = Message.of(
    "several-outputs",
    Severity.ERROR,
    "`{text}` works on one output, the table has several",
    "`{text}` 只能用于单一输出，而表中有多个输出",
    "make a decision for each",
    "分成几个判定",
)


def compile_table(
    world: World, decision: Decision, model: TableModel, outputs: Mapping[str, Type], *, no_match: bool
) -> Table:
    """The table of a decision. `outputs` are the declared outputs; one named `""` has any heading."""
    policy = _choice(world, decision.hit_policy, HitPolicy, UNKNOWN_POLICY, HitPolicy.UNIQUE)
    aggregation = _choice(world, decision.aggregation, Aggregation, UNKNOWN_AGGREGATION, Aggregation.LIST)
    columns = _outputs(world, model, outputs)
    _check_order(world, decision, policy, aggregation, columns)
    inputs, rows = compile_columns(world, model, [(column.name, column.type) for column in columns])
    if len(columns) == 1 and outputs and "" in outputs:
        columns = (OutputColumn(model.outputs[0].text, columns[0].type, columns[0].order),)
    return Table(
        span=model.span,
        hit_policy=policy,
        aggregation=aggregation,
        columns=inputs,
        outputs=columns,
        rows=rows,
        default=_default(world, decision.default, columns),
        has_default=decision.default is not None,
        no_match=no_match,
        complex=tuple(_complex(rows, position) for position in range(len(inputs))),
    )


def no_match(world: World, decision: Decision) -> bool:
    """Whether a missing fact makes a row not match."""
    if decision.when_missing is None:
        return False
    word = decision.when_missing.text
    if word not in ("unknown", "no_match"):
        world.report(UNKNOWN_WHEN_MISSING.at(decision.when_missing.span, text=word, known=("unknown", "no_match")))
    return word == "no_match"


def _choice(world: World, fragment: Fragment | None, enum: Any, message: Message, default: Any) -> Any:
    if fragment is None:
        return default
    known = tuple(member.value for member in enum)
    if fragment.text in known:
        return enum(fragment.text)
    near = nearest(fragment.text, known)
    help_ = DID_YOU_MEAN if near is not None else None
    world.report(message.at(fragment.span, help=help_, text=fragment.text, known=known, near=near or ""))
    return default


def _outputs(world: World, model: TableModel, declared: Mapping[str, Type]) -> tuple[OutputColumn, ...]:
    names = [fragment.text for fragment in model.outputs]
    if not declared:
        return tuple(OutputColumn(name, _guessed(world, model, index)) for index, name in enumerate(names))
    if "" in declared:
        if len(names) > 1:
            world.report(ONE_OUTPUT.at(model.outputs[1].span, known=tuple(names)))
        return tuple(_column(name, declared[""]) for name in names)
    meant = set()
    for fragment in model.outputs:
        if fragment.text not in declared:
            near = nearest(fragment.text, declared)
            meant.add(near)
            help_ = DID_YOU_MEAN if near is not None else None
            found = UNKNOWN_OUTPUT.at(
                fragment.span, help=help_, text=fragment.text, known=tuple(declared), near=near or ""
            )
            world.report(found)
    for name in declared:
        if name not in names and name not in meant:
            world.report(NO_COLUMN.at(model.span, text=name))
    return tuple(_column(name, declared.get(name, ANY)) for name in names)


def _column(name: str, type_: Type) -> OutputColumn:
    order = type_.allowed or () if isinstance(type_, StringType) else ()
    return OutputColumn(name, type_, order)


def _guessed(world: World, model: TableModel, index: int) -> Type:
    """The type of an undeclared output: that of all its literals, if they have one."""
    found = set()
    for row in model.rows:
        output = row.outputs[index]
        if output.formula:
            return ANY
        value = read(output, ANY, world.zone)
        if value is not None:
            found.add(type_of_value(value))
    return found.pop() if len(found) == 1 else ANY


def _check_order(
    world: World,
    decision: Decision,
    policy: HitPolicy,
    aggregation: Aggregation,
    columns: tuple[OutputColumn, ...],
) -> None:
    span = (decision.hit_policy or decision.id).span
    if policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not any(column.order for column in columns):
        world.report(NO_ORDER.at(span, text=policy.value))
    if decision.aggregation is not None and policy is not HitPolicy.COLLECT:
        world.report(NOTHING_COLLECTED.at(decision.aggregation.span, policy=policy.value))
        return
    if aggregation not in (Aggregation.SUM, Aggregation.MIN, Aggregation.MAX):
        return
    span = (decision.aggregation or decision.id).span
    if len(columns) > 1:
        world.report(SUM_OF_SEVERAL.at(span, text=aggregation.value))
    elif columns and columns[0].type != ANY and not isinstance(columns[0].type, NumberType):
        world.report(NOT_NUMBERS.at(span, text=aggregation.value))


def _default(world: World, content: Content | None, columns: tuple[OutputColumn, ...]) -> Any:
    if content is None:
        return None
    if len(columns) == 1:
        return world.literal(content, columns[0].type)

    return world.literal(content, RecordType(tuple((column.name, column.type) for column in columns)))


def compile_columns(
    world: World, model: TableModel, outputs: list[tuple[str, Type]]
) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """The input columns with their index, and the rows; `outputs` are the output columns with their types."""
    codes = [world.expressions.value(fragment, None) for fragment in model.inputs]
    types = [code.type if isinstance(code, Code) else None for code in codes]
    known: list[dict[str, Cell]] = [{} for _ in codes]
    cells: list[list[Cell]] = []
    for row in model.rows:
        line = []
        for fragment, type_, seen in zip(row.inputs, types, known, strict=False):
            cell = seen.get(fragment.text)
            cell = compile_cell(world, fragment, type_) if cell is None else Cell(fragment, cell.tests, cell.region)
            if not isinstance(cell.tests, Broken):
                seen[fragment.text] = cell
            line.append(cell)
        cells.append(line)
    rows = tuple(
        _row(world, number, row, tuple(line), outputs)
        for number, (row, line) in enumerate(zip(model.rows, cells, strict=True), 1)
    )
    indexes = [ColumnIndex.of([line[position].region for line in cells]) for position in range(len(codes))]
    names = [code.tree.name if isinstance(code, Code) and isinstance(code.tree, Name) else None for code in codes]
    return tuple(map(Column, codes, indexes, names)), rows


def compile_cell(world: World, fragment: Fragment, type_: Type | None) -> Cell:
    """An input cell over a column of that type; None: the column itself is broken, so the cell cannot be read."""
    if fragment.text.strip() == "-":
        return Cell(fragment)
    if type_ is None:
        return Cell(fragment, Broken(fragment))
    tests = world.expressions.tests(fragment, type_)
    region = world.expressions.region(tests, type_) if isinstance(tests, Code) else None
    return Cell(fragment, tests, region)


def _row(world: World, number: int, row: RowModel, cells: tuple[Cell, ...], outputs: list[tuple[str, Type]]) -> Row:
    values = tuple(_output(world, value, type_) for value, (_, type_) in zip(row.outputs, outputs, strict=False))
    id_ = row.id.text if row.id is not None else None
    return Row(number, row.span, cells, values, text(row.because), ids(row.source), id_)


def _output(world: World, value: Value, type_: Type) -> Any:
    if value.formula:
        return world.expressions.value(value.text, type_)
    found = read(value, type_, world.zone)
    if isinstance(found, Diagnostic):
        world.report(found)
        return Broken(value.text, (found,))
    return found


def _complex(rows: tuple[Row, ...], position: int) -> int:
    mask = 0
    for index, row in enumerate(rows):
        if position < len(row.cells) and row.cells[position].complex:
            mask |= 1 << index
    return mask
