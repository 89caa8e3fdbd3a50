"""What a policy's names stand for: facts, parameters, decisions, indicators, schemes, each a node of one graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Any, Final, Literal, NamedTuple

from relflow.diagnostics import Span
from relflow.feel.types import Type
from relflow.program.code import Broken, Code
from relflow.program.scorecards import Scorecard
from relflow.program.tables import Table
from relflow.structs import dataclass
from relflow.text import Text

KNOWN: Final = "known "
"""The name under which an expression finds the day as of which a fact is known: `known annual_amount`."""

__all__ = ["KNOWN", "Category", "Decision", "Fact", "Indicator", "Node", "Outcome", "Parameter", "Role", "Scheme"]


class Outcome(NamedTuple):
    """What a node answers: `unknown` marks a null that a missing fact or unset parameter is behind.

    `row` is the index of the table row that decided, -1 without one; `low` and `high` the ends of a score.
    """

    value: Any
    unknown: bool = False
    row: int = -1
    low: Any = None
    high: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What has a name in the policy. `inputs` are the names it reads, `type` is the type of its value."""

    id: str
    span: Span
    type: Type
    inputs: tuple[str, ...] = ()
    label: Text | None = None
    source: tuple[str, ...] = ()
    because: Text | None = None

    @property
    def reads_time(self) -> bool:
        """Whether its value depends on the day or the instant by itself, its inputs left aside."""
        return False

    @property
    def sometimes(self) -> tuple[str, ...]:
        """Names that it reads beside its inputs, such as a review rhythm where a state is given."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Node):
    """What the host supplies about an account; a `case` one is a case's datum and missing outside of a case.

    `required` says when it must be there: a condition, or None for never. `holds_personal`: it is personal itself, or a
    record with a personal field, or a list of such.
    """

    category: str | None = None
    required: Code | Broken | None = None
    personal: bool = False
    holds_personal: bool = False
    lunar: bool = False
    case: bool = False
    labels: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Node):
    """What the manual leaves to the company.

    `values` are the values with the day from which each holds (None: always), latest first; under a level where
    there is a `per` scheme, under None otherwise. Nothing there: it is unset. `code` gives the value instead where it
    is a formula. `broken` says that something is wrong with what stands there, `choices` are the values among which the
    company chooses, as the manual writes them.
    """

    values: Mapping[str | None, tuple[tuple[date | None, Any], ...]] = field(default_factory=dict)
    per: str | None = None
    code: Code | Broken | None = None
    suggested: str | None = None
    broken: bool = False
    choices: tuple[str, ...] = ()

    @property
    def reads_time(self) -> bool:
        """Whether some value of it holds from a day on, or its formula reads the time."""
        if isinstance(self.code, Code):
            return self.code.reads_time
        return any(since is not None for dated in self.values.values() for since, _ in dated)

    @property
    def unset(self) -> bool:
        """Whether it has no value at all."""
        return self.code is None and not any(self.values.values())

    @property
    def fixed(self) -> bool:
        """Whether it has one value for every level and day, which expressions hold as a figure."""
        return self.per is None and self.code is None and not self.reads_time and not self.unset

    def value(self, level: str | None, day: date | None) -> Any:
        """The value for a level (None without `per`) on a day; None where it is unset."""
        for since, value in self.values.get(level, ()):
            if since is None or (day is not None and since <= day):
                return value
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Node):
    """A question and its rule; without a body it is open: the manual leaves the rule to the company.

    `outputs` are the names and types where there are several answers. With `check` the value of its expression has to
    be compared with the declared type at run time, since the expression's own type does not tell. With `no_match` a
    missing fact is plain null. `criteria` are the names that the manual wants it to read.
    """

    body: Table | Scorecard | Code | Broken | None = None
    check: bool = False
    no_match: bool = False
    criteria: tuple[str, ...] = ()
    outputs: tuple[tuple[str, Type], ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict)

    @property
    def reads_time(self) -> bool:
        """Whether one of its expressions reads the time."""
        return self.body is not None and not isinstance(self.body, Broken) and self.body.reads_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Node):
    """A named sign of risk."""

    kind: str | None = None
    when: Code | Broken | None = None

    @property
    def reads_time(self) -> bool:
        """Whether its condition reads the time."""
        return isinstance(self.when, Code) and self.when.reads_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme(Node):
    """Levels, highest first, of which one is in force; `from_` is the decision that says which.

    A lower level holds after `lower_reviews` reviews in a row or after the duration that `lower_after` gives, at once
    where both are None, and never before `minimum_stay` in a level is over; `review_every` gives the duration between
    reviews, None where the policy states none.
    """

    kind: Literal["tier", "risk"]
    from_: str | None = None
    levels: tuple[str, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict)
    review_every: Code | Broken | None = None
    lower_reviews: int | None = None
    lower_after: Code | Broken | None = None
    minimum_stay: Code | Broken | None = None
    gives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def sometimes(self) -> tuple[str, ...]:
        """What its durations read."""
        codes = (self.review_every, self.lower_after, self.minimum_stay)
        return tuple(name for code in codes if isinstance(code, Code) for name in code.reads)


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A group of facts, and how they are kept; durations are code, None where the policy says nothing."""

    id: str
    span: Span
    facts: tuple[str, ...] = ()
    steward: str | None = None
    fresh_for: Code | Broken | None = None
    keep_for: Code | Broken | None = None
    purposes: tuple[str, ...] = ()
    shared_with: tuple[str, ...] = ()
    seen_by: tuple[str, ...] = ()
    changed_by: tuple[str, ...] = ()
    label: Text | None = None
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Who may act: the person whom the fact `from_` names, or a body of a lead and members."""

    id: str
    span: Span
    from_: str | None = None
    lead: str | None = None
    members: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    required: Code | Broken | None = None
    label: Text | None = None
    source: tuple[str, ...] = ()
