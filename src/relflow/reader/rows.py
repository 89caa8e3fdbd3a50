"""The columns of a table as its heading orders them, and the rows that follow from its lines."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.diagnostics import Fragment
from relflow.model import Row, Value, Wording
from relflow.reader.cells import Line
from relflow.structs import dataclass
from relflow.text import LANGUAGES

__all__ = ["RESERVED", "Columns"]

RESERVED = ("because", *(f"because.{lang}" for lang in LANGUAGES), "source", "id")
"""Right-hand columns that say something about the row itself."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which right-hand cell is what: numbers of the outputs, of the reasons by language, of source and id."""

    outputs: tuple[int, ...]
    reasons: tuple[tuple[str, int], ...]
    source: int | None
    id: int | None

    @classmethod
    def of(cls, heading: Line) -> Columns:
        """The columns of a heading; `because` is English where a column of another language stands beside it."""
        numbers = {cell.text: number for number, cell in enumerate(heading.right)}
        by_language = [(lang, numbers[f"because.{lang}"]) for lang in LANGUAGES if f"because.{lang}" in numbers]
        if "because" in numbers:
            by_language.insert(0, ("en" if by_language else "", numbers["because"]))
        outputs = tuple(number for name, number in numbers.items() if name not in RESERVED)
        return cls(outputs, tuple(by_language), numbers.get("source"), numbers.get("id"))

    def row(self, line: Line, left: tuple[Fragment, ...]) -> Row:
        """The row of a line that has as many cells as the heading; `left` are its conditions."""
        right = line.right
        values = tuple([Value.of(right[number]) for number in self.outputs])
        if len(values) == len(right):
            return Row(span=line.span, inputs=left, outputs=values)
        return Row(
            span=line.span,
            inputs=left,
            outputs=values,
            because=self._because(right),
            source=() if self.source is None else tuple(_parts(right[self.source])),
            id=None if self.id is None or not right[self.id].text else right[self.id],
        )

    def _because(self, right: tuple[Fragment, ...]) -> Wording | None:
        pairs = tuple([(lang, right[number]) for lang, number in self.reasons if right[number].text])
        return Wording(pairs, pairs[0][1].span) if pairs else None


def _parts(cell: Fragment) -> Iterator[Fragment]:
    """What commas divide, such as clause ids."""
    if "," not in cell.text:
        if cell.text:
            yield cell
        return
    start = 0
    for part in cell.text.split(","):
        text = part.strip()
        if text:
            begin = start + len(part) - len(part.lstrip())
            yield cell.cut(begin, begin + len(text))
        start += len(part) + 1
