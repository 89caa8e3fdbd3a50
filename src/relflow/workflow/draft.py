"""A step while it is being made: what it changes, and what it leads to; thrown away if anything refuses it."""

from __future__ import annotations

from collections.abc import Mapping

from relflow.program.workflows import Workflow
from relflow.results import (
    Case,
    Child,
    ClockRecord,
    Effect,
    HistoryEntry,
    Message,
    Opening,
    Performance,
    Roles,
    Step,
    Timer,
    Trigger,
)
from relflow.results.quick import maker
from relflow.workflow.machine import flat
from relflow.workflow.reckoning import Reckoning
from relflow.workflow.scene import Scene

__all__ = ["Draft"]

make_case = maker(Case)
make_entry = maker(HistoryEntry)
make_step = maker(Step)


class Draft:
    """The case after the step, so far. The case that came in is never changed."""

    __slots__ = (
        "approvals",
        "before",
        "case",
        "changes",
        "children",
        "clocks",
        "effects",
        "findings",
        "fired_by",
        "machine",
        "merged_into",
        "messages",
        "moved",
        "openings",
        "ordinal",
        "owner",
        "performances",
        "reckoned",
        "roles",
        "scene",
        "seq",
        "state",
        "timers",
        "told",
        "trigger",
        "workflow",
    )

    def __init__(self, scene: Scene, trigger: Trigger, roles: Roles, *, opening: bool = False) -> None:
        case = scene.case
        self.scene = scene
        self.workflow: Workflow = scene.workflow
        self.machine = flat(scene.workflow)
        self.case = case
        self.trigger = trigger
        self.roles = roles
        self.before = None if opening else case.state
        self.state = case.state
        self.seq = case.version + 1
        self.owner = case.owner
        self.clocks: Mapping[str, ClockRecord] = case.clocks
        self.reckoned: dict[str, Reckoning] = {}
        self.children: tuple[Child, ...] = case.children
        self.fired_by = case.fired_by
        self.approvals = case.approvals
        self.merged_into = case.merged_into
        self.moved = False
        self.ordinal = 0
        self.changes: dict[str, object] = {}
        self.told: dict[str, dict[str, object]] = {}
        self.effects: list[Effect] = []
        self.messages: list[Message] = []
        self.performances: list[Performance] = []
        self.openings: list[Opening] = []
        self.findings: list[str] = []
        self.timers: tuple[Timer, ...] = ()

    def put(self, name: str, value: object) -> None:
        """Set a datum of the case, or its owner."""
        if name == "owner":
            self.owner = self.scene.owner = value if isinstance(value, str) else None
        else:
            self.scene.data = {**self.scene.data, name: value}
        self.changes[name] = value

    def take(self, values: Mapping[str, object]) -> None:
        """Set data that came with an event; conditions have seen them already."""
        for name, value in values.items():
            self.put(name, value)

    def key(self) -> str:
        """The stable key of the next effect, `case:seq:ordinal`."""
        self.ordinal = ordinal = self.ordinal + 1
        return f"{self.case.id}:{self.seq}:{ordinal}"

    def finish(self) -> Step:
        """The step as data."""
        case = self._case()
        return make_step(
            case,
            self._entry(case),
            tuple(self.messages),
            tuple(self.performances),
            tuple(self.openings),
            self.timers,
            {},
            None if self.before is None else self.case.version,
        )

    def _case(self) -> Case:
        old = self.case
        final = self.workflow.states[self.state].final
        return make_case(
            old.id,
            old.workflow,
            old.workflow_version,
            old.definition,
            self.state,
            self.seq,
            old.opened_at,
            self.scene.now,
            old.tenant,
            old.account,
            old.key,
            old.parent,
            old.element,
            old.subject,
            self.owner,
            (old.closed_at or self.scene.now) if final else None,
            self.scene.data,
            self.clocks,
            self.children,
            self.fired_by,
            self.approvals,
            self.merged_into,
        )

    def _entry(self, case: Case) -> HistoryEntry:
        return make_entry(
            case.id,
            self.seq,
            self.scene.now,
            self.trigger,
            self.before,
            self.state,
            self.changes,
            tuple(self.effects),
            tuple(self.findings),
            self.told,
            self.scene.used,
            self.workflow.policy,
            self.workflow.calendar.digest,
            case.definition,
        )
