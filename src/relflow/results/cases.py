"""A case and what one step makes of it, as data: nothing here decides, stores or sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, tzinfo
from typing import Literal

from relflow.structs import dataclass
from relflow.text import DEFAULT_LANGUAGE, Text, fallbacks

__all__ = [
    "Actor",
    "Case",
    "Child",
    "ClockRecord",
    "Effect",
    "HistoryEntry",
    "Message",
    "Opening",
    "Performance",
    "Roles",
    "Step",
    "Timer",
    "Trigger",
]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who fires an event: a user of the host, by the host's own id.

    With `roles` the host asserts exactly these and nothing is asked; without, the roles hook and the account's facts
    tell. `facts` are what the host knows of a colleague (declared under `records: actor`), for `requires`.
    `acting_for` is the absent colleague in whose place an event was fired; the engine sets it from the delegations.
    """

    id: str
    roles: tuple[str, ...] | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    acting_for: str | None = None

    @property
    def people(self) -> tuple[str, ...]:
        """The actor, and the colleague in whose place."""
        return (self.id,) if self.acting_for is None else (self.id, self.acting_for)


@dataclass(frozen=True, slots=True)
class Roles:
    """Who may act and who is meant: the actor's roles for this account, and the users that each role stands for.

    `stand_ins` are the people who are present in the place of those who are away.
    """

    held: frozenset[str] = frozenset()
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stand_ins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClockRecord:
    """A case's clock as it is stored; `state` is the JSON form of the clock arithmetic's own state.

    `due_at` is derived at each step from the time consumed so far; it is None while the clock is stopped, its duration
    is unset, or it is paused before a due instant that is no fixed date. `unset` names the parameter that is missing.
    `fired` are the labels of the steps of this lap that have happened.
    """

    name: str
    lap: int
    running: bool
    paused: bool
    state: Mapping[str, object]
    started_at: datetime
    due_at: datetime | None = None
    breached: bool = False
    provisional: bool = False
    unset: str | None = None
    fired: tuple[str, ...] = ()

    def text(self, lang: str = DEFAULT_LANGUAGE, zone: tzinfo | None = None) -> str:
        """Where it stands, in a few words; `zone` is that of the instants, by default the stored one."""
        chinese = fallbacks(lang)[0].startswith("zh")
        if self.breached:
            state = "已超时" if chinese else "breached"
        elif self.paused:
            state = "已暂停" if chinese else "paused"
        elif self.running:
            state = "计时中" if chinese else "running"
        else:
            state = "已停止" if chinese else "stopped"
        if self.unset:
            return state + (
                f"，到期未知：{self.unset} 未设定" if chinese else f", due unknown: {self.unset} is not set"
            )
        if self.due_at is None:
            return state
        at = f"{self.due_at.astimezone(zone) if zone is not None else self.due_at:%Y-%m-%d %H:%M}"
        due = f"{state}，{at} 到期" if chinese else f"{state}, due {at}"
        return due + (("（暂定）" if chinese else " (provisional)") if self.provisional else "")


@dataclass(frozen=True, slots=True)
class Child:
    """A case that this one opened."""

    id: str
    workflow: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One running or finished case. `version` counts its steps; `definition` is the content hash of its workflow.

    `fired_by` names for each event who took part in its latest firing (several where it takes several signatures);
    `approvals` holds the signatures given so far for an event that waits for more, as pairs of role and actor.
    `merged_into` is the case that goes on in the place of this one.
    """

    id: str
    workflow: str
    workflow_version: str
    definition: str
    state: str
    version: int
    opened_at: datetime
    updated_at: datetime
    tenant: str = ""
    account: str | None = None
    key: str | None = None
    parent: str | None = None
    element: str | None = None
    subject: str | None = None
    owner: str | None = None
    closed_at: datetime | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    clocks: Mapping[str, ClockRecord] = field(default_factory=dict)
    children: tuple[Child, ...] = ()
    fired_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    approvals: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    merged_into: str | None = None

    @property
    def closed(self) -> bool:
        """Whether it stands in a final state."""
        return self.closed_at is not None


@dataclass(frozen=True, slots=True)
class Trigger:
    """Why a step is taken: an event fired by somebody, a timer, a condition, a closed child, the host, or an opening.

    `name` is the workflow (open), the event (event, condition), `clock:step` (timer, with its `lap` in the data), the
    state (adopt), the closed case's id (child), or what an administrator does: `force`,
    `cancel`, `assign`, `merge`, `merged`, `migrate`, `recompute`.
    """

    kind: Literal["open", "event", "timer", "condition", "child", "adopt", "admin"]
    name: str
    event_id: str | None = None
    actor: Actor | None = None
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a step does beside changing the state, as history keeps it: a verb and what it was applied to."""

    verb: Literal["notify", "assign", "open", "set", "raise", "lower", "perform"]
    target: str
    values: Mapping[str, object] = field(default_factory=dict)
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A notification to be delivered, one recipient each. `key` is stable: `case:seq:ordinal`."""

    key: str
    case: str
    ordinal: int
    recipient: str
    name: str
    text: Text
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Performance:
    """A host action to be carried out after commit (`perform`), at least once, with its stable key."""

    key: str
    case: str
    ordinal: int
    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opening:
    """A case to be opened in the same unit of work; its id is `parent:seq:ordinal`, so that a retry opens it once."""

    id: str
    workflow: str
    data: Mapping[str, object]
    account: str | None = None
    parent: str | None = None
    owner: str | None = None
    element: str | None = None
    subject: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """When a clock's step falls due; one row for each clock, lap and step, so that writing it away is the claim."""

    case: str
    clock: str
    lap: int
    step: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a case's history. The store adds the chain's hashes and changes nothing else."""

    case: str
    seq: int
    at: datetime
    trigger: Trigger
    before: str | None
    after: str
    changes: Mapping[str, object] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    findings: tuple[str, ...] = ()
    clocks: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    policy: str = ""
    calendar: str = ""
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """All that one step leads to; a store writes it whole or not at all.

    `timers` are all the open timers of the case after the step: the store makes its rows equal to them.
    `expected_version` is the version that the step was computed from, None for a case that begins.
    """

    case: Case
    entry: HistoryEntry
    messages: tuple[Message, ...] = ()
    performances: tuple[Performance, ...] = ()
    openings: tuple[Opening, ...] = ()
    timers: tuple[Timer, ...] = ()
    standings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    expected_version: int | None = None
