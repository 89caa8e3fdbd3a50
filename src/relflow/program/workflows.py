"""A workflow as it runs: flat states, alternatives in order, clocks, effects, bound to one policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, tzinfo
from typing import Any, Literal, Protocol

from relflow.calendars import Calendar, StepAt
from relflow.diagnostics import Span
from relflow.feel.types import Type
from relflow.program.program import Program
from relflow.structs import dataclass
from relflow.text import Text

__all__ = [
    "Action",
    "Alternative",
    "Always",
    "Clock",
    "ClockStep",
    "Constant",
    "Datum",
    "Event",
    "Expectation",
    "Formula",
    "Hole",
    "Never",
    "Recipient",
    "Signers",
    "State",
    "Template",
    "Workflow",
    "WorkflowRole",
]


class Formula(Protocol):
    """A value that a case's step computes: compiled FEEL (`relflow.program.Code`) or a `Constant`."""

    @property
    def text(self) -> str:
        """As its author wrote it."""
        ...

    @property
    def span(self) -> Span:
        """Where it stands."""
        ...

    @property
    def type(self) -> Type:
        """The type of its values."""
        ...

    @property
    def reads(self) -> tuple[str, ...]:
        """The names whose values it is called with."""
        ...

    @property
    def call(self) -> Callable[..., Any]:
        """The function: `call(now, *values)`; it raises nothing."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A literal in the place of a formula."""

    value: object
    text: str
    span: Span
    type: Type

    @property
    def reads(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def call(self, now: datetime | None) -> object:
        """The literal."""
        return self.value


@dataclass(frozen=True, slots=True, eq=False)
class Datum:
    """A declared datum of the case; `choices` are the values it may take, highest first where it is raised.

    `labels` say what people call a choice. A `required` one must be given at opening, always or where `when` is true.
    """

    id: str
    type: Type
    label: Text
    span: Span
    required: bool = False
    when: Formula | None = None
    personal: bool = False
    source: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """What the workflow asks of its policy; `origin` says what answers: a node of the policy, the default, or nobody.

    `clause` is the first clause that leaves it open, for people.
    """

    id: str
    type: Type
    label: Text
    span: Span
    origin: Literal["policy", "default", "open"]
    default: object = None
    source: tuple[str, ...] = ()

    @property
    def clause(self) -> str | None:
        """The clause under which it is open."""
        return self.source[0] if self.source else None


@dataclass(frozen=True, slots=True, eq=False)
class WorkflowRole:
    """A role that the workflow names, with what people call it."""

    id: str
    label: Text
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Signers:
    """Who may fire: anybody of `roles`, all of them, or at least `count` different people of them.

    Where nothing was `declared`, `roles` are all roles of the workflow and its owner; none at all means anybody.
    `system` means nobody: it fires by itself.
    """

    roles: tuple[str, ...]
    mode: Literal["any", "all", "at_least"] = "any"
    count: Formula | None = None
    declared: bool = True
    system: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Hole:
    """The place of a value in a text; a `personal` value is masked."""

    formula: Formula
    personal: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A message: for each language its words and holes, in order; how it may go out as its author said."""

    id: str
    parts: tuple[tuple[str, tuple[str | Hole, ...]], ...]
    span: Span
    personal: bool = False
    urgent: bool = False
    approval: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Recipient:
    """Who is told: a role, `owner`, `customer`, or the users that a formula lists (then `name` is its text)."""

    name: str
    kind: Literal["role", "owner", "customer", "users"]
    formula: Formula | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Action:
    """An effect to come: what `verb` is applied to, once or for each item of a list.

    `target` is the datum, the workflow or the host's action; `recipients` whom to tell, or the one who gets the case;
    `values` are the data that are set, given to the new case or handed to the host; those that rest on personal ones
    are `private`. `assign` is the new case's owner.
    """

    verb: Literal["notify", "assign", "open", "set", "raise", "lower", "perform"]
    span: Span
    target: str = ""
    recipients: tuple[Recipient, ...] = ()
    values: tuple[tuple[str, Formula], ...] = ()
    for_each: Formula | None = None
    assign: Recipient | None = None
    message: Template | None = None
    private: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """One outcome of an event; `target` None leaves the case where it is. `key` names it within its workflow.

    `takes` are the data that may come with the event. A `timed` one happens so long after its state was entered.
    """

    key: str
    span: Span
    target: str | None
    signers: Signers
    when: Formula | None = None
    not_by: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    label: Text | None = None
    source: tuple[str, ...] = ()
    takes: frozenset[str] = frozenset()
    timed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """What may happen in a state: the first of `alternatives` whose condition is true.

    `everywhere` says that it was written for all states that are not final.
    """

    id: str
    label: Text
    span: Span
    alternatives: tuple[Alternative, ...]
    source: tuple[str, ...] = ()
    everywhere: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A flat state; a nested one is named by its path, `group.inner`. `pauses` are the clocks that rest in it."""

    id: str
    label: Text
    span: Span
    final: bool = False
    events: Mapping[str, Event] = field(default_factory=dict)
    pauses: frozenset[str] = frozenset()
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ClockStep:
    """What happens at a point of a clock; `text` is the point as written.

    `fires` is the event of an `after` with the key of its alternative.
    """

    text: str
    at: StepAt
    span: Span
    actions: tuple[Action, ...] = ()
    fires: tuple[str, str] | None = None
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """Time that runs from entry into one of `from_` until entry into one of `until` or a final state.

    A `hidden` one is the compiled form of an event that fires by itself `after` some time in a state. A running one
    that `renews` takes on what `within` says now.
    """

    id: str
    label: Text
    span: Span
    from_: frozenset[str]
    until: frozenset[str]
    within: Formula
    steps: tuple[ClockStep, ...] = ()
    source: tuple[str, ...] = ()
    hidden: bool = False
    renews: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Never:
    """No path reaches one of `reach` without one of `without`, except by one of the events `unless`."""

    reach: frozenset[str]
    without: frozenset[str]
    unless: frozenset[str]
    span: Span
    text: str
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Always:
    """In each of `states` the data `needs` are there."""

    states: frozenset[str]
    needs: tuple[str, ...]
    span: Span
    text: str
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Workflow:
    """A kind of case, compiled against one policy. `digest` is the hash of `canonical`, its source without layout.

    `program` is that policy without its workflows, None in one that was built by hand; `policy` its digest.
    `reads` are the facts that any of its steps may read, `named` those of them that formulas name as `account.…`,
    `asked` the roles whose holders a step may want to know.
    One that is not `sound` has errors: its paths are not what its author meant.
    """

    id: str
    version: str
    digest: str
    canonical: str
    label: Text
    span: Span
    initial: str
    states: Mapping[str, State]
    data: Mapping[str, Datum]
    expects: Mapping[str, Expectation]
    roles: Mapping[str, WorkflowRole]
    owner: str | None
    clocks: Mapping[str, Clock]
    calendar: Calendar
    program: Program | None = None
    templates: Mapping[str, Template] = field(default_factory=dict)
    never: tuple[Never, ...] = ()
    always: tuple[Always, ...] = ()
    check_every: Formula | None = None
    reads: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    policy: str = ""
    sound: bool = True

    @property
    def zone(self) -> tzinfo:
        """The policy's time zone."""
        return self.calendar.zone

    @property
    def events(self) -> dict[str, Event]:
        """Every event once, by name, as the first state that has it declares it."""
        found: dict[str, Event] = {}
        for state in self.states.values():
            for name, event in state.events.items():
                found.setdefault(name, event)
        return found
