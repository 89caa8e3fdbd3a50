"""How an answer came about, as data: steps, rows, cells, criteria, what was missing, why something was null."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from relflow.diagnostics import Span
from relflow.results.values import jsonable
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["CellTrace", "CriterionTrace", "Missing", "Reason", "RowTrace", "Rule", "Trace", "TraceStep"]

Kind = Literal["fact", "parameter", "table", "scorecard", "expression", "indicator", "scheme", "open"]


class Missing(str):
    """The name of something that an answer needed and nobody supplied; compares as that name.

    `kind` is `fact`, `parameter` or `decision` (both of these: the company has not set it), `source` are the clauses
    of the manual that ask for it.
    """

    __slots__ = ("kind", "label", "source", "span")

    kind: Literal["fact", "parameter", "decision"]
    label: Text | None
    source: tuple[str, ...]
    span: Span | None

    @classmethod
    def of(
        cls,
        name: str,
        kind: Literal["fact", "parameter", "decision"],
        label: Text | None = None,
        source: tuple[str, ...] = (),
        span: Span | None = None,
    ) -> Missing:
        """A missing name with what the policy says of it."""
        missing = cls(name)
        missing.kind, missing.label, missing.source, missing.span = kind, label, source, span
        return missing

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        """The missing thing as JSON-able data."""
        label = self.label.text(lang) if self.label is not None else None
        return {"name": str(self), "kind": self.kind, "label": label, "source": list(self.source)}

    def __reduce__(self) -> tuple[object, ...]:
        return (Missing.of, (str(self), self.kind, self.label, self.source, self.span))


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a table: its number as people count it, its place, its clauses and its reason."""

    number: int
    span: Span
    source: tuple[str, ...] = ()
    because: Text | None = None
    id: str | None = None

    @property
    def place(self) -> str:
        """File and line, as an editor opens them."""
        return f"{self.span.source.name}:{self.span.line}"

    def to_dict(self) -> dict[str, object]:
        """The row as JSON-able data."""
        return {"number": self.number, "place": self.place, "source": list(self.source), "id": self.id}

    def __str__(self) -> str:
        return f"row {self.number}, {self.place}"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a value is null although nothing was missing: what happened, in words, and where the expression stands."""

    name: str
    message: Text
    span: Span
    node: str

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The reason in `lang`."""
        return self.message.text(lang)

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        """The reason as JSON-able data."""
        return {"name": self.name, "text": self.text(lang), "place": str(self.span), "in": self.node}

    def __str__(self) -> str:
        return f"{self.span}: {self.text()}"


@dataclass(frozen=True, slots=True)
class CellTrace:
    """One cell that was looked at: `result` is None if a missing fact leaves it open, or if it was null."""

    column: str
    test: str
    value: object
    result: bool | None
    span: Span


@dataclass(frozen=True, slots=True)
class RowTrace:
    """One row that was looked at; `index` counts from 0 as `Decision.row` does."""

    index: int
    rule: Rule
    result: Literal["hit", "open", "no"]
    output: object
    cells: tuple[CellTrace, ...]


@dataclass(frozen=True, slots=True)
class CriterionTrace:
    """One line of a scorecard: the points it added, as a range where a missing fact leaves them open."""

    name: str
    label: Text | None
    text: str
    value: object
    low: object
    high: object
    span: Span
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TraceStep:
    """What one fact, parameter, decision, indicator or scheme answered, and from what."""

    name: str
    kind: Kind
    value: object
    unknown: bool
    span: Span
    label: Text | None = None
    source: tuple[str, ...] = ()
    because: Text | None = None
    reads: tuple[str, ...] = ()
    text: str = ""
    row: int = -1
    rows: tuple[RowTrace, ...] = ()
    criteria: tuple[CriterionTrace, ...] = ()
    low: object = None
    high: object = None


@dataclass(frozen=True, slots=True)
class Trace:
    """The steps that led to an answer, each after those it reads; the last one is the answer."""

    decision: str
    policy: str
    version: str
    digest: str
    at: str | None
    steps: tuple[TraceStep, ...]

    def step(self, name: str) -> TraceStep | None:
        """The step of that name, None if the answer did not read it."""
        return next((step for step in self.steps if step.name == name), None)

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        """The trace as JSON-able data, texts in `lang`."""
        return {
            "decision": self.decision,
            "policy": self.policy,
            "version": self.version,
            "digest": self.digest,
            "at": self.at,
            "steps": [_step_data(step, lang) for step in self.steps],
        }


def _step_data(step: TraceStep, lang: str) -> dict[str, object]:
    return {
        "name": step.name,
        "kind": step.kind,
        "value": jsonable(step.value),
        "unknown": step.unknown,
        "place": str(step.span),
        "label": step.label.text(lang) if step.label is not None else None,
        "source": list(step.source),
        "because": step.because.text(lang) if step.because is not None else None,
        "reads": list(step.reads),
        "row": step.row + 1 if step.row >= 0 else None,
        "rows": [_row_data(row) for row in step.rows],
        "criteria": [
            {"name": line.name, "text": line.text, "value": jsonable(line.value), "low": jsonable(line.low),
             "high": jsonable(line.high)}
            for line in step.criteria
        ],
    }  # fmt: skip


def _row_data(row: RowTrace) -> dict[str, object]:
    cells = [
        {"column": cell.column, "test": cell.test, "value": jsonable(cell.value), "result": cell.result}
        for cell in row.cells
    ]
    return {"number": row.rule.number, "result": row.result, "output": jsonable(row.output), "cells": cells}
