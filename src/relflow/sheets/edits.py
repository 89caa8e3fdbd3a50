"""The lines of files with tables put in their place; every other line stays as it is, to the byte."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from relflow.diagnostics import Fragment, Source, Span
from relflow.reader import aligned
from relflow.reader.cells import Line, is_ruler, split
from relflow.reader.csvcells import csv_lines
from relflow.sheets.layout import DIVIDER, TableSheet
from relflow.sheets.tables import Found

__all__ = ["Edit", "applied", "csv_edit", "lines_of", "setting_edit", "split_lines", "table_edit"]

_OPENS = re.compile(r"^(\s*)[^\s#].*:\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines of a file, counted from 1 and `end` left out, that are replaced; where it is a table, of `found`."""

    file: str
    start: int
    end: int
    lines: tuple[str, ...]
    found: Found | None = None


def lines_of(table: TableSheet, indent: str = "", *, ruler: bool = False) -> list[str]:
    """A table as the lines of a block, columns aligned."""
    rows = [_line(table.left, table.right), *(_line(left, right) for left, right in table.rows)]
    if ruler:
        rows.insert(1, "|" + "---|" * len(table.left) + "|" + "---|" * len(table.right))
    return [indent + line for line in aligned("\n".join(["block: |", *rows])).split("\n")[1:]]


def _line(left: Iterable[str], right: Iterable[str]) -> str:
    """One row; a bar that is text is escaped."""
    sides = ["|".join(f" {cell.replace('|', chr(92) + '|')} " for cell in cells) for cells in (left, right)]
    return f"|{sides[0]}||{sides[1]}|"


def table_edit(found: Found, table: TableSheet) -> Edit:
    """The lines of a table's block for what a sheet says."""
    span = found.table.span
    old = span.source.text.split("\n")[span.line - 1 : span.end_line]
    indent = old[0][: len(old[0]) - len(old[0].lstrip())]
    end = "\r" if old[0].endswith("\r") else ""
    ruler = len(old) > 1 and is_ruler(old[1])
    new = [line + end for line in lines_of(table, indent, ruler=ruler)]
    return Edit(span.source.name, span.line, span.end_line + 1, tuple(new), found)


def csv_edit(found: Found, table: TableSheet) -> Edit:
    """The whole of a table's own CSV file."""
    source = found.table.span.source
    end = "\r\n" if "\r\n" in source.text else "\n"
    written = io.StringIO(newline="")
    rows = [(*table.left, DIVIDER, *table.right), *((*left, "", *right) for left, right in table.rows)]
    csv.writer(written, lineterminator=end).writerows(rows)
    return Edit(source.name, 1, source.text.count("\n") + 2, tuple(written.getvalue().split("\n")), found)


def setting_edit(found: Found, key: str, value: str) -> Edit | None:
    """The line that says a table's hit policy or aggregation; None where there is no line for it to stand on."""
    fragment = found.settings[key]
    source = found.element.id.span.source
    if fragment is not None:
        span = fragment.span
        line = span.source.text.split("\n")[span.line - 1]
        changed = line[: span.column - 1] + value + line[span.end_column - 1 :]
        return Edit(span.source.name, span.line, span.line + 1, (changed,))
    lines = source.text.split("\n")
    number = found.element.id.span.line
    opened = _OPENS.match(lines[number - 1].rstrip("\r"))
    below = next((line for line in lines[number:] if line.strip() and not line.lstrip().startswith("#")), "")
    indent = below[: len(below) - len(below.lstrip())]
    if opened is None or len(indent) <= len(opened[1]):
        return None
    end = "\r" if lines[number - 1].endswith("\r") else ""
    return Edit(source.name, number + 1, number + 1, (f"{indent}{key}: {value}{end}",))


def applied(text: str, edits: Sequence[Edit]) -> tuple[str, list[int]]:
    """The text after edits of different lines, and for each edit the line at which it begins then."""
    order = sorted(range(len(edits)), key=lambda number: (edits[number].start, edits[number].end))
    old, new, at = text.split("\n"), [], 1
    begins = [0] * len(edits)
    for number in order:
        edit = edits[number]
        new += old[at - 1 : edit.start - 1]
        begins[number] = len(new) + 1
        new += edit.lines
        at = edit.end
    new += old[at - 1 :]
    return "\n".join(new), begins


def split_lines(edit: Edit) -> dict[int, Line]:
    """The cells of the lines of a table's edit, by the number of the line from 0, each with its place in it."""
    if edit.found is None:
        return {}
    if edit.found.own_file:
        source = Source(edit.file, "\n".join(edit.lines))
        return {line.span.line - 1: line for line in csv_lines(source, lambda *_, **__: None)}
    found = {}
    for number, line in enumerate(edit.lines):
        text = line.strip()
        column = len(line) - len(line.lstrip()) + 1
        span = Span(Source(edit.file, line), 1, column, 1, column + len(text))
        if number != 1 or not is_ruler(text):
            found[number] = split(Fragment(text, span, ((0, 1, column),)))
    return found
