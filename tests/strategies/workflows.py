"""Workflows built by hand, for tests that are about steps and not about reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relflow.calendars import build_calendar, read_step
from relflow.diagnostics import Fragment
from relflow.feel.types import ANY, STRING, StringType, Type
from relflow.program.workflows import (
    Action,
    Alternative,
    Clock,
    ClockStep,
    Constant,
    Datum,
    Event,
    Recipient,
    Signers,
    State,
    Workflow,
    WorkflowRole,
)
from relflow.text import Text
from relflow.values import Duration

SPAN = Fragment.of("").span
CALENDAR = build_calendar("CN", "09:00-12:00, 13:30-18:00", "Asia/Shanghai")


@dataclass(frozen=True)
class Lambda:
    """A formula from a Python function of the values that it reads."""

    function: Callable[..., Any]
    reads: tuple[str, ...]
    text: str = "formula"
    span: Any = SPAN
    type: Type = ANY

    def call(self, now: datetime | None, *values: object) -> Any:
        """The function's value."""
        return self.function(*values)


def literal(value: object, text: str = "") -> Constant:
    """A literal as a formula; a Duration as its value."""
    if isinstance(value, Duration):
        return Constant(value.value(), text or str(value), SPAN, ANY)
    return Constant(value, text or str(value), SPAN, ANY)


def anybody(*roles: str, mode: Any = "any", count: object = None, declared: bool = True) -> Signers:
    """Who may fire."""
    return Signers(roles, mode, literal(count) if count is not None else None, declared)


def alternative(key: str, target: str | None, signers: Signers | None = None, **fields: Any) -> Alternative:
    """One outcome of an event."""
    takes = frozenset((*fields.get("needs", ()), *fields.get("may", ())))
    return Alternative(key, SPAN, target, signers or anybody("clerk", "boss"), takes=takes, **fields)


def event(id_: str, *alternatives: Alternative) -> Event:
    """An event with its alternatives."""
    return Event(id_, Text.of(id_), SPAN, alternatives)


def state(id_: str, *events: Event, final: bool = False, pauses: Iterable[str] = ()) -> State:
    """A state with its events."""
    return State(id_, Text.of(id_), SPAN, final, {one.id: one for one in events}, frozenset(pauses))


def clock(id_: str, from_: str, until: Iterable[str], within: object, *steps: tuple[str, tuple[Action, ...]]) -> Clock:
    """A clock; `within` is words or a formula."""
    formula = literal(Duration.of(within)) if isinstance(within, str) else within
    made = tuple(ClockStep(text, read_step(text), SPAN, actions) for text, actions in steps)  # type: ignore[arg-type]
    return Clock(id_, Text.of(id_), SPAN, frozenset({from_}), frozenset(until), formula, made)  # type: ignore[arg-type]


def datum(id_: str, type_: Type = STRING, **fields: Any) -> Datum:
    """A datum of the case."""
    if isinstance(type_, StringType) and type_.one_of:
        fields.setdefault("choices", type_.one_of)
    return Datum(id_, type_, Text.of(id_), SPAN, **fields)


def notify(name: str, kind: Any = "role") -> Action:
    """Tell a role, the owner or the customer."""
    return Action("notify", SPAN, recipients=(Recipient(name, kind),))


def workflow(*states: State, data: Iterable[Datum] = (), clocks: Iterable[Clock] = (), **fields: Any) -> Workflow:
    """A workflow whose first state is the initial one."""
    settings: Mapping[str, Any] = {
        "expects": {},
        "roles": {role: WorkflowRole(role, Text.of(role), SPAN) for role in ("clerk", "boss")},
        "owner": None,
        **fields,
    }
    return Workflow(
        id="matter",
        version="1",
        digest="d1",
        canonical="",
        label=Text.of("matter"),
        span=SPAN,
        initial=states[0].id,
        states={one.id: one for one in states},
        data={one.id: one for one in data},
        clocks={one.id: one for one in clocks},
        calendar=CALENDAR,
        **settings,
    )
