"""From a recorded run to a trace: the steps, the missing names, the reasons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from relflow.feel import tree
from relflow.program import (
    KNOWN,
    Broken,
    Code,
    Decision,
    Fact,
    Indicator,
    Node,
    Outcome,
    Parameter,
    Program,
    Row,
    Scheme,
    Scorecard,
    Table,
)
from relflow.program.matching import row_value
from relflow.results import (
    CellTrace,
    CriterionTrace,
    Details,
    Missing,
    RowTrace,
    Rule,
    StepDetail,
    StepShape,
    Trace,
    TraceStep,
)
from relflow.rules.recording import RecordingRun

__all__ = ["details_of", "rule_of", "shape_of"]


def details_of(program: Program, name: str, run: RecordingRun) -> Details:
    """What a recorded run of `name` found out."""
    # looking at the outputs of rows that did not decide may ask for more names: those are no steps
    seen = [(program.nodes[node], outcome) for node, outcome in run.outcomes.items() if node in program.nodes]
    steps = tuple(_step(run, node, outcome) for node, outcome in seen)
    at = run.now.isoformat() if isinstance(run.now, date | datetime) else None
    trace = Trace(name, program.id, program.version, program.digest, at, steps)
    return Details(trace, _missing(program, run, name), tuple(run.reasons), run.provisional)


def rule_of(row: Row) -> Rule:
    """A row as results name it."""
    return Rule(row.number, row.span, row.source, row.because, row.id)


def shape_of(node: Node) -> StepShape:
    """What every trace says of a node."""
    body = node.body if isinstance(node, Decision) else None
    becauses = tuple(row.because for row in body.rows) if isinstance(body, Table) else ()
    personal = isinstance(node, Fact) and node.holds_personal
    return StepShape(
        node.id, _kind(node), node.span, node.label, node.source, node.because, becauses, _text(node), personal
    )


def _step(run: RecordingRun, node: Node, outcome: Outcome) -> TraceStep:
    body = node.body if isinstance(node, Decision) else None
    detail = StepDetail(
        reads=tuple(run.looked.get(node.id, ())) or node.inputs,
        rows=_rows(run, node.id, body, outcome) if isinstance(body, Table) else (),
        criteria=_criteria(run, node.id, body) if isinstance(body, Scorecard) else (),
        low=outcome.low,
        high=outcome.high,
    )
    return TraceStep(shape_of(node), outcome.value, outcome.unknown, outcome.row, detail)


def _kind(node: Node) -> Any:
    match node:
        case Fact():
            return "fact"
        case Parameter():
            return "parameter"
        case Scheme():
            return "scheme"
        case Indicator():
            return "indicator"
        case Decision(body=Table()):
            return "table"
        case Decision(body=Scorecard()):
            return "scorecard"
        case Decision(body=None):
            return "open"
        case _:
            return "expression"


def _text(node: Node) -> str:
    code = node.body if isinstance(node, Decision) else node.when if isinstance(node, Indicator) else None
    if isinstance(node, Scheme):
        return node.from_ or ""
    return code.text if isinstance(code, Code) else ""


def _rows(run: RecordingRun, name: str, table: Table, outcome: Outcome) -> tuple[RowTrace, ...]:
    """Every row before the last that was looked at, with what each of its cells answered."""
    seen = run.rows.get(name, [])
    if not seen:
        columns = _columns(run, table)
        last = len(table.rows) - 1
    else:
        columns = seen[0][2]
        last = seen[-1][0] if outcome.row >= 0 and _stops(table) else len(table.rows) - 1
    results = {index: result for index, result, _ in seen}
    traces = []
    for index, row in enumerate(table.rows[: last + 1]):
        result: Literal["hit", "open", "no"] = "no"
        if index in results and results[index] is not False:
            result = "hit" if results[index] else "open"
        output, _ = row_value(run, table, row)
        traces.append(RowTrace(index, rule_of(row), result, output, _cells(run, table, row, columns)))
    return tuple(traces)


def _stops(table: Table) -> bool:
    return table.hit_policy.value == "first"


def _columns(run: RecordingRun, table: Table) -> tuple[tuple[Any, bool], ...]:
    columns = []
    for column in table.columns:
        value = run.call(column.code) if isinstance(column.code, Code) else None
        columns.append((value, value is None and not table.no_match and run.marked(column.code)))
    return tuple(columns)


def _cells(run: RecordingRun, table: Table, row: Row, columns: tuple[tuple[Any, bool], ...]) -> tuple[CellTrace, ...]:
    cells = []
    for column, cell, (value, open_) in zip(table.columns, row.cells, columns, strict=True):
        if cell.tests is None:
            continue
        result: bool | None = None
        if cell.region is not None:
            result = cell.region.accepts(value)
        elif isinstance(cell.tests, Code):
            result = cell.tests.strict(run.now, *run.arguments(cell.tests, value))
        marked = open_ or (isinstance(cell.tests, Code) and cell.complex and run.marked(cell.tests))
        if result is None and not marked:
            result = False
        cells.append(CellTrace(column.text, cell.fragment.text, value, result, cell.fragment.span))
    return tuple(cells)


def _criteria(run: RecordingRun, name: str, card: Scorecard) -> tuple[CriterionTrace, ...]:
    return tuple(
        CriterionTrace(line.id, line.label, line.text, value, low, high, line.span, line.source)
        for index, value, low, high in run.criteria.get(name, [])
        for line in [card.criteria[index]]
    )


def _missing(program: Program, run: RecordingRun, name: str) -> tuple[Missing, ...]:
    """The missing names that the answer rests on, in the order in which they were looked at."""
    found: dict[str, Missing] = {}
    waiting, done = [name], set()
    while waiting:
        current = waiting.pop(0)
        if current in done:
            continue
        done.add(current)
        outcome = run.outcomes.get(current)
        node = program.nodes.get(current.removeprefix(KNOWN))
        if node is None or outcome is None:
            continue
        if current.startswith(KNOWN):
            if outcome.unknown:
                found[current] = Missing.of(node.id, "date", node.label, node.source, node.span)
            continue
        missing = _as_missing(run, node, outcome)
        if missing is not None:
            found[current] = missing
            continue
        waiting += _rests_on(run, node, outcome)
    return tuple(found.values())


def _as_missing(run: RecordingRun, node: Node, outcome: Outcome) -> Missing | None:
    if not outcome.unknown:
        return None
    if isinstance(node, Fact):
        return Missing.of(node.id, "fact", node.label, node.source, node.span)
    level_known = isinstance(node, Parameter) and (node.per is None or run.outcome(node.per).value is not None)
    if isinstance(node, Parameter) and node.code is None and (node.unset or level_known):
        return Missing.of(node.id, "parameter", node.label, node.source, node.span)
    if isinstance(node, Decision) and node.body is None:
        return Missing.of(node.id, "decision", node.label, node.source, node.span)
    return None


def _rests_on(run: RecordingRun, node: Node, outcome: Outcome) -> list[str]:
    """The names that an answer rests on: for tables those of open cells, for scorecards those of open lines."""
    body = node.body if isinstance(node, Decision) else None
    if isinstance(body, Table):
        return _open_cells(run, node.id, body) if outcome.unknown else []
    if isinstance(body, Scorecard):
        return _open_lines(run, node.id, body) if outcome.unknown else []
    if isinstance(node, Parameter) and node.per is not None and outcome.unknown:
        return [node.per]
    names = list(run.looked.get(node.id, ())) or list(node.inputs)
    code = node.when if isinstance(node, Indicator) else body
    tested = _tested_for_null(code) if isinstance(code, Code) and not outcome.unknown else frozenset()
    return [name for name in names if run.outcomes[name].unknown and name not in tested]


def _tested_for_null(code: Code) -> frozenset[str]:
    """The names that an expression compares with null: for them null is data."""
    found = set()
    for part in tree.walk(code.tree):
        if isinstance(part, tree.Comparison) and isinstance(part.right, tree.Null) and isinstance(part.left, tree.Name):
            found.add(part.left.name)
    return frozenset(found)


def _open_cells(run: RecordingRun, name: str, table: Table) -> list[str]:
    """The missing names of rows that are open, and those of formulas in outputs."""
    names: dict[str, None] = {}
    for index, result, columns in run.rows.get(name, []):
        row = table.rows[index]
        codes: list[Code | Broken | None] = [output for output in row.outputs if isinstance(output, Code)]
        for column, cell, (value, _) in zip(table.columns, row.cells, columns, strict=True):
            if result is None and value is None and cell.tests is not None:
                codes.append(column.code)
            if result is None and cell.complex:
                codes.append(cell.tests)
        for code in codes if result is not False else []:
            if isinstance(code, Code):
                names.update((read, None) for read in code.reads if read != "?" and run.outcome(read).unknown)
    return list(names)


def _open_lines(run: RecordingRun, name: str, card: Scorecard) -> list[str]:
    names: dict[str, None] = {}
    for index, _, low, high in run.criteria.get(name, []):
        line = card.criteria[index]
        codes = [line.when, line.expression, line.points, line.weight, *(band.cell.tests for band in line.bands)]
        for code in codes:
            if isinstance(code, Code):
                reads = [read for read in code.reads if read != "?"]
                if low is None or low != high:
                    names.update((read, None) for read in reads if run.outcome(read).unknown)
    return list(names)
