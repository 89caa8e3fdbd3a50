"""The trace of a manual as data: clauses, the elements that carry them, the tests that reach these, what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["Carrier", "ClauseTrace", "Done", "ElementTrace", "Tracing"]

Status = Literal["carried", "outside", "orphan"]


@dataclass(frozen=True, slots=True)
class Carrier:
    """An element that names clauses: where it is in the policy (`decisions.size, row 2`) and in its file."""

    path: str
    name: str
    place: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseTrace:
    """A clause with what carries it; an `orphan` is neither carried nor said to be outside of software."""

    id: str
    status: Status
    elements: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    text: Text | None = None
    reason: Text | None = None

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        """The clause as JSON-able data; `reason` says, in `lang`, why a clause is outside of software."""
        return {
            "id": self.id,
            "status": self.status,
            "elements": list(self.elements),
            "tests": list(self.tests),
            "reason": self.reason.text(lang) if self.reason is not None else None,
        }


@dataclass(frozen=True, slots=True)
class ElementTrace:
    """The way back: an element with the clauses that it carries and the tests that reach it."""

    path: str
    clauses: tuple[str, ...]
    tests: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The element as JSON-able data."""
        return {"id": self.path, "clauses": list(self.clauses), "tests": list(self.tests)}


@dataclass(frozen=True, slots=True)
class Tracing:
    """All clauses of a policy; `strangers` are elements that name a clause which the policy does not list.

    `unmoored` are elements of the policy's own files that name no clause at all although the policy lists clauses.
    """

    clauses: tuple[ClauseTrace, ...]
    strangers: tuple[Carrier, ...] = ()
    unmoored: tuple[str, ...] = ()
    elements: tuple[ElementTrace, ...] = ()

    @property
    def untested(self) -> tuple[ClauseTrace, ...]:
        """Carried clauses whose elements no test reaches."""
        return tuple(one for one in self.clauses if one.status == "carried" and not one.tests)

    @property
    def orphans(self) -> tuple[ClauseTrace, ...]:
        """Clauses that nothing carries."""
        return tuple(one for one in self.clauses if one.status == "orphan")

    @property
    def whole(self) -> bool:
        """Whether nothing is left over."""
        return not (self.orphans or self.untested or self.unmoored or self.strangers)


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was decided: when, through which element, in which case of whose, by whom, and what came of it."""

    at: datetime
    element: str
    case: str
    account: str | None
    actor: str | None
    what: Text

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        """The decision as JSON-able data, its words in `lang`."""
        return {
            "at": self.at.isoformat(),
            "element": self.element,
            "case": self.case,
            "account": self.account,
            "actor": self.actor,
            "what": self.what.text(lang),
        }
