"""How a case runs: states, events, clocks, and what must hold over every path."""

from __future__ import annotations

from relflow.diagnostics import Fragment, Span
from relflow.model.effects import Effect
from relflow.model.elements import Element, Item
from relflow.model.facts import Declaration, Record, Role
from relflow.model.plans import MessageText
from relflow.model.values import Value
from relflow.structs import dataclass

__all__ = ["Always", "By", "Clock", "ClockStep", "Event", "Never", "State", "Transition", "Workflow"]


@dataclass(frozen=True, slots=True)
class By:
    """Who may fire: one of `roles`, or all of them (`every`), or `at_least` so many different people of them."""

    roles: tuple[Fragment, ...]
    span: Span
    every: bool = False
    at_least: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition(Item):
    """One alternative of an event; without `to` the case stays where it is.

    With `after` it fires by itself so long after the state was entered, with `by: system` once its `when` holds.
    """

    to: Fragment | None = None
    when: Fragment | None = None
    after: Value | None = None
    by: By | None = None
    not_by: tuple[Fragment, ...] = ()
    needs: tuple[Fragment, ...] = ()
    may: tuple[Fragment, ...] = ()
    do: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Element):
    """What people can do in a state: the first alternative whose `when` is true happens."""

    alternatives: tuple[Transition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Element):
    """A condition a case is in; with `states` it is a group whose events hold in each of them."""

    events: tuple[Event, ...] = ()
    pauses: tuple[Fragment, ...] = ()
    final: bool = False
    initial: Fragment | None = None
    states: tuple[State, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStep(Item):
    """What happens at a point of a clock: `80%`, `due`, `due + 4 working hours`."""

    at: Fragment
    do: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Element):
    """Time that runs from states until states; `within` is a duration, or a date or datetime that is the due itself.

    `when_changed` says whether a running one keeps the duration that it began with, or is recomputed.
    """

    from_: tuple[Fragment, ...] = ()
    until: tuple[Fragment, ...] = ()
    within: Value | None = None
    when_changed: Fragment | None = None
    steps: tuple[ClockStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Never(Item):
    """No path reaches a state without another, unless one of the events `unless` was fired."""

    reach: tuple[Fragment, ...]
    without: tuple[Fragment, ...]
    unless: tuple[Fragment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Always(Item):
    """In these states the data named in `needs` are there."""

    in_: tuple[Fragment, ...]
    needs: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow(Element):
    """A kind of case. `canonical` is its source in a form without layout, and can be read again; `digest` its hash.

    `messages` hold where the policy has none of that name.
    """

    version: Fragment
    expects: tuple[Declaration, ...] = ()
    roles: tuple[Role, ...] = ()
    owner: Fragment | None = None
    records: tuple[Record, ...] = ()
    data: tuple[Declaration, ...] = ()
    initial: Fragment | None = None
    states: tuple[State, ...] = ()
    everywhere: tuple[Event, ...] = ()
    clocks: tuple[Clock, ...] = ()
    never: tuple[Never, ...] = ()
    always: tuple[Always, ...] = ()
    messages: tuple[MessageText, ...] = ()
    check_every: Value | None = None
    canonical: str = ""
    digest: str = ""
