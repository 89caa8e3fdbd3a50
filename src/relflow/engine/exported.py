"""A case as it leaves the store: its data and its history, personal values masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from relflow.program.workflows import Workflow
from relflow.results import Actor, Case, Effect, HistoryEntry, Trigger
from relflow.workflow import MASK

if TYPE_CHECKING:
    from relflow.engine.unit import Unit

__all__ = ["ExportedCase", "exported"]


@dataclass(frozen=True, slots=True)
class ExportedCase:
    """One case, the definition it runs under, and its history in order with the hash of each line in the chain."""

    case: Case
    workflow: Workflow
    history: tuple[tuple[HistoryEntry, str], ...]


def exported(unit: Unit, case: Case, *, reveal: bool) -> ExportedCase:
    """The case with its history; unless `reveal` is set, what is personal reads as a mask and colleagues as ids."""
    workflow = unit.definition(case)
    lines = unit.lines(case.id)
    if reveal:
        return ExportedCase(case, workflow, tuple((line.entry, line.digest) for line in lines))
    names = unit.personal(workflow)
    history = tuple((_masked(line.entry, names), line.digest) for line in lines)
    return ExportedCase(replace(case, data=_hidden(case.data, names)), workflow, history)


def _hidden(values: Mapping[str, object], names: frozenset[str]) -> Mapping[str, object]:
    return {name: MASK if name in names and value is not None else value for name, value in values.items()}


def _masked(entry: HistoryEntry, names: frozenset[str]) -> HistoryEntry:
    trigger = entry.trigger
    actor = None if trigger.actor is None else Actor(trigger.actor.id, trigger.actor.roles)
    return replace(
        entry,
        trigger=Trigger(trigger.kind, trigger.name, trigger.event_id, actor, _hidden(trigger.data, names)),
        changes=_hidden(entry.changes, names),
        effects=tuple(Effect(one.verb, one.target, _hidden(one.values, names), one.cause) for one in entry.effects),
        facts=_hidden(entry.facts, names),
    )
