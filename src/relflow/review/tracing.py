"""From the clauses of a manual to the elements that carry them and the tests that reach these; what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from os.path import normpath
from typing import Any

from relflow.diagnostics import Span
from relflow.model import Clause, Element, Item, Model, Row
from relflow.program import Code, Program, Valued
from relflow.results.tracing import Carrier, ClauseTrace, ElementTrace, Status, Tracing
from relflow.review.coverage import Goal

__all__ = ["carried", "carriers", "trace"]


def trace(model: Model, program: Program, reached: Mapping[str, Iterable[Goal]], *, own: Iterable[str] = ()) -> Tracing:
    """Trace a policy.

    `reached` says for each test, by name, what it reached; `own` are the files in which every element has to name a
    clause: the policy's own, not those of shared workflows.
    """
    found = list(carriers(model))
    by_clause: dict[str, list[Carrier]] = {}
    for carrier in found:
        for clause in carrier.clauses:
            by_clause.setdefault(clause, []).append(carrier)
    tests = _Tests(program, reached)
    known = {clause.name for clause in model.clauses}
    clauses = tuple(_clause(clause, by_clause.get(clause.name, []), tests) for clause in model.clauses)
    files = frozenset(normpath(name) for name in own)
    strangers = [one for one in found if _file(one.place) in files and not known.issuperset(one.clauses)]
    if not known:
        return Tracing(clauses)
    return Tracing(clauses, tuple(strangers), tuple(_unmoored(model, files)), tuple(_back(found, known, tests)))


def _back(carriers: Iterable[Carrier], known: set[str], tests: _Tests) -> Iterator[ElementTrace]:
    """From each element to its clauses, in the order of the files; parts of one path are one element."""
    by_path: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for carrier in carriers:
        clauses, reached = by_path.setdefault(carrier.path, ({}, {}))
        clauses.update(dict.fromkeys(one for one in carrier.clauses if one in known))
        reached.update(dict.fromkeys(tests.of(carrier)))
    for path, (clauses, reached) in by_path.items():
        if clauses:
            yield ElementTrace(path, tuple(clauses), tuple(reached))


def _clause(clause: Clause, carriers: list[Carrier], tests: _Tests) -> ClauseTrace:
    text = clause.text.text if clause.text is not None else None
    if clause.outside is not None:
        return ClauseTrace(clause.name, "outside", text=text, reason=clause.outside.text)
    reached = dict.fromkeys(test for carrier in carriers for test in tests.of(carrier))
    status: Status = "carried" if carriers else "orphan"
    return ClauseTrace(clause.name, status, tuple(dict.fromkeys(one.path for one in carriers)), tuple(reached), text)


@dataclass(slots=True)
class _Tests:
    """Which tests reach an element: by its place, by its name, or because what they reached reads it."""

    program: Program
    reached: Mapping[str, Iterable[Goal]]
    _places: dict[str, dict[str, None]] = field(default_factory=dict)
    _names: dict[str, dict[str, None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for test, goals in self.reached.items():
            for goal in goals:
                self._places.setdefault(goal.place, {})[test] = None
                for name in {goal.owner, *self._read(goal.owner)}:
                    self._names.setdefault(name, {})[test] = None

    def _read(self, owner: str) -> Iterable[str]:
        if owner in self.program.workflows:
            workflow = self.program.workflows[owner]
            return {*workflow.data, *workflow.expects, *workflow.roles}
        if owner in self.program.nodes:
            return self.program.closure(owner)
        return {name for top in self._mentioned(owner) for name in (top, *self.program.closure(top))}

    def _mentioned(self, owner: str) -> Iterable[str]:
        """The names that an obligation, a key figure or a category mentions."""
        program = self.program
        duty, kpi, category = program.obligations.get(owner), program.kpis.get(owner), program.categories.get(owner)
        if duty is not None:
            parts = (duty.when, duty.becomes, duty.target, duty.at_most, duty.before, duty.after, *duty.festivals)
            days = (one for one in (duty.of, duty.day, duty.event) if one is not None)
            return {*days, *(name for part in parts for name in _reads(part))}
        if kpi is not None:
            parts = (kpi.value, kpi.goal, kpi.period, *(one.in_a_row for one in (*kpi.misses, *kpi.meets)))
            return {kpi.of, *kpi.mentions, *(name for part in parts for name in _reads(part))}
        cadence = program.cadences.get(owner)
        if cadence is not None:
            rates = (rate for row in cadence.rows for rate in (row.target, row.at_most))
            return {*cadence.touchpoints, *(name for rate in rates for name in _reads(rate))}
        if category is not None:
            return {*category.facts, *_reads(category.fresh_for), *_reads(category.keep_for)}
        return ()

    def of(self, carrier: Carrier) -> Iterable[str]:
        """The tests, in the order in which they ran."""
        return self._places.get(carrier.place) or self._names.get(carrier.name, {})


def _reads(part: Any) -> tuple[str, ...]:
    code = part.code if isinstance(part, Valued) else part
    return code.reads if isinstance(code, Code) else ()


def carriers(model: Model) -> Iterator[Carrier]:
    """Every element, row and step that names a clause."""
    for section in fields(model):
        if section.name in ("clauses", "overlay", "sources", "head", "digest"):
            continue
        for element in getattr(model, section.name):
            yield from _inside(element, f"{section.name}.{element.name}", element.name)


def carried(model: Model) -> dict[str, tuple[str, ...]]:
    """For each clause the elements that carry it, rows of a table under the table's name."""
    found: dict[str, dict[str, None]] = {}
    for carrier in carriers(model):
        for clause in carrier.clauses:
            found.setdefault(clause, {})[carrier.path.split(",")[0]] = None
    return {clause: tuple(paths) for clause, paths in found.items()}


def _inside(thing: Any, path: str, name: str) -> Iterator[Carrier]:
    source = getattr(thing, "source", ())
    if source:
        span = thing.id.span if isinstance(thing, Element) else thing.span
        yield Carrier(path, name, _place(span), tuple(one.text for one in source))
    for part in fields(thing):
        value = getattr(thing, part.name)
        if part.name in ("id", "span", "label", "because", "source", "notes"):
            continue
        for number, one in enumerate(value if isinstance(value, tuple) else (value,), 1):
            if isinstance(one, Element):
                yield from _inside(one, f"{path}.{one.name}", one.name if part.name in ("states", "events") else name)
            elif isinstance(one, Row):
                yield from _inside(one, f"{path}, row {number}", name)
            elif isinstance(one, Item) or hasattr(one, "rows"):
                yield from _inside(one, path, name)


def _unmoored(model: Model, files: frozenset[str]) -> Iterator[str]:
    """What the policy's own files declare without naming a clause: elements that mean something by themselves."""
    for section in ("parameters", "decisions", "tiers", "risks", "indicators", "obligations", "kpis"):
        for element in getattr(model, section):
            carried = any(_inside(element, "", element.name))
            if not carried and normpath(element.id.span.source.name) in files:
                yield f"{section}.{element.name}"


def _place(span: Span) -> str:
    return f"{normpath(span.source.name)}:{span.line}:{span.column}"


def _file(place: str) -> str:
    return place.rsplit(":", 2)[0]
