"""The layout of a file's tables: columns aligned with wide characters; not a character of a cell is changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from relflow.diagnostics import width
from relflow.reader.strings import bars

__all__ = ["aligned"]

_OPENS = re.compile(r"^(?P<indent>\s*)[^#\n]*:\s*[|][0-9+-]*\s*(?:#.*)?$")
_RULER = re.compile(r"\|(?:\s*(?::?-{2,}:?|:-:?|-:)\s*\|+)+")


def aligned(text: str) -> str:
    """The text with every table inside a block (`table: |`) aligned; other lines stay as they are, to the byte."""
    lines = text.split("\n")
    for start, end in _tables(lines):
        lines[start:end] = _align(lines[start:end])
    return "\n".join(lines)


def _tables(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The stretches of table lines right below a line that opens a block."""
    number = 0
    while number < len(lines):
        number += 1
        if not _OPENS.match(lines[number - 1].rstrip("\r")):
            continue
        start = number
        while number < len(lines) and lines[number].strip().startswith("|"):
            number += 1
        if number - start > 1:
            yield start, number


def _align(lines: list[str]) -> list[str]:
    """The lines of one table; those that are not whole rows are left to the reader's findings."""
    rows = [_cells(line.strip()) for line in lines]
    shape = [cell is None for cell in rows[0] or []]
    plain = [row for line, row in zip(lines, rows, strict=True) if row is not None and not _ruler(line)]
    if not shape or any([cell is None for cell in row] != shape for row in plain):
        return lines
    widths = [max(width(row[column] or "") for row in plain) for column in range(len(shape))]
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    ends = ["\r" if line.endswith("\r") else "" for line in lines]
    return [
        indent + (_rule(widths, shape) if _ruler(line) else _row(row, widths)) + end
        for line, row, end in zip(lines, rows, ends, strict=True)
        if row is not None
    ]


def _ruler(line: str) -> bool:
    return bool(_RULER.fullmatch(line.strip()))


def _cells(line: str) -> list[str | None] | None:
    """The cells of a row, None for the `||` between conditions and answers; None altogether if it is not closed."""
    found = bars(line)
    if not line.startswith("|") or len(found) < 2 or found[-1] != len(line) - 1:
        return None
    return [line[start + 1 : end].strip() if end > start + 1 else None for start, end in pairwise(found)]


def _row(row: list[str | None], widths: list[int]) -> str:
    parts = ["|"]
    for cell, cells in zip(row, widths, strict=True):
        parts.append("|" if cell is None else f" {cell}{' ' * (cells - width(cell))} |")
    return "".join(parts)


def _rule(widths: list[int], shape: list[bool]) -> str:
    return "|" + "".join("|" if gap else "-" * (cells + 2) + "|" for cells, gap in zip(widths, shape, strict=True))
