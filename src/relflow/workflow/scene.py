"""What the formulas of one step may name, each looked up when a formula asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from relflow.program.run import Run
from relflow.program.workflows import Formula, Workflow
from relflow.results import Case, ClockRecord
from relflow.workflow.watching import WATCHER

__all__ = ["Scene"]

_ABSENT: Mapping[str, object] = {}


class Scene:
    """The names of one step: `item` and `event`, the built-in ones, the case's data, what is expected, the facts.

    Case data hide facts of the same name. `used` collects the facts that were read, for the history.
    """

    __slots__ = (
        "_at",
        "_run",
        "_run_data",
        "case",
        "clocks",
        "data",
        "facts",
        "local",
        "now",
        "owner",
        "standings",
        "state",
        "used",
        "workflow",
    )

    def __init__(
        self,
        workflow: Workflow,
        case: Case,
        facts: Mapping[str, object],
        now: datetime,
        standings: Mapping[str, object] | None = None,
    ) -> None:
        self.workflow = workflow
        self.case = case
        self.facts = facts
        self.now = now
        self.standings = standings
        self.state = case.state
        self.owner = case.owner
        self.data: Mapping[str, object] = case.data
        self.clocks: Mapping[str, ClockRecord] = case.clocks
        self.local: Mapping[str, object] = _ABSENT
        self.used: dict[str, object] = {}
        self._at: datetime | None = None
        self._run: Run | None = None
        self._run_data: Mapping[str, object] = _ABSENT

    @property
    def at(self) -> datetime:
        """The instant as the policy's clock on the wall shows it."""
        if self._at is None:
            self._at = self.now.astimezone(self.workflow.zone)
        return self._at

    def value(self, formula: Formula) -> object:
        """The value of a formula now."""
        reads = formula.reads
        return formula.call(self.at, *[self.get(name) for name in reads]) if reads else formula.call(self.at)

    def get(self, name: str) -> object:
        """What a name stands for; None where nothing is known."""
        if name in self.local:
            return self.local[name]
        if name in self.workflow.data:
            return self.data.get(name)
        built_in = _BUILT_IN.get(name)
        if built_in is not None:
            return built_in(self)
        expected = self.workflow.expects.get(name)
        if expected is None:
            return self.fact(name)
        return self._asked(name) if expected.origin == "policy" else expected.default

    def fact(self, name: str) -> object:
        """A fact of the account, which is then recorded as used."""
        value = self.facts.get(name)
        self.used[name] = value
        return value

    def joined(self, name: str) -> object:
        """A datum of the case, else a fact: how the policy's decisions see the two."""
        return self.data.get(name) if name in self.workflow.data else self.fact(name)

    def _asked(self, name: str) -> object:
        """What the policy answers: its decisions see the facts and the case's data in one namespace."""
        if self._run is None or self._run_data is not self.data:
            assert self.workflow.program is not None
            self._run = Run(self.workflow.program, _Record(self), self.at, self.standings)
            self._run_data = self.data
        watcher = WATCHER.get()
        if watcher is not None:
            watcher.asked(self.workflow, _Record(self), self.at, self.standings, name)
        return self._run.outcome(name).value

    def unknown(self, formula: Formula) -> tuple[str, ...]:
        """The names a formula reads that have no value: why it is not true."""
        return tuple(name for name in formula.reads if self.get(name) is None)


class _Record(Mapping[str, object]):
    """Facts and case data as one record, for the policy's decisions."""

    __slots__ = ("_scene",)

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def __getitem__(self, name: str) -> object:
        return self._scene.joined(name)

    def __iter__(self) -> Iterator[str]:
        return iter({**self._scene.facts, **self._scene.data})

    def __len__(self) -> int:
        return len({**self._scene.facts, **self._scene.data})


def _clocks(scene: Scene) -> dict[str, dict[str, object]]:
    """Every clock of the workflow as guards see it, also those that never ran."""
    return {name: _clock(scene.clocks.get(name)) for name, clock in scene.workflow.clocks.items() if not clock.hidden}


def _clock(record: ClockRecord | None) -> dict[str, object]:
    if record is None:
        return {"running": False, "paused": False, "breached": False, "lap": 0, "started_at": None, "due_at": None}
    return {
        "running": record.running,
        "paused": record.paused,
        "breached": record.breached,
        "lap": record.lap,
        "started_at": record.started_at,
        "due_at": record.due_at,
    }


def _children(scene: Scene) -> list[dict[str, object]]:
    return [{"id": one.id, "workflow": one.workflow, "closed": one.closed} for one in scene.case.children]


def _account(scene: Scene) -> object:
    """The account's facts that formulas name, as a plain context; the expression language knows no other."""
    return {"id": scene.case.account, **{name: scene.fact(name) for name in scene.workflow.named}}


_BUILT_IN: dict[str, Callable[[Scene], object]] = {
    "state": lambda scene: scene.state,
    "clocks": _clocks,
    "children": _children,
    "owner": lambda scene: scene.owner,
    "account": _account,
    "case": lambda scene: scene.case.id,
    "item": lambda _: None,
    "event": lambda _: {},
}
