"""A composed file: its nodes, and where each character of each scalar stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import field
from itertools import accumulate

from relflow.diagnostics import Fragment, Source, Span
from relflow.reader.compose import Node, ScalarNode
from relflow.reader.places import placed
from relflow.structs import dataclass

__all__ = ["PLACEHOLDER", "Document"]

PLACEHOLDER = "\U0010fffd"
"""Stands, repeated and in quotes, where a value was that could not be read and has been reported."""

_BEFORE = re.compile(r"(?:[&!][^\s,\[\]{}]*|#[^\n]*|\s)*")
_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class Document:
    """A source with its root node.

    `text` is what was composed: as long as the source's text, but with placeholders where values were reported.
    `damaged` says that lines were left out, so that a missing key says nothing.
    """

    source: Source
    text: str
    root: Node | None
    damaged: bool = False
    lines: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = self.text.split("\n")

    def rewrite(self, text: str) -> None:
        """Go on with another text of the same length."""
        self.text = text
        self.lines = text.split("\n")
        self.starts = []

    def reported(self, node: Node) -> bool:
        """Whether the node stands for something whose mistake is already known."""
        return isinstance(node, ScalarNode) and node.value.startswith(PLACEHOLDER)

    def span(self, node: Node) -> Span:
        """The place of a node; of a collection, to the end of the line on which it begins, or to its end."""
        if isinstance(node, ScalarNode):
            return self.fragment(node).span
        start, end = node.start_mark, node.end_mark
        if end.line == start.line or getattr(node, "flow_style", False):
            return Span(self.source, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        width = len(self.lines[start.line].rstrip())
        return Span(self.source, start.line + 1, start.column + 1, start.line + 1, max(width, start.column) + 1)

    def fragment(self, node: ScalarNode) -> Fragment:
        """The text of a scalar with its place."""
        start, end = node.start_mark, node.end_mark
        value, style = node.value, node.style
        if not value and not style:
            # the loaders disagree about blanks in front of nothing
            column = len(self.lines[start.line][: start.column].rstrip())
            return placed(self.source, start.line + 1, column + 1, "")
        if not style and start.line == end.line and self.text[start.index : start.index + 1] not in "&!":
            column = start.column
            if end.column - column == len(value):
                return placed(self.source, start.line + 1, column + 1, value)
        return self._fragment_of_style(node)

    def _fragment_of_style(self, node: ScalarNode) -> Fragment:
        line, column, index = self._begin(node)
        if node.style in ("|", ">"):
            return self._block(node, line)
        end = node.end_mark
        span = Span(self.source, line + 1, column + 1, end.line + 1, end.column + 1)
        quote = node.style if node.style in ("'", '"') else ""
        anchors = _align(node.value, self.text, index + len(quote), quote)
        if anchors is None:
            return Fragment(node.value, span, ((0, line + 1, column + 1),), exact=False)
        return Fragment(node.value, span, self._placed(anchors))

    def _begin(self, node: ScalarNode) -> tuple[int, int, int]:
        """Where the scalar itself begins, behind an anchor or a tag."""
        start = node.start_mark
        if self.text[start.index : start.index + 1] not in ("&", "!"):
            return start.line, start.column, start.index
        match = _BEFORE.match(self.text, start.index)
        index = match.end() if match else start.index
        line = start.line + self.text.count("\n", start.index, index)
        return line, index - (self.text.rfind("\n", 0, index) + 1), index

    def _block(self, node: ScalarNode, header: int) -> Fragment:
        value: str = node.value
        if node.style == ">":
            return self._folded(node, header)
        anchors = []
        offset = 0
        number = header + 1
        for number, line in enumerate(value.split("\n"), header + 1):
            raw = self.lines[number].rstrip("\r") if number < len(self.lines) else ""
            anchors.append((offset, number + 1, max(len(raw) - len(line), 0) + 1))
            offset += len(line) + 1
        if value.endswith("\n"):
            anchors.pop()
            number -= 1
        return Fragment(value, self._block_span(anchors, header, number), tuple(anchors))

    def _block_span(self, anchors: list[tuple[int, int, int]], header: int, last: int) -> Span:
        while last > header + 1 and not self.lines[min(last, len(self.lines) - 1)].strip():
            last -= 1
        _, line, column = next(
            (anchor for anchor in anchors if anchor[1] <= len(self.lines) and self.lines[anchor[1] - 1].strip()),
            (0, header + 1, 1),
        )
        width = len(self.lines[last].rstrip()) if last < len(self.lines) else 0
        return Span(self.source, line, column, max(last + 1, line), width + 1 if last + 1 >= line else column)

    def _folded(self, node: ScalarNode, header: int) -> Fragment:
        index = sum(len(line) + 1 for line in self.lines[: header + 1])
        begin = _SPACE.match(self.text, index)
        index = begin.end() if begin else index
        end = len(self.text[: node.end_mark.index].rstrip())
        first, last = self._point(index), self._point(max(end, index))
        span = Span(self.source, *first, *last)
        anchors = _align(node.value, self.text, index, "")
        if anchors is None:
            return Fragment(node.value, span, ((0, *first),), exact=False)
        return Fragment(node.value, span, self._placed(anchors))

    def _placed(self, anchors: list[tuple[int, int]]) -> tuple[tuple[int, int, int], ...]:
        return tuple((offset, *self._point(index)) for offset, index in anchors)

    def _point(self, index: int) -> tuple[int, int]:
        """Line and column of a character; the starts of lines are counted when they are first needed."""
        if not self.starts:
            self.starts = list(accumulate((len(line) + 1 for line in self.lines), initial=0))
        line = bisect_right(self.starts, index) - 1
        return line + 1, index - self.starts[line] + 1


def _align(value: str, text: str, index: int, quote: str) -> list[tuple[int, int]] | None:
    """(offset in value, index in text) wherever the two begin to run side by side; None if they do not."""
    anchors = [(0, index)]
    offset = 0
    while offset < len(value):
        character = text[index : index + 1]
        if quote == '"' and character == "\\":
            offset, index, same = _escape(text, offset, index)
        elif character == value[offset] and character != "\n":
            doubled = quote == "'" and character == "'"
            offset, index, same = offset + 1, index + 1 + doubled, not doubled
        elif character.isspace():
            offset, index, same = _fold(value, text, offset, index)
        else:
            return None
        if not same:
            anchors.append((offset, index))
    return anchors


def _escape(text: str, offset: int, index: int) -> tuple[int, int, bool]:
    """Behind an escape, which stands for one character, or for none at the end of a line."""
    rest = text[index + 1 : index + 3]
    if rest[:1] == "\n" or rest == "\r\n":
        match = _SPACE.match(text, index + 1)
        return offset, match.end() if match else index + 1, False
    escape = _ESCAPE.match(text, index)
    return offset + 1, escape.end() if escape else index + 1, False


def _fold(value: str, text: str, offset: int, index: int) -> tuple[int, int, bool]:
    """Behind the white space of a line break, which stands for one blank, for line breaks, or for nothing."""
    match = _SPACE.match(text, index)
    index = match.end() if match else index + 1
    if value[offset] == " ":
        return offset + 1, index, False
    while offset < len(value) and value[offset] == "\n":
        offset += 1
    return offset, index, False
