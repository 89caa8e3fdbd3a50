"""How a policy decides: tables, scorecards, expressions; the schemes whose levels follow from them."""

from __future__ import annotations

from typing import Literal

from relflow.diagnostics import Fragment, Span
from relflow.model.elements import Choices, Element
from relflow.model.facts import Output
from relflow.model.values import Content, Value, Wording
from relflow.structs import dataclass

__all__ = ["Band", "Criterion", "Decision", "Gift", "Indicator", "Row", "Scheme", "Scorecard", "Table", "Threshold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table; `inputs` are unary tests (in a test table literals, `""` a missing fact)."""

    span: Span
    inputs: tuple[Fragment, ...]
    outputs: tuple[Value, ...]
    because: Wording | None = None
    source: tuple[Fragment, ...] = ()
    id: Fragment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table from a block of text or a CSV file; `inputs` are expressions, `outputs` names.

    A row has as many inputs and outputs as the heading; an empty output cell is a `Value` that is null.
    """

    span: Span
    inputs: tuple[Fragment, ...]
    outputs: tuple[Fragment, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Points for the values that a unary test matches."""

    test: Fragment
    points: Value


@dataclass(frozen=True, slots=True)
class Threshold:
    """A level and the points from which it holds."""

    level: Fragment
    points: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Element):
    """One line of a scorecard: `points` if `when` is true, or `weight` times the first band that `expression` meets."""

    when: Fragment | None = None
    points: Value | None = None
    expression: Fragment | None = None
    weight: Value | None = None
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """Criteria whose points add up, and the levels that the sum reaches, highest first; no levels: the sum itself."""

    span: Span
    criteria: tuple[Criterion, ...]
    levels: tuple[Threshold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Element):
    """A question with at most one body (`table`, `scorecard`, `expression`); without one it is open.

    `reads` are the criteria that the manual names for an open one. `output` is the single answer's type, `outputs`
    the types by name where there are several.
    """

    output: Output | None = None
    outputs: tuple[tuple[Fragment, Output], ...] = ()
    reads: tuple[Fragment, ...] = ()
    hit_policy: Fragment | None = None
    aggregation: Fragment | None = None
    default: Content | None = None
    when_missing: Fragment | None = None
    table: Table | None = None
    scorecard: Scorecard | None = None
    expression: Fragment | None = None

    @property
    def open(self) -> bool:
        """Whether the manual leaves the rule to the company and the company has not given one."""
        return self.table is None and self.scorecard is None and self.expression is None


@dataclass(frozen=True, slots=True)
class Gift:
    """What a level gives."""

    level: Fragment
    items: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme(Element):
    """Levels, highest first, of which each account has one in force: a tier or a risk.

    `lower_after` is so many reviews (`2 reviews`) or a duration; no level is lowered before `minimum_stay` is over.
    """

    kind: Literal["tier", "risk"]
    from_: Fragment | None = None
    levels: Choices | None = None
    review_every: Value | None = None
    lower_after: Value | None = None
    minimum_stay: Value | None = None
    gives: tuple[Gift, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Element):
    """A named sign of risk: true or not."""

    when: Fragment | None = None
    kind: Fragment | None = None
