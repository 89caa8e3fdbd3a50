"""One question of a program: decided for a record, and once more with everything recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from relflow.diagnostics import nearest
from relflow.errors import FactError, NotFoundError
from relflow.program import Decision as DecisionNode
from relflow.program import Fact, Node, Program, Run, Scheme, Scorecard, Table, as_day, as_instant
from relflow.results import Contact, Decision, Details, Rule, Trace, TraceStep
from relflow.results.quick import maker
from relflow.rules.quiet import is_quiet
from relflow.rules.recording import RecordingRun
from relflow.rules.tracing import details_of, rule_of

__all__ = ["Question", "as_record", "local_instant", "made_by_day", "unknown_touchpoint"]

Record = Mapping[str, Any]
Instant = datetime | date | None
_trace = maker(Trace)
Steps = Callable[[tuple[Any, ...], tuple[Any, ...], Decision], tuple[TraceStep, ...]]


def local_instant(program: Program, at: Instant | str) -> Instant:
    """The instant in the policy's zone; a date stays one. Raises FactError for a naive datetime or anything else."""
    return as_instant(at, program.zone)


def made_by_day(program: Program, history: Sequence[Any]) -> tuple[Contact, ...]:
    """The contacts, each on its day in the policy's zone.

    Raises FactError for what is no contact or has no day, NotFoundError for a touchpoint that no cadence declares.
    """
    known = program.touchpoints
    found = tuple(
        contact if isinstance(contact, Contact) and type(contact.on) is date else _on_its_day(program, contact)
        for contact in history
    )
    for contact in found:
        if contact.touchpoint not in known:
            raise unknown_touchpoint(program, contact.touchpoint)
    return found


def unknown_touchpoint(program: Program, name: str) -> NotFoundError:
    """The error for a touchpoint that no cadence of the policy declares, with the one that was likely meant."""
    near = nearest(str(name), program.touchpoints)
    return NotFoundError.of(
        "touchpoint",
        f"no cadence declares the touchpoint `{name}`" + (f"; did you mean `{near}`?" if near else ""),
        f"没有联系节奏声明过联系 `{name}`" + (f"；是否想写 `{near}`？" if near else ""),
        touchpoint=name,
    )


def _on_its_day(program: Program, contact: Any) -> Contact:
    if not isinstance(contact, Contact):
        raise FactError.of(
            "type",
            "the history of contacts holds something else: pass `relflow.Contact(touchpoint, on)` for each",
            "联系记录中有其他类型的值：每条记录请传入 `relflow.Contact(touchpoint, on)`",
        )
    on = as_day(contact.on, program.zone, "on")
    if on is not None:
        return replace(contact, on=on)
    raise FactError.of(
        "type",
        f"a contact of `{contact.touchpoint}` has no day: `on` is a date",
        f"`{contact.touchpoint}` 的联系记录没有日期：`on` 应为日期",
        touchpoint=contact.touchpoint,
    )


def as_record(record: Any) -> Record:
    """The record as a mapping. Raises FactError for anything that has no names."""
    if isinstance(record, Mapping):
        return record
    keys = getattr(record, "keys", None)
    if callable(keys):
        return {name: record[name] for name in keys()}
    raise FactError.of(
        "record",
        "a record has to be a mapping from the names of facts to their values",
        "记录应为数据项名称到取值的映射",
    )


class Question:
    """Decides one name of a program; it is what a decision keeps of its policy."""

    remembered: Steps | None = None
    """Where straight code decides: the steps of a trace from what it kept and saw on the way."""

    def __init__(self, program: Program, name: str) -> None:
        self.program = program
        self.name = name

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that may be read, in the order in which a decision keeps them."""
        nodes = self.program.nodes
        return tuple(name for name in self.program.closure(self.name) if isinstance(nodes[name], Fact))

    @property
    def node(self) -> Node:
        """What is decided."""
        return self.program.nodes[self.name]

    def decide(
        self,
        record: Record,
        at: Instant | str = None,
        state: Mapping[str, Any] | None = None,
        known: Record | None = None,
    ) -> Decision:
        """The answer for a record, whatever is missing in it."""
        run = Run(self.program, as_record(record), local_instant(self.program, at), state, known)
        outcome = run.outcome(self.name)
        values = run.values
        kept = (*[values.get(name) for name in self.facts], at, state, known)
        return Decision(self, outcome.value, outcome.unknown, outcome.row, kept)

    def rule(self, row: int) -> Rule:
        """The row of that index."""
        node = self.node
        if isinstance(node, Scheme) and node.from_ is not None:
            node = self.program.nodes[node.from_]
        assert isinstance(node, DecisionNode)
        assert isinstance(node.body, Table)
        return rule_of(node.body.rows[row])

    def details(self, kept: tuple[object, ...]) -> Details:
        """The decision once more on the values that it read, recorded."""
        run = self.recorded(kept)
        return details_of(self.program, self.name, run)

    def trace(self, decision: Decision, kept: tuple[Any, ...], seen: tuple[Any, ...] | None) -> Trace | None:
        """The trace from what straight code kept and saw; None where only the recorded run can tell."""
        if seen is None or self.remembered is None:
            return None
        program = self.program
        at = local_instant(program, kept[-3])
        steps = self.remembered(kept, seen, decision)
        return _trace(
            self.name, program.id, program.version, program.digest, at.isoformat() if at is not None else None, steps
        )

    def read(self, kept: tuple[Any, ...]) -> Mapping[str, object]:
        """The facts that may be read, with the values that a decision kept."""
        return dict(zip(self.facts, kept[:-3], strict=True))

    def complete(self, kept: tuple[Any, ...], seen: tuple[Any, ...]) -> bool:
        """Whether nothing is missing behind the answer that straight code gave for these values."""
        return self._by_rows or (None not in kept[:-3] and None not in seen)

    @cached_property
    def _by_rows(self) -> bool:
        """Whether the answer is that of a table or scorecard, where missing facts matter only if it is unknown."""
        node = self.node
        return isinstance(node, DecisionNode) and isinstance(node.body, Table | Scorecard)

    @cached_property
    def quiet(self) -> bool:
        """Whether no formula is run on the way: nothing becomes null by itself or rests on a calendar year."""
        return all(is_quiet(self.program.nodes[name]) for name in (*self.program.closure(self.name), self.name))

    def recorded(self, kept: tuple[Any, ...]) -> RecordingRun:
        """A recorded run on kept values."""
        *values, at, state, known = kept
        record = dict(zip(self.facts, values, strict=True))
        run = RecordingRun(self.program, record, local_instant(self.program, at), state, known)
        run.outcome(self.name)
        return run

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a decision does not pickle; keep `decision.to_dict()`")
