"""`unset`: a parameter without a value, or without one for a level; a question to the company, with its clause."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Code, Decision, Parameter, Program, Scheme, Table
from relflow.text import Text

__all__ = ["check_unset"]

UNSET = Message.of(
    "unset",
    Severity.QUESTION,
    "`{name}` has no value{clause}",
    "`{name}` 尚未设定{clause}",
    "set it in the company's overlay: `set:` and `{name}: …` below it",
    "在企业配置的 `set:` 下填写 `{name}: …`",
)
SUGGESTED = Text(
    (
        ("en", "set it in the company's overlay, below `set:`; the manual suggests `{name}: {suggested}`"),
        ("zh", "在企业配置的 `set:` 下填写；手册建议 `{name}: {suggested}`"),
    )
)
UNSET_LEVELS = Message.of(
    "unset",
    Severity.QUESTION,
    "`{name}` has no value for {levels}{clause}",
    "`{name}` 在以下等级尚未设定：{levels}{clause}",
    "set it in the company's overlay under `set`",
    "在企业配置的 `set` 中填写",
)


def check_unset(program: Program) -> Iterator[Diagnostic]:
    """Every parameter that still needs a value."""
    for parameter in program.parameters.values():
        clause = clause_of(parameter.source)
        if parameter.broken:
            continue
        if parameter.unset:
            yield _unset(parameter, clause)
            continue
        scheme = program.nodes.get(parameter.per or "")
        if isinstance(scheme, Scheme) and parameter.code is None:
            wanted = _wanted(program, parameter, scheme)
            without = tuple(level for level in scheme.levels if level in wanted and not parameter.values.get(level))
            if without:
                yield UNSET_LEVELS.at(parameter.span, name=parameter.id, levels=without, clause=clause)


def _unset(parameter: Parameter, clause: Text) -> Diagnostic:
    """The question, with what the manual suggests as an answer."""
    if parameter.suggested is None:
        return UNSET.at(parameter.span, name=parameter.id, clause=clause)
    suggested = " ".join(parameter.suggested.split())
    return UNSET.at(parameter.span, help=SUGGESTED, name=parameter.id, clause=clause, suggested=suggested)


def _wanted(program: Program, parameter: Parameter, scheme: Scheme) -> set[str]:
    """The levels for which something reads the parameter: a row of a plan or table only for the levels it matches."""
    wanted: set[str] = set()
    rows = 0
    for table, row, codes in _rows(program):
        if any(isinstance(code, Code) and parameter.id in code.reads for code in codes):
            rows += 1
            wanted |= _matched(table, row, scheme)
    return set(scheme.levels) if not rows or _read_elsewhere(program, parameter.id) else wanted


def _rows(program: Program) -> Iterator[tuple[Table, int, tuple[object, ...]]]:
    """Every row of the plans and tables, with the formulas of its outputs."""
    for cadence in program.cadences.values():
        for index, row in enumerate(cadence.rows):
            yield cadence.table, index, tuple(rate.code for rate in (row.target, row.at_most) if rate is not None)
    for decision in program.decisions.values():
        if isinstance(decision.body, Table):
            for index, line in enumerate(decision.body.rows):
                yield decision.body, index, line.outputs


def _matched(table: Table, row: int, scheme: Scheme) -> set[str]:
    """The levels that a row matches."""
    for position, column in enumerate(table.columns):
        region = table.rows[row].cells[position].region
        if column.name == scheme.id and region is not None:
            return {level for level in scheme.levels if region.accepts(level)}
    return set(scheme.levels)


def _read_elsewhere(program: Program, name: str) -> bool:
    """Whether something else than the output of a row reads a name."""
    for node in program.nodes.values():
        body = node.body if isinstance(node, Decision) else None
        if isinstance(body, Table):
            inputs = [column.code for column in body.columns] + [cell.tests for row in body.rows for cell in row.cells]
            if any(isinstance(code, Code) and name in code.reads for code in inputs):
                return True
        elif name in node.inputs or name in node.sometimes:
            return True
    return False


def clause_of(source: tuple[str, ...]) -> Text:
    """The clauses that ask for something, to stand behind it; nothing where there are none."""
    if not source:
        return Text((("en", ""), ("zh", "")))
    word = "clause" if len(source) == 1 else "clauses"
    return Text((("en", f" ({word} {', '.join(source)})"), ("zh", f"（条款 {'、'.join(source)}）")))
