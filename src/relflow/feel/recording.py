"""The recording twin: the same tree once more, keeping each value and why it was null."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from relflow.diagnostics import Diagnostic, Fragment
from relflow.feel import tree
from relflow.feel.checked import Checked
from relflow.feel.code import Frame
from relflow.feel.entry import entered
from relflow.feel.general import General
from relflow.feel.nulls import Reason, Recorder, recording
from relflow.feel.pool import Pool
from relflow.feel.reasons import NO_NAME
from relflow.feel.tree import Node, walk
from relflow.structs import dataclass

__all__ = ["NullReason", "Recording", "record"]

_MOST_STEPS = 10_000


@dataclass(frozen=True, slots=True)
class NullReason:
    """Why the value of one node was null."""

    node: Node
    reason: Reason

    def at(self, fragment: Fragment) -> Diagnostic:
        """The reason as a finding in the text that the node was read from."""
        place = fragment.at(self.node.start, self.node.end)
        return Diagnostic(self.reason.message, self.reason.fields, place)


@dataclass(frozen=True, slots=True)
class Recording:
    """What one evaluation did.

    `steps` are the nodes with the values they had, innermost first (loops repeat theirs); `reasons` tell where and why
    null arose; `missing` are the names that were read and had no value.
    """

    value: Any
    steps: tuple[tuple[Node, Any], ...]
    reasons: tuple[NullReason, ...]
    missing: tuple[str, ...]


@dataclass(slots=True)
class _Notes:
    nodes: list[Node]
    recorder: Recorder
    steps: list[tuple[Node, Any]] = field(default_factory=list)
    reasons: list[NullReason] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)

    def note(self, number: int, value: Any) -> Any:
        node, reason = self.nodes[number], self.recorder.take()
        if len(self.steps) < _MOST_STEPS:
            self.steps.append((node, value))
        if value is None:
            if isinstance(node, tree.Name):
                self.missing.setdefault(node.name)
            if reason is not None and len(self.reasons) < _MOST_STEPS:
                self.reasons.append(NullReason(node, reason))
        return value


def record(checked: Checked, values: Mapping[str, Any], now: Any = None, input: Any = None) -> Recording:
    """Evaluate once more over these values of names, and tell everything. `input` is the value that a cell tests."""
    return recorder(checked)(values, now, input)


def recorder(checked: Checked) -> Callable[[Mapping[str, Any], Any, Any], Recording]:
    """The twin of an expression, to be called more than once."""
    if checked.tree is None:
        raise ValueError("an expression with errors cannot be run")
    nodes = list(walk(checked.tree))
    names = [name for name in checked.scope.names if name in checked.reads]
    pool = Pool()
    locals_ = {name: f"_n{index}" for index, name in enumerate(names)}
    numbers = {id(node): number for number, node in enumerate(nodes)}
    frames = (Frame(locals_),)
    general = General(pool, checked.scope, frames, checked.types, input="_input", recorded=numbers)
    body = general.value(checked.tree).text
    twin = pool.build("twin", ("_r", "_now", "_input", *locals_.values()), body)

    def run(values: Mapping[str, Any], now: Any, input: Any) -> Recording:
        notes = _Notes(nodes, Recorder())
        with recording(notes.recorder):
            given = []
            for name in names:
                given.append(entered(values.get(name)))
                reason = notes.recorder.take()
                if reason is not None:
                    notes.reasons.append(NullReason(_first_use(nodes, name), reason))
            value = twin(notes.note, now, entered(input), *given)
            last = notes.recorder.take()
            if value is None and last is not None and last.message is not NO_NAME:
                notes.reasons.append(NullReason(nodes[0], last))
        return Recording(value, tuple(notes.steps), tuple(notes.reasons), tuple(notes.missing))

    return run


def _first_use(nodes: list[Node], name: str) -> Node:
    return next((node for node in nodes if isinstance(node, tree.Name) and node.name == name), nodes[0])
