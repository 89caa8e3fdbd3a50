"""An explanation as data, and as lines, HTML or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Literal

from relflow.diagnostics import width
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["Block", "Explanation", "Line"]

_RESULTS = {
    "yes": Text((("en", "yes"), ("zh", "符合"))),
    "no": Text((("en", "no"), ("zh", "不符合"))),
    "open": Text((("en", "unknown"), ("zh", "未知"))),
    "": Text((("", ""),)),
}

# blocks stand below each other: their columns line up
_TABLE = (
    '<table style="table-layout:fixed;width:100%"><colgroup><col style="width:30%"><col style="width:22%">'
    '<col style="width:26%"><col></colgroup>'
)


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion: what was looked at, the value seen, what is asked for, whether it holds, how far it is off."""

    subject: Text
    value: Text
    demand: Text
    result: Literal["yes", "no", "open", ""]
    gap: Text | None = None
    source: tuple[str, ...] = ()

    def cells(self, lang: str) -> tuple[str, str, str, str]:
        """The line as four columns."""
        verdict = self.gap if self.gap is not None else _RESULTS[self.result]
        clause = f"  ({', '.join(self.source)})" if self.source else ""
        return self.subject.text(lang), self.value.text(lang), self.demand.text(lang), verdict.text(lang) + clause


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under a heading."""

    heading: Text
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a decision answers what it answers.

    `place` says which policy, row and line decided; the first block is what counted, the others are what would have to
    change for another answer, then what the criteria themselves rest on.
    """

    decision: str
    answer: Text
    place: Text
    because: Text
    blocks: tuple[Block, ...]
    remarks: tuple[Text, ...] = ()

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The explanation as lines for a terminal, columns aligned with wide characters."""
        return "\n".join(line.rstrip() for line in self._lines(lang))

    def _lines(self, lang: str) -> Iterator[str]:
        shown = [(block, [line.cells(lang) for line in block.lines]) for block in self.blocks]
        widths = [max((width(cells[i]) for _, rows in shown for cells in rows), default=0) for i in range(3)]
        because = self.because.text(lang)
        answer = self.answer.text(lang)
        yield f"{_fill(answer, max(widths[0] + 4, width(answer) + 2))}{self.place.text(lang)}"
        if because:
            yield f"  {because}"
        for number, (block, rows) in enumerate(shown):
            heading = block.heading.text(lang)
            if number and heading:
                yield heading
            for subject, value, demand, verdict in rows:
                space = " " * (widths[1] - width(value))
                yield f"  {_fill(subject, widths[0])}  {space}{value}  {_fill(demand, widths[2])}  {verdict}"
        for remark in self.remarks:
            yield remark.text(lang)

    def html(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The explanation as a piece of HTML: a heading, the reason, a table a block."""
        parts = [f"<p><b>{escape(self.answer.text(lang))}</b> <small>{escape(self.place.text(lang))}</small></p>"]
        if self.because:
            parts.append(f"<p>{escape(self.because.text(lang))}</p>")
        for block in self.blocks:
            if block.heading:
                parts.append(f"<h4>{escape(block.heading.text(lang))}</h4>")
            rows = "".join(
                "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line.cells(lang)) + "</tr>"
                for line in block.lines
            )
            if rows:
                parts.append(f"{_TABLE}{rows}</table>")
        parts += [f"<p>{escape(remark.text(lang))}</p>" for remark in self.remarks]
        return "\n".join(parts)

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> Mapping[str, object]:
        """The explanation as JSON-able data, texts in `lang`."""
        return {
            "decision": self.decision,
            "answer": self.answer.text(lang),
            "place": self.place.text(lang),
            "because": self.because.text(lang),
            "blocks": [
                {
                    "heading": block.heading.text(lang),
                    "lines": [
                        {
                            "subject": line.subject.text(lang),
                            "value": line.value.text(lang),
                            "demand": line.demand.text(lang),
                            "result": line.result,
                            "gap": line.gap.text(lang) if line.gap is not None else None,
                            "source": list(line.source),
                        }
                        for line in block.lines
                    ],
                }
                for block in self.blocks
            ],
            "remarks": [remark.text(lang) for remark in self.remarks],
        }


def _fill(text: str, cells: int) -> str:
    return text + " " * max(cells - width(text), 0)
