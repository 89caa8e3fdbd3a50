"""Contact plans as compiled: kinds of contact, the rows that say how often, key nodes, caps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from relflow.diagnostics import Span
from relflow.program.asking import Asking
from relflow.program.code import Broken, Code
from relflow.program.matching import matches
from relflow.program.tables import Table
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["Cadence", "Cap", "KeyNode", "PlanRow", "TouchpointKind", "Valued"]


@dataclass(frozen=True, slots=True)
class Valued:
    """A duration or a number that may be literal, a parameter or a formula.

    `names` are the parameters and facts that it reads.
    """

    span: Span
    value: Any = None
    code: Code | Broken | None = None

    def call(self, run: Asking) -> Any:
        """The value for the run's record; None where it is unset, unknown or broken."""
        return run.call(self.code) if isinstance(self.code, Code) else self.value

    def missing(self, run: Asking) -> tuple[str, ...]:
        """The names without which the value is not known; nothing where it is known."""
        if self.code is None or self.call(run) is not None:
            return ()
        if isinstance(self.code, Broken):
            return (self.code.fragment.text,)
        return tuple(name for name in self.code.reads if run.outcome(name).unknown)


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchpointKind:
    """A kind of contact; one that `counts_as` others resets their rhythm too. `channel` may be left to a decision."""

    id: str
    span: Span
    channel: Valued
    label: Text
    purpose: str | None = None
    case: str | None = None
    counts_as: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One row of the plan: how often a kind of contact is due, at the latest after `at_most`."""

    number: int
    span: Span
    touchpoint: str
    target: Valued
    at_most: Valued | None = None
    because: Text | None = None
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyNode:
    """A time of closer contact: `within` before the date in `before`, of each item of the list fact `of` if stated."""

    span: Span
    before: str
    within: Valued
    times_as_often: Valued
    of: str | None = None
    because: Text | None = None
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `count` contacts of a purpose in each `per`."""

    count: Valued
    per: Valued


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How often which account is contacted. `table` holds the conditions of `rows`, in the same order."""

    id: str
    span: Span
    table: Table
    rows: tuple[PlanRow, ...]
    touchpoints: Mapping[str, TouchpointKind] = field(default_factory=dict)
    key_nodes: tuple[KeyNode, ...] = ()
    caps: Mapping[str, Cap] = field(default_factory=dict)
    on_non_working_day: Literal["previous", "next", "unchanged"] = "unchanged"
    count_from: Literal["last_contact", "plan"] = "last_contact"
    label: Text | None = None
    source: tuple[str, ...] = ()

    def matches(self, run: Asking) -> tuple[tuple[PlanRow, bool | None, tuple[str, ...]], ...]:
        """The rows that hold (True) or that something missing leaves open (None, with its names), in their order."""
        found = []
        for index, result in matches(run, self.id, self.table):
            missing = () if result else self._missing(run, index)
            found.append((self.rows[index], result, missing))
        return tuple(found)

    def _missing(self, run: Asking, index: int) -> tuple[str, ...]:
        """The missing names that the conditions of a row read."""
        names: dict[str, None] = {}
        for column, cell in zip(self.table.columns, self.table.rows[index].cells, strict=True):
            codes = (column.code, cell.tests) if cell.tests is not None else ()
            for code in codes:
                if isinstance(code, Code):
                    names.update((name, None) for name in code.reads if name != "?" and run.outcome(name).unknown)
        return tuple(names)
