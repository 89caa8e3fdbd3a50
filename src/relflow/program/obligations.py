"""What falls due by itself, and figures over a period, as compiled."""

from __future__ import annotations

from typing import Any, Literal

from relflow.diagnostics import Span
from relflow.feel import ANY, Type
from relflow.model import Effect
from relflow.program.cadences import Valued
from relflow.program.code import Broken, Code
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["Kpi", "Obligation", "Streak"]

Subject = Literal["account", "company", "case", "list"]
Trigger = Literal["every", "yearly", "date", "festival", "event", "becomes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """Something to be done at a time or on an occasion.

    `subject` says what it is about, `of` names the workflow or the list fact. `trigger` is the occasion: `every` with
    `target` and `at_most`, `yearly` and `date` with the name of a `day`, `festival` with `festivals` (ids, or code
    that gives them), `event` with its `name`, `becomes` with a condition in `becomes`. `when` filters, `before` is a
    lead, `after` a delay; conditions and formulas see what the subject has. `do` is as the policy states it.
    """

    id: str
    span: Span
    subject: Subject
    of: str
    trigger: Trigger
    target: Valued | None = None
    at_most: Valued | None = None
    day: str | None = None
    festivals: tuple[Any, ...] = ()
    event: str | None = None
    becomes: Code | Broken | None = None
    when: Code | Broken | None = None
    before: Valued | None = None
    after: Valued | None = None
    check_every: Valued | None = None
    do: tuple[Effect, ...] = ()
    label: Text | None = None
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Streak:
    """What follows when a goal is missed, or met, so many periods in a row."""

    span: Span
    in_a_row: Valued
    do: tuple[Effect, ...] = ()
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A figure: `value` is code over `items`, the subjects whose `at` falls into the period, by each value of `by`.

    `item` is the type of an item; `mentions` are the names of the policy that an item of accounts has to answer.
    """

    id: str
    span: Span
    subject: Subject
    of: str
    item: Type = ANY
    mentions: tuple[str, ...] = ()
    value: Code | Broken | None = None
    goal: Code | Broken | None = None
    period: Valued | None = None
    at: str | None = None
    by: str | None = None
    misses: tuple[Streak, ...] = ()
    meets: tuple[Streak, ...] = ()
    label: Text | None = None
    source: tuple[str, ...] = ()
