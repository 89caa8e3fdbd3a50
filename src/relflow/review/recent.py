"""From the clauses of a manual to what was last done under them: steps of cases, obligations, levels in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from relflow.engine import Engine
from relflow.engine.duties import MARK
from relflow.program import Program
from relflow.results import Case, HistoryEntry
from relflow.results.tracing import Done, Tracing
from relflow.text import Text

__all__ = ["last_done"]


def last_done(engine: Engine, program: Program, tracing: Tracing, *, most: int = 3) -> dict[str, tuple[Done, ...]]:
    """For each clause the latest steps that went through an element which carries it, newest first.

    Every case of the engine's store is read. A step counts for its event, for the clocks that it started or stopped,
    for the data that it recorded, and for the facts, parameters and decisions that it was computed from.
    """
    clauses: dict[str, list[str]] = {}
    for element in tracing.elements:
        for clause in element.clauses:
            clauses.setdefault(clause, []).append(element.path)
    latest: dict[str, Done] = {}
    for case, entry in _entries(engine, program):
        for path in _paths(program, case, entry):
            if path not in latest or latest[path].at <= entry.at:
                latest[path] = _done(program, case, entry, path)
    found: dict[str, tuple[Done, ...]] = {}
    for clause, paths in clauses.items():
        newest = sorted((latest[path] for path in paths if path in latest), key=lambda one: one.at, reverse=True)
        kept: dict[tuple[str, datetime], Done] = {}
        for one in newest:
            kept.setdefault((one.case, one.at), one)
        if kept:
            found[clause] = tuple(kept.values())[:most]
    return found


def _entries(engine: Engine, program: Program) -> Iterator[tuple[Case, HistoryEntry]]:
    """Every step of every case, those that only carry out an obligation among them."""
    for workflow in (None, *(f"{MARK}{name}" for name in program.obligations)):
        after: str | None = None
        while page := engine.cases(workflow=workflow, after=after):
            after = page[-1].id
            for case in page:
                for entry in engine.history(case.id):
                    yield case, entry


def _paths(program: Program, case: Case, entry: HistoryEntry) -> Iterator[str]:
    """The elements that a step went through, by the paths that a trace gives them."""
    if case.workflow.startswith(MARK):
        yield f"obligations.{case.workflow.removeprefix(MARK)}"
        return
    flow = f"workflows.{case.workflow}"
    yield flow
    name = entry.trigger.name
    yield f"{flow}.{entry.before}.{name}" if entry.before is not None else f"{flow}.{name}"
    for part in (name, *entry.clocks, *entry.changes):
        yield f"{flow}.{part}"
    for fact in entry.facts:
        for read in (fact, *(program.closure(fact) if fact in program.nodes else ())):
            for section in ("facts", "parameters", "decisions", "indicators", "tiers", "risks"):
                yield f"{section}.{read}"


def _done(program: Program, case: Case, entry: HistoryEntry, path: str) -> Done:
    actor = entry.trigger.actor.id if entry.trigger.actor is not None else None
    return Done(entry.at, path, case.id, case.account, actor, _what(program, case, entry))


def _what(program: Program, case: Case, entry: HistoryEntry) -> Text:
    """The step in words: the obligation, or the workflow, its event and the state that it led to."""
    duty = program.obligations.get(case.workflow.removeprefix(MARK))
    if duty is not None:
        return duty.label or Text.of(duty.id)
    flow = program.workflows.get(case.workflow)
    if flow is None:
        return Text.of(f"{case.workflow}: {entry.trigger.name}")
    state = flow.states.get(entry.after)
    event = flow.states[entry.before].events.get(entry.trigger.name) if entry.before in flow.states else None
    pairs = []
    for lang in ("en", "zh"):
        name = event.label.text(lang) if event is not None else entry.trigger.name
        after = state.label.text(lang) if state is not None else entry.after
        begun = entry.before is None
        pairs.append(
            (lang, f"{flow.label.text(lang)}: {after}" if begun else f"{flow.label.text(lang)}: {name} → {after}")
        )
    return Text(tuple(pairs))
