"""How an answer came about, as data: steps, rows, cells, criteria, what was missing, why something was null."""

from __future__ import annotations

import re
from typing import Literal, Protocol

from relflow.diagnostics import Span
from relflow.results.values import jsonable
from relflow.structs import dataclass
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = [
    "CellTrace",
    "CriterionTrace",
    "Missing",
    "Reason",
    "RowTrace",
    "Rule",
    "StepDetail",
    "StepShape",
    "Trace",
    "TraceStep",
]

_WORD = re.compile(r"[^\W\d]\w*")
Kind = Literal["fact", "parameter", "table", "scorecard", "expression", "indicator", "scheme", "open"]


class Missing(str):
    """The name of something that an answer needed and nobody supplied; compares as that name.

    `kind` is `fact`, `date` (the day as of which the fact of that name is known), `parameter` or `decision` (both of
    these: the company has not set it), `source` are the clauses of the manual that ask for it.
    """

    __slots__ = ("kind", "label", "source", "span")

    kind: Literal["fact", "date", "parameter", "decision"]
    label: Text | None
    source: tuple[str, ...]
    span: Span | None

    @classmethod
    def of(
        cls,
        name: str,
        kind: Literal["fact", "date", "parameter", "decision"],
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
class StepShape:
    """What every trace of a policy says alike about one of its names."""

    name: str
    kind: Kind
    span: Span
    label: Text | None = None
    source: tuple[str, ...] = ()
    because: Text | None = None
    becauses: tuple[Text | None, ...] = ()
    text: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True)
class StepDetail:
    """What only the recorded run knows of a step: the names looked at, rows and cells, criteria, ends of a score."""

    reads: tuple[str, ...] = ()
    rows: tuple[RowTrace, ...] = ()
    criteria: tuple[CriterionTrace, ...] = ()
    low: object = None
    high: object = None


class Unfolding(Protocol):
    """What finds the detail of a step when somebody asks for it."""

    def unfold(self, name: str) -> StepDetail:
        """The detail of the step of that name."""
        ...


class TraceStep:
    """What one fact, parameter, decision, indicator or scheme answered, and from what.

    `value`, `unknown` and the index of the deciding `row` (-1: none) are recorded with the decision; `reads`, `rows`,
    `criteria`, `low` and `high` are worked out when one of them is asked for.
    """

    __slots__ = ("_detail", "_shape", "row", "unknown", "value")

    def __init__(
        self, shape: StepShape, value: object, unknown: bool, row: int, detail: StepDetail | Unfolding
    ) -> None:
        self._shape = shape
        self.value = value
        self.unknown = unknown
        self.row = row
        self._detail = detail

    @property
    def name(self) -> str:
        """The id in the policy."""
        return self._shape.name

    @property
    def kind(self) -> Kind:
        """What it is in the policy."""
        return self._shape.kind

    @property
    def span(self) -> Span:
        """Where the policy says it."""
        return self._shape.span

    @property
    def label(self) -> Text | None:
        """What people call it."""
        return self._shape.label

    @property
    def personal(self) -> bool:
        """Whether it is a fact about a person, whose value stays out of logs."""
        return self._shape.personal

    @property
    def source(self) -> tuple[str, ...]:
        """The clauses of the manual behind it."""
        return self._shape.source

    @property
    def because(self) -> Text | None:
        """The reason that the deciding row states, or the element itself."""
        shape = self._shape
        return (shape.becauses[self.row] if self.row >= 0 and shape.becauses else None) or shape.because

    @property
    def text(self) -> str:
        """The expression, or the decision that a scheme follows."""
        return self._shape.text

    @property
    def detail(self) -> StepDetail:
        """Everything that only the recorded run knows."""
        if not isinstance(self._detail, StepDetail):
            self._detail = self._detail.unfold(self.name)
        return self._detail

    @property
    def reads(self) -> tuple[str, ...]:
        """The names that the answer rests on."""
        return self.detail.reads

    @property
    def rows(self) -> tuple[RowTrace, ...]:
        """The rows of a table that were looked at."""
        return self.detail.rows

    @property
    def criteria(self) -> tuple[CriterionTrace, ...]:
        """The lines of a scorecard."""
        return self.detail.criteria

    @property
    def low(self) -> object:
        """The least score that missing facts leave possible."""
        return self.detail.low

    @property
    def high(self) -> object:
        """The greatest score that missing facts leave possible."""
        return self.detail.high

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TraceStep):
            return NotImplemented
        own = (self._shape, self.value, self.unknown, self.row, self.detail)
        return own == (other._shape, other.value, other.unknown, other.row, other.detail)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[object, ...]:
        return (TraceStep, (self._shape, self.value, self.unknown, self.row, self.detail))

    def __repr__(self) -> str:
        shown = "unknown" if self.unknown else "(personal)" if self.personal else repr(self.value)
        return f"<TraceStep {self.name} = {shown}>"


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

    def to_dict(self, lang: str = DEFAULT_LANGUAGE, *, personal: bool = False) -> dict[str, object]:
        """The trace as JSON-able data, texts in `lang`; values that rest on personal facts only with `personal`."""
        hidden = frozenset() if personal else frozenset(step.name for step in self.steps if step.personal)
        return {
            "decision": self.decision,
            "policy": self.policy,
            "version": self.version,
            "digest": self.digest,
            "at": self.at,
            "steps": [_step_data(step, lang, hidden) for step in self.steps],
        }


def _shown(text: str, value: object, hidden: frozenset[str]) -> object:
    """A value as data, nothing where what it was worked out from names something hidden."""
    return jsonable(value) if hidden.isdisjoint(_WORD.findall(text)) else None


def _step_data(step: TraceStep, lang: str, hidden: frozenset[str]) -> dict[str, object]:
    return {
        "name": step.name,
        "kind": step.kind,
        "value": _shown(step.name if step.kind == "fact" else "", step.value, hidden),
        "personal": step.personal,
        "unknown": step.unknown,
        "place": str(step.span),
        "label": step.label.text(lang) if step.label is not None else None,
        "source": list(step.source),
        "because": step.because.text(lang) if step.because is not None else None,
        "reads": list(step.reads),
        "row": step.row + 1 if step.row >= 0 else None,
        "rows": [_row_data(row, hidden) for row in step.rows],
        "criteria": [
            {
                "name": line.name,
                "text": line.text,
                "value": _shown(line.text, line.value, hidden),
                "low": jsonable(line.low),
                "high": jsonable(line.high),
            }
            for line in step.criteria
        ],
    }


def _row_data(row: RowTrace, hidden: frozenset[str]) -> dict[str, object]:
    cells = [
        {
            "column": cell.column,
            "test": cell.test,
            "value": _shown(cell.column, cell.value, hidden),
            "result": cell.result,
        }
        for cell in row.cells
    ]
    return {"number": row.rule.number, "result": row.result, "output": jsonable(row.output), "cells": cells}
