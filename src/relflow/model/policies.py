"""The whole: a policy's head, its sections, the company's overlay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from relflow.diagnostics import Fragment, Source, Span
from relflow.model.decisions import Decision, Indicator, Scheme
from relflow.model.elements import Element, Item
from relflow.model.facts import Category, Clause, Declaration, EventType, Parameter, Record, Role
from relflow.model.plans import Cadence, Channel, Kpi, MessageText, Obligation
from relflow.model.values import Fields, Value
from relflow.model.workflows import Workflow
from relflow.structs import dataclass

if TYPE_CHECKING:
    from relflow.calendars import DayList

__all__ = ["CalendarSpec", "Effective", "Head", "Model", "Overlay", "Sections"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSpec(Item):
    """Working time: the country whose holidays count, open hours, the company's own days.

    `published` are years whose official list the days complete, so that answers about them are not provisional.
    """

    country: Fragment | None = None
    hours: Fragment | None = None
    holidays: tuple[Fragment, ...] = ()
    working_days: tuple[Fragment, ...] = ()
    published: tuple[Fragment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """From which day to which day, both included, a policy holds."""

    span: Span
    from_: Value | None = None
    until: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head(Element):
    """What a policy says of itself; `id` is what stands after `policy:`."""

    version: Fragment | None = None
    effective: Effective | None = None
    timezone: Fragment | None = None
    calendar: CalendarSpec | None = None
    include: tuple[Fragment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """The sections that any file of a policy may hold, each in the order of files and lines."""

    clauses: tuple[Clause, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    records: tuple[Record, ...] = ()
    categories: tuple[Category, ...] = ()
    facts: tuple[Declaration, ...] = ()
    roles: tuple[Role, ...] = ()
    decisions: tuple[Decision, ...] = ()
    tiers: tuple[Scheme, ...] = ()
    risks: tuple[Scheme, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    events: tuple[EventType, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    messages: tuple[MessageText, ...] = ()
    channels: tuple[Channel, ...] = ()
    kpis: tuple[Kpi, ...] = ()

    @property
    def schemes(self) -> tuple[Scheme, ...]:
        """Tiers and risks."""
        return self.tiers + self.risks


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay(Sections):
    """The company's own file for the policy `id`: values for parameters, and sections that fill what is open."""

    id: Fragment
    span: Span
    set: Fields | None = None
    calendar: CalendarSpec | None = None
    canonical: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Sections):
    """A policy as written, all files together; a workflow read alone has no `head`.

    `overlay` is the company's file that was merged into it, `digest` the hash of everything that it says; `calendars`
    are the lists of days off that plugins bring, by name.
    """

    head: Head | None = None
    workflows: tuple[Workflow, ...] = ()
    sources: tuple[Source, ...] = ()
    overlay: Overlay | None = None
    digest: str = ""
    calendars: Mapping[str, DayList] = field(default_factory=dict)
