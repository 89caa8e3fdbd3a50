"""What a policy is about: clauses of its manual, parameters, records, categories, facts, roles, events."""

from __future__ import annotations

from relflow.diagnostics import Fragment
from relflow.model.elements import Choices, Dated, Element, Item, Type
from relflow.model.values import Content, Value, Wording
from relflow.structs import dataclass

__all__ = ["Category", "Clause", "Declaration", "EventType", "Output", "Parameter", "Record", "Role"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause(Element):
    """A clause of the manual: what it asks, and `outside` with the reason if the policy does not carry it."""

    text: Wording | None = None
    outside: Wording | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Output(Item):
    """The type of an answer: declared like a fact, or by the levels of a scheme."""

    type: Type | None = None
    levels_of: Fragment | None = None
    one_of: Choices | None = None
    unit: Fragment | None = None
    min: Value | None = None
    max: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration(Element):
    """A name with a type: a fact, a record's field, a datum of a case or an event, something a workflow expects.

    `required` is FEEL (`true` included). `default` is there for what a workflow expects. `lunar` dates recur by the
    Chinese calendar.
    """

    type: Type | None = None
    levels_of: Fragment | None = None
    one_of: Choices | None = None
    unit: Fragment | None = None
    min: Value | None = None
    max: Value | None = None
    category: Fragment | None = None
    required: Fragment | None = None
    personal: bool = False
    lunar: bool = False
    default: Content | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Element):
    """What the manual leaves to the company. Without `value` and `values` it is unset.

    `values` are dated values, earliest first as written; with `per` (a scheme) a value stands under each level.
    """

    type: Type | None = None
    value: Content | None = None
    values: tuple[Dated, ...] = ()
    suggested: Content | None = None
    one_of: Choices | None = None
    per: Fragment | None = None
    unit: Fragment | None = None
    min: Value | None = None
    max: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Element):
    """A type with fields."""

    fields: tuple[Declaration, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Element):
    """A group of facts: who keeps it, how fresh it must be, how long and for what it is kept, who sees it."""

    steward: Fragment | None = None
    fresh_for: Value | None = None
    keep_for: Value | None = None
    purposes: tuple[Fragment, ...] = ()
    shared_with: tuple[Fragment, ...] = ()
    seen_by: tuple[Fragment, ...] = ()
    changed_by: tuple[Fragment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Element):
    """Who may act: the person whom a fact names (`from_`), or a body of a lead and members.

    `requires` are booleans of the record `actor`; `required` says that every account must have one (FEEL).
    """

    from_: Fragment | None = None
    lead: Fragment | None = None
    members: tuple[Fragment, ...] = ()
    requires: tuple[Fragment, ...] = ()
    required: Fragment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType(Element):
    """Something that the host reports, with its data."""

    data: tuple[Declaration, ...] = ()
