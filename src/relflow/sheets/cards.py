"""Scorecards as sheets: a row for each criterion, band and level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from relflow.diagnostics import Span
from relflow.model import Criterion, Decision, Model, Scorecard, Value
from relflow.program import Program
from relflow.sheets.layout import TableSheet
from relflow.text import DEFAULT_LANGUAGE

__all__ = ["LEFT", "RIGHT", "CardRow", "card_rows", "card_sheet", "cards", "shown"]

LEFT = ("criterion", "reads", "band", "level")
RIGHT = ("points", "weight")


@dataclass(frozen=True, slots=True)
class CardRow:
    """A row of the sheet, with the places that its cells have in the file (None: nothing there may change)."""

    texts: tuple[str, ...]
    band: Span | None = None
    points: Value | None = None
    weight: Value | None = None


def cards(model: Model) -> dict[str, Decision]:
    """The decisions whose rule is a scorecard, by name."""
    return {one.name: one for one in model.decisions if one.scorecard is not None}


def card_sheet(decision: Decision, program: Program, lang: str = DEFAULT_LANGUAGE) -> TableSheet:
    """A scorecard as a sheet."""
    node = program.decisions.get(decision.name)
    label = node.label.text(lang) if node is not None and node.label is not None else ""
    assert decision.scorecard is not None
    rows = tuple((row.texts[: len(LEFT)], row.texts[len(LEFT) :]) for row in card_rows(decision.scorecard))
    labels = (label, *[""] * (len(LEFT) + len(RIGHT) - 1)) if label else ()
    return TableSheet("scorecard", decision.name, LEFT, RIGHT, rows, (), labels)


def card_rows(card: Scorecard) -> Iterator[CardRow]:
    """Every row of the sheet in the order of the file."""
    for line in card.criteria:
        if line.when is not None and line.points is not None:
            yield CardRow((line.name, line.when.text, "", "", shown(line.points), ""), points=line.points)
        elif line.expression is not None:
            yield from _bands(line)
    for threshold in card.levels:
        texts = ("", "", "", threshold.level.text, shown(threshold.points), "")
        yield CardRow(texts, points=threshold.points)


def _bands(line: Criterion) -> Iterator[CardRow]:
    assert line.expression is not None
    for number, band in enumerate(line.bands):
        weight = line.weight if number == 0 else None
        last = "" if weight is None else shown(weight)
        texts = (line.name, line.expression.text, band.test.text, "", shown(band.points), last)
        yield CardRow(texts, band.test.span, band.points, weight)


def shown(value: Value) -> str:
    """A value as the file has it, a formula with its sign."""
    return f"= {value.text.text}" if value.formula else value.text.text
