"""Places in source text: lines and columns count characters from 1."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import field
from functools import lru_cache

from relflow.structs import dataclass

__all__ = ["Fragment", "Source", "Span"]


@dataclass(frozen=True, slots=True)
class Source:
    """A file (or a text given by the host) with the name under which findings show it."""

    name: str
    text: str = field(repr=False)

    def line(self, number: int) -> str:
        """The text of line `number` without its end, `""` beyond the last."""
        return self.lines[number - 1].rstrip("\r") if 0 < number <= len(self.lines) else ""

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line; a text with many findings is taken apart once."""
        return _lines(self.text)

    def position(self, line: int, column: int) -> tuple[int, int]:
        """The line and the column under which people know a place; a sheet counts cells."""
        return line, column

    def place(self, line: int, column: int) -> str:
        """A place as findings name it."""
        return f"{self.name}:{line}:{column}"


@lru_cache(maxsize=4)
def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))


@dataclass(frozen=True, slots=True)
class Span:
    """From a first character to just behind a last one."""

    source: Source
    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def whole(cls, source: Source) -> Span:
        """The file as such: its first character."""
        return cls(source, 1, 1, 1, 1)

    @property
    def text(self) -> str:
        """What stands there, at most to the end of its first line."""
        line = self.source.line(self.line)
        end = self.end_column - 1 if self.end_line == self.line else len(line)
        return line[self.column - 1 : end]

    def to(self, other: Span) -> Span:
        """From here to the end of `other`, a later place of the same source."""
        return Span(self.source, self.line, self.column, other.end_line, other.end_column)

    def __str__(self) -> str:
        return self.source.place(self.line, self.column)


@dataclass(frozen=True, slots=True)
class Fragment:
    """Text cut out of a source, such as a cell or a FEEL expression, that still knows where each character stood.

    `anchors` are `(offset in text, line, column)`, ascending, the first with offset 0; between two anchors the
    characters of the text run along the source line. `span` is the whole fragment as it stands in the source, and
    where `exact` is false (escapes, folded lines) every place inside it is that whole.
    """

    text: str
    span: Span
    anchors: tuple[tuple[int, int, int], ...] = ()
    exact: bool = True

    @classmethod
    def of(cls, text: str, name: str = "<text>") -> Fragment:
        """A fragment that is a source of its own, for text that comes from a caller and not from a file."""
        lines = text.split("\n")
        offsets = [0]
        for line in lines[:-1]:
            offsets.append(offsets[-1] + len(line) + 1)
        anchors = tuple((offset, number, 1) for number, offset in enumerate(offsets, 1))
        span = Span(Source(name, text), 1, 1, len(lines), len(lines[-1]) + 1)
        return cls(text, span, anchors)

    def at(self, start: int, end: int) -> Span:
        """The place of `text[start:end]` in the source."""
        if not self.exact or not self.anchors:
            return self.span
        first = self._point(start)
        last = self._point(max(start, end - 1))
        return Span(self.span.source, first[0], first[1], last[0], last[1] + (1 if end > start else 0))

    def cut(self, start: int, end: int) -> Fragment:
        """The fragment `text[start:end]`, with its place."""
        if not self.exact or not self.anchors:
            return Fragment(self.text[start:end], self.span, self.anchors, False)
        line, column = self._point(start)
        inner = tuple((o - start, n, c) for o, n, c in self.anchors if start < o < end)
        return Fragment(self.text[start:end], self.at(start, end), ((0, line, column), *inner))

    def _point(self, offset: int) -> tuple[int, int]:
        index = bisect_right(self.anchors, offset, key=lambda anchor: anchor[0]) - 1
        start, line, column = self.anchors[max(index, 0)]
        return line, column + offset - start
