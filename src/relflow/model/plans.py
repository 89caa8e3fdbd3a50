"""What happens by itself: contact plans, obligations, messages, key figures."""

from __future__ import annotations

from relflow.diagnostics import Fragment, Span
from relflow.model.decisions import Table
from relflow.model.effects import Effect
from relflow.model.elements import Element, Item
from relflow.model.values import Value, Wording
from relflow.structs import dataclass

__all__ = [
    "Cadence",
    "Cap",
    "Channel",
    "KeyNode",
    "Kpi",
    "Limit",
    "MessageText",
    "Obligation",
    "Rhythm",
    "Streak",
    "Touchpoint",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Touchpoint(Element):
    """A kind of contact: its channel, the workflow it opens, the other kinds that count for it."""

    channel: Value | None = None
    case: Fragment | None = None
    counts_as: tuple[Fragment, ...] = ()
    purpose: Fragment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyNode(Item):
    """A time of closer contact: `within` before the date that `before` names, in each item of the list fact `of`."""

    of: Fragment | None = None
    before: Fragment
    within: Value
    times_as_often: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap(Element):
    """At most `count` contacts of a purpose (its id) per period."""

    count: Value
    per: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence(Element):
    """How often which account is contacted; `plan` has the outputs touchpoint, target and at_most."""

    touchpoints: tuple[Touchpoint, ...] = ()
    plan: Table | None = None
    key_nodes: tuple[KeyNode, ...] = ()
    caps: tuple[Cap, ...] = ()
    on_non_working_day: Fragment | None = None
    count_from: Fragment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often: a duration, with the longest gap where the manual states a limit."""

    span: Span
    target: Value
    at_most: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation(Element):
    """Something to be done at a time or on an occasion: exactly one of the six triggers from `every` to `becomes`.

    `of` is `account`, `company`, a workflow or a list fact; `when` filters; `before` is a lead, `after` a delay.
    """

    of: Fragment | None = None
    every: Rhythm | None = None
    yearly: Fragment | None = None
    date: Fragment | None = None
    festival: tuple[Value, ...] = ()
    event: Fragment | None = None
    becomes: Fragment | None = None
    when: Fragment | None = None
    before: Value | None = None
    after: Value | None = None
    check_every: Value | None = None
    do: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageText(Element):
    """What a notification says, with `{…}` slots.

    `personal` asks for personal values, which a channel has to allow; `urgent` goes out at any hour and above any
    limit; one with `approval` waits until somebody with that role releases it.
    """

    text: Wording
    personal: bool = False
    urgent: bool = False
    approval: Fragment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Item):
    """At most `count` in each `per`."""

    count: Value
    per: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel(Element):
    """How messages may go out on a channel: not in `quiet` hours, `at_most` so many to one recipient.

    Only a `personal` channel carries personal values, for messages that ask for them.
    """

    quiet: Value | None = None
    at_most: Limit | None = None
    personal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak(Item):
    """What follows when a goal is missed, or met, so many periods in a row."""

    in_a_row: Value
    do: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi(Element):
    """A figure over the items of a period: `value` is FEEL over `items`, `goal` a unary test."""

    of: Fragment | None = None
    at: Fragment | None = None
    by: Fragment | None = None
    period: Value | None = None
    value: Fragment | None = None
    goal: Fragment | None = None
    misses: tuple[Streak, ...] = ()
    meets: tuple[Streak, ...] = ()
