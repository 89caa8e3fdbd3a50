"""A CSV file to lines of cells, each with its place: commas, quoted cells, `||` as a column of the heading."""

from __future__ import annotations

import re
from typing import Protocol

from relflow.diagnostics import Field, Fragment, Message, Severity, Source, Span
from relflow.reader.cells import Line
from relflow.text import Text

__all__ = ["csv_lines"]

_QUOTED = re.compile(r'"((?:[^"]|"")*)"')

SEMICOLONS = Message.of(
    "csv",
    Severity.ERROR,
    "this file divides its cells by {sign}, not by commas",
    "该文件用{sign}分隔单元格，而不是逗号",
    "save it as CSV divided by commas (UTF-8)",
    "另存为逗号分隔的 CSV（UTF-8）",
)
OPEN_QUOTE = Message.of(
    "csv",
    Severity.ERROR,
    "this cell opens a quotation mark and does not close it on this line",
    "这个单元格的引号没有在本行闭合",
    "close it; a quotation mark inside a quoted cell is written twice",
    "补上引号；引号内的引号要写两次",
)
_SEMICOLON = Text((("en", "semicolons"), ("zh", "分号")))
_TAB = Text((("en", "tabs"), ("zh", "制表符")))


class _Report(Protocol):
    def __call__(self, message: Message, span: Span, help: Text | None = None, **fields: Field) -> None: ...


def csv_lines(source: Source, report: _Report) -> list[Line]:
    """The lines of a CSV table. In the heading a column `||` divides conditions from results; below it is empty."""
    found: list[Line] = []
    middle: int | None = None
    for number, raw in enumerate(source.text.split("\n"), 1):
        text = raw.rstrip("\r")
        if not text.strip().strip(","):
            continue
        span = Span(source, number, 1, number, len(text) + 1)
        if not found and "," not in text and (";" in text or "\t" in text):
            report(SEMICOLONS, span, sign=_SEMICOLON if ";" in text else _TAB)
            return []
        cells = _cells(source, number, text, report)
        if not found:
            middle = next((index for index, cell in enumerate(cells) if cell.text == "||"), None)
        found.append(_line(span, cells, middle))
    return found


def _line(span: Span, cells: list[Fragment], middle: int | None) -> Line:
    divided = middle is not None and middle < len(cells) and cells[middle].text in ("", "||")
    if middle is None or not divided:
        return Line(span, tuple(cells), (), False, True)
    return Line(span, tuple(cells[:middle]), tuple(cells[middle + 1 :]), True, True)


def _cells(source: Source, number: int, text: str, report: _Report) -> list[Fragment]:
    found = []
    start = 0
    while start <= len(text):
        quoted = _QUOTED.match(text, start)
        if quoted and text[quoted.end() : quoted.end() + 1] in ("", ","):
            found.append(_quoted(source, number, quoted))
            start = quoted.end() + 1
            continue
        end = text.find(",", start)
        end = len(text) if end < 0 else end
        raw = text[start:end]
        column = start + len(raw) - len(raw.lstrip()) + 1
        span = Span(source, number, column, number, column + len(raw.strip()))
        if raw.lstrip().startswith('"') and raw.count('"') % 2:
            report(OPEN_QUOTE, span)
        found.append(Fragment(raw.strip(), span, ((0, number, column),)))
        start = end + 1
    return found


def _quoted(source: Source, number: int, match: re.Match[str]) -> Fragment:
    raw = match[1]
    lead = len(raw) - len(raw.lstrip())
    inner = raw.strip()
    column = match.start() + 2 + lead
    span = Span(source, number, column, number, column + len(inner))
    anchors = [(0, number, column)]
    for count, double in enumerate(re.finditer('""', inner), 1):
        anchors.append((double.end() - count, number, column + double.end()))
    return Fragment(inner.replace('""', '"'), span, tuple(anchors))
