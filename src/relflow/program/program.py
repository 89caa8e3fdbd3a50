"""A policy as compiled: everything that it means, frozen, each part with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from relflow.calendars import Calendar
from relflow.diagnostics import Span
from relflow.feel import BOOLEAN, DATE, NUMBER, STRING, Type
from relflow.program.cadences import Cadence
from relflow.program.channels import Channel
from relflow.program.nodes import KNOWN, Category, Decision, Fact, Indicator, Node, Parameter, Role, Scheme
from relflow.program.obligations import Kpi, Obligation
from relflow.program.ordering import in_order
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["Clause", "MessageTemplate", "Program"]


_ORDINARY: Final[Mapping[Type, frozenset[type]]] = {
    NUMBER: frozenset({int}),
    STRING: frozenset({str}),
    BOOLEAN: frozenset({bool}),
    DATE: frozenset({date}),
}


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the manual; `outside` says why the policy does not carry it."""

    id: str
    span: Span
    text: Text | None = None
    outside: Text | None = None


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """What a notification says, with `{…}` slots."""

    id: str
    span: Span
    text: Text
    source: tuple[str, ...] = ()
    personal: bool = False
    urgent: bool = False
    approval: str | None = None


@dataclass(frozen=True, kw_only=True)
class Program:
    """A policy as compiled.

    `nodes` has everything that expressions may name: facts, parameters, decisions, indicators, schemes. `workflows`
    are kept as the room that runs them compiles them.
    """

    id: str
    version: str
    digest: str
    span: Span
    zone: ZoneInfo
    calendar: Calendar
    nodes: Mapping[str, Node] = field(default_factory=dict)
    label: Text | None = None
    effective: tuple[date | None, date | None] = (None, None)
    records: Mapping[str, Type] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    cadences: Mapping[str, Cadence] = field(default_factory=dict)
    messages: Mapping[str, MessageTemplate] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    events: Mapping[str, Mapping[str, Type]] = field(default_factory=dict)
    obligations: Mapping[str, Obligation] = field(default_factory=dict)
    kpis: Mapping[str, Kpi] = field(default_factory=dict)
    workflows: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """What the host supplies, by id; case data left aside."""
        return {name: node for name, node in self.nodes.items() if isinstance(node, Fact) and not node.case}

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """What the company fixes, by id."""
        return {name: node for name, node in self.nodes.items() if isinstance(node, Parameter)}

    @cached_property
    def decisions(self) -> Mapping[str, Decision]:
        """The questions, by id."""
        return {name: node for name, node in self.nodes.items() if isinstance(node, Decision)}

    @cached_property
    def schemes(self) -> Mapping[str, Scheme]:
        """Tiers and risks, by id."""
        return {name: node for name, node in self.nodes.items() if isinstance(node, Scheme)}

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """The signs of risk, by id."""
        return {name: node for name, node in self.nodes.items() if isinstance(node, Indicator)}

    @cached_property
    def touchpoints(self) -> frozenset[str]:
        """The kinds of contact that some cadence declares."""
        return frozenset(name for cadence in self.cadences.values() for name in cadence.touchpoints)

    @cached_property
    def timed(self) -> frozenset[str]:
        """The names whose own expressions read the time."""
        return frozenset(name for name, node in self.nodes.items() if node.reads_time)

    @cached_property
    def ordinary(self) -> Mapping[str, frozenset[type]]:
        """For each fact the classes of values that need no closer look."""
        nothing: frozenset[type] = frozenset()
        return {name: _ORDINARY.get(node.type, nothing) for name, node in self.nodes.items() if isinstance(node, Fact)}

    def closure(self, name: str) -> tuple[str, ...]:
        """Every name that deciding `name` may read, itself last, each after those it reads."""
        found = self._closures.get(name)
        if found is None:
            found = self._closures[name] = in_order([name] if name in self.nodes else (), self._needs)
        return found

    @cached_property
    def _closures(self) -> dict[str, tuple[str, ...]]:
        return {}

    def asked(self, names: Iterable[str]) -> set[str]:
        """What a host is asked for so that these names can be answered: facts, and `known …` for the age of a fact."""
        wanted = set(names)
        found = {name for top in wanted for name in self.closure(top)}
        aged = {name for one in found for name in (*self.nodes[one].inputs, *self.nodes[one].sometimes)} | wanted
        return {name for name in found if name in self.facts} | {name for name in aged if name.startswith(KNOWN)}

    def _needs(self, name: str) -> Iterable[str]:
        node = self.nodes[name]
        return (needed for needed in (*node.inputs, *node.sometimes) if needed in self.nodes)
