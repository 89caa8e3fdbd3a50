"""The tables of a policy that sheets can hold: those of its decisions and the plans of its cadences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike

from relflow.compiler import compile_model
from relflow.diagnostics import Fragment, Span
from relflow.errors import PolicyError
from relflow.feel import NumberType, StringType, Type
from relflow.model import Cadence, Decision, Model, Table
from relflow.policy.offers import offered_functions
from relflow.program import Program
from relflow.program import Table as CompiledTable
from relflow.reader import read_policy
from relflow.reader.cells import Line, lines, split
from relflow.reader.csvcells import csv_lines
from relflow.sheets.cards import card_sheet, cards
from relflow.sheets.layout import Kind, TableSheet
from relflow.text import DEFAULT_LANGUAGE

__all__ = ["Found", "exported", "sheets_of", "tables", "written"]

_DEFAULT = "unique"


@dataclass(frozen=True, slots=True)
class Found:
    """A table of the policy, with the element that it belongs to."""

    kind: Kind
    element: Decision | Cadence
    table: Table

    @property
    def name(self) -> str:
        """The name of the decision or of the cadence."""
        return self.element.name

    @property
    def own_file(self) -> bool:
        """Whether the table lives in a CSV file."""
        return not self.table.span.source.name.endswith((".yaml", ".yml"))

    @property
    def settings(self) -> dict[str, Fragment | None]:
        """What may stand beside the name, as written."""
        if not isinstance(self.element, Decision):
            return {}
        return {"hit_policy": self.element.hit_policy, "aggregation": self.element.aggregation}


def sheets_of(
    path: str | PathLike[str],
    overlay: str | PathLike[str] | None = None,
    plugins: Sequence[object] = (),
    lang: str = DEFAULT_LANGUAGE,
) -> dict[str, TableSheet]:
    """Every table of the policy at `path` as a sheet; mistakes elsewhere in it do not matter.

    Raises PolicyError if it cannot be read at all.
    """
    model, found = read_policy(path, overlay)
    if model is None:
        raise PolicyError(list(found))
    program, _ = compile_model(model, offered_functions(plugins))
    made: dict[str, TableSheet] = {}
    for one in tables(model):
        sheet = exported(one, program, lang)
        if sheet is not None:
            made.setdefault(one.name, sheet)
    for decision in cards(model).values():
        made.setdefault(decision.name, card_sheet(decision, program, lang))
    return made


def tables(model: Model) -> tuple[Found, ...]:
    """Every table of a policy, in the order of its files."""
    decisions = [Found("table", one, one.table) for one in model.decisions if one.table is not None]
    plans = [Found("plan", one, one.plan) for one in model.cadences if one.plan is not None]
    return (*decisions, *plans)


def written(found: Found) -> list[Line] | None:
    """The heading and the rows as they stand in their file; None for a text that is no block of lines."""
    source = found.table.span.source
    if found.own_file:
        return csv_lines(source, lambda *_, **__: None)
    rows: list[Line] = []
    for text, ruler in lines(_block(found.table.span)):
        if not text.text.startswith("|"):
            return None
        if not ruler or len(rows) != 1:
            rows.append(split(text, len(rows[0].left) if rows else None))
    return rows


def _block(span: Span) -> Fragment:
    """The lines of a table in its file."""
    taken = span.source.text.split("\n")[span.line - 1 : span.end_line]
    text = "\n".join(line.rstrip("\r") for line in taken)
    offsets, anchors = 0, []
    for number, line in enumerate(text.split("\n"), span.line):
        anchors.append((offsets, number, 1))
        offsets += len(line) + 1
    return Fragment(text, Span(span.source, span.line, 1, span.end_line, span.end_column), tuple(anchors))


def exported(found: Found, program: Program, lang: str = DEFAULT_LANGUAGE) -> TableSheet | None:
    """The sheet of a table; None where it is no block of lines."""
    rows = written(found)
    if not rows:
        return None
    heading, *body = rows
    left, right = _texts(heading.left), _texts(heading.right)
    settings = {name: setting.text for name, setting in found.settings.items() if setting is not None}
    if found.kind == "table":
        settings = {"hit_policy": _DEFAULT, **settings}
    columns = [_column(program, name, lang) for name in left] + list(_results(program, found, right, lang))
    return TableSheet(
        found.kind,
        found.name,
        left,
        right,
        tuple((_texts(row.left), _texts(row.right)) for row in body),
        tuple(settings.items()),
        tuple(label for label, _ in columns),
        tuple(type_ for _, type_ in columns),
    )


def _texts(cells: tuple[Fragment, ...]) -> tuple[str, ...]:
    return tuple(cell.text for cell in cells)


def _column(program: Program, name: str, lang: str) -> tuple[str, str]:
    """What people call a condition's column, and what it holds."""
    node = program.nodes.get(name)
    if node is None:
        return "", ""
    return (node.label.text(lang) if node.label is not None else ""), _type(node.type)


def _results(program: Program, found: Found, right: tuple[str, ...], lang: str) -> Iterator[tuple[str, str]]:
    """Label and type of each result column; those that speak of the row itself have none."""
    node = program.decisions.get(found.name) if found.kind == "table" else None
    body = node.body if node is not None else None
    columns = {one.name: one for one in body.outputs} if isinstance(body, CompiledTable) else {}
    for name in right:
        label = node.label.text(lang) if node is not None and node.label is not None and len(columns) == 1 else ""
        yield (label, _type(columns[name].type)) if name in columns else ("", "")


def _type(type_: Type) -> str:
    """A type in the words of the policy, with its unit or its values."""
    if isinstance(type_, StringType) and type_.allowed is not None:
        return f"one of {', '.join(type_.allowed)}"
    if isinstance(type_, NumberType) and type_.unit is not None:
        return f"number, {type_.unit}"
    return str(type_)
