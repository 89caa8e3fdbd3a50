"""Cases, lines of history and outbox rows as documents for `codec`, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from relflow.results import (
    Actor,
    Case,
    Child,
    ClockRecord,
    Effect,
    HistoryEntry,
    Message,
    Performance,
    Recorded,
    Trigger,
)
from relflow.stores.codec import instant, microseconds
from relflow.text import Text

__all__ = [
    "Seal",
    "case_document",
    "case_of",
    "entry_document",
    "entry_of",
    "message_document",
    "message_of",
    "performance_document",
    "performance_of",
    "recorded_document",
    "recorded_of",
]

Document = dict[str, Any]
Values = Mapping[str, object]
Seal = Callable[[Values], Values]


def _open(values: Values) -> Values:
    return values


def _instant(at: datetime | None) -> int | None:
    return None if at is None else microseconds(at)


def _at(number: int | None) -> datetime | None:
    return None if number is None else instant(number)


def case_document(case: Case, seal: Seal = _open) -> Document:
    """A case as it is kept; what stands in columns of its own stands here too, so that the hash covers it.

    `seal` takes personal values out of the data.
    """
    return {
        "account": case.account,
        "approvals": {event: [list(pair) for pair in pairs] for event, pairs in case.approvals.items()},
        "children": [[child.id, child.workflow, child.closed] for child in case.children],
        "clocks": {name: _clock_document(clock) for name, clock in case.clocks.items()},
        "closed_at": _instant(case.closed_at),
        "data": seal(case.data),
        "definition": case.definition,
        "element": case.element,
        "fired_by": {event: list(actors) for event, actors in case.fired_by.items()},
        "id": case.id,
        "key": case.key,
        "merged_into": case.merged_into,
        "opened_at": microseconds(case.opened_at),
        "owner": case.owner,
        "parent": case.parent,
        "state": case.state,
        "subject": case.subject,
        "tenant": case.tenant,
        "updated_at": microseconds(case.updated_at),
        "version": case.version,
        "workflow": case.workflow,
        "workflow_version": case.workflow_version,
    }


def case_of(document: Mapping[str, Any]) -> Case:
    """The case that a document describes."""
    return Case(
        id=document["id"],
        workflow=document["workflow"],
        workflow_version=document["workflow_version"],
        definition=document["definition"],
        state=document["state"],
        version=document["version"],
        opened_at=instant(document["opened_at"]),
        updated_at=instant(document["updated_at"]),
        tenant=document["tenant"],
        account=document["account"],
        key=document["key"],
        parent=document["parent"],
        element=document["element"],
        subject=document["subject"],
        owner=document["owner"],
        closed_at=_at(document["closed_at"]),
        data=document["data"],
        clocks={name: _clock_of(name, clock) for name, clock in document["clocks"].items()},
        children=tuple(Child(*child) for child in document["children"]),
        fired_by={event: tuple(actors) for event, actors in document["fired_by"].items()},
        approvals={
            event: tuple((role, actor) for role, actor in pairs) for event, pairs in document["approvals"].items()
        },
        merged_into=document.get("merged_into"),
    )


def _clock_document(clock: ClockRecord) -> Document:
    return {
        "breached": clock.breached,
        "due_at": _instant(clock.due_at),
        "fired": list(clock.fired),
        "lap": clock.lap,
        "paused": clock.paused,
        "provisional": clock.provisional,
        "running": clock.running,
        "started_at": microseconds(clock.started_at),
        "state": clock.state,
        "unset": clock.unset,
    }


def _clock_of(name: str, document: Mapping[str, Any]) -> ClockRecord:
    return ClockRecord(
        name=name,
        lap=document["lap"],
        running=document["running"],
        paused=document["paused"],
        state=document["state"],
        started_at=instant(document["started_at"]),
        due_at=_at(document["due_at"]),
        breached=document["breached"],
        provisional=document["provisional"],
        unset=document["unset"],
        fired=tuple(document["fired"]),
    )


def _actor_document(actor: Actor | None) -> Document | None:
    if actor is None:
        return None
    roles = None if actor.roles is None else list(actor.roles)
    return {"acting_for": actor.acting_for, "facts": actor.facts, "id": actor.id, "roles": roles}


def _actor_of(document: Mapping[str, Any] | None) -> Actor | None:
    if document is None:
        return None
    roles = document["roles"]
    held = None if roles is None else tuple(roles)
    return Actor(document["id"], held, document["facts"], document.get("acting_for"))


def entry_document(entry: HistoryEntry, seal: Seal = _open) -> Document:
    """A line of history as it is kept and hashed; `seal` takes personal values out."""
    trigger = entry.trigger
    return {
        "after": entry.after,
        "at": microseconds(entry.at),
        "before": entry.before,
        "calendar": entry.calendar,
        "case": entry.case,
        "changes": seal(entry.changes),
        "clocks": entry.clocks,
        "definition": entry.definition,
        "effects": [[effect.verb, effect.target, seal(effect.values), effect.cause] for effect in entry.effects],
        "facts": seal(entry.facts),
        "findings": list(entry.findings),
        "policy": entry.policy,
        "seq": entry.seq,
        "trigger": {
            "actor": _actor_document(trigger.actor),
            "data": seal(trigger.data),
            "event_id": trigger.event_id,
            "kind": trigger.kind,
            "name": trigger.name,
        },
    }


def entry_of(document: Mapping[str, Any]) -> HistoryEntry:
    """The line of history that a document describes."""
    trigger = document["trigger"]
    return HistoryEntry(
        case=document["case"],
        seq=document["seq"],
        at=instant(document["at"]),
        trigger=Trigger(
            trigger["kind"], trigger["name"], trigger["event_id"], _actor_of(trigger["actor"]), trigger["data"]
        ),
        before=document["before"],
        after=document["after"],
        changes=document["changes"],
        effects=tuple(Effect(*effect) for effect in document["effects"]),
        findings=tuple(document["findings"]),
        clocks=document["clocks"],
        facts=document["facts"],
        policy=document["policy"],
        calendar=document["calendar"],
        definition=document["definition"],
    )


def message_document(message: Message, seal: Seal = _open) -> Document:
    """A message as the outbox keeps it; `seal` takes personal values out of its fields."""
    return {
        "case": message.case,
        "fields": seal(message.fields),
        "key": message.key,
        "name": message.name,
        "ordinal": message.ordinal,
        "recipient": message.recipient,
        "text": [list(pair) for pair in message.text.pairs],
    }


def message_of(document: Mapping[str, Any]) -> Message:
    """The message of an outbox row."""
    text = Text(tuple((lang, value) for lang, value in document["text"]))
    key, case, ordinal, recipient, name = (document[n] for n in ("key", "case", "ordinal", "recipient", "name"))
    return Message(key, case, ordinal, recipient, name, text, document["fields"])


def performance_document(performance: Performance, seal: Seal = _open) -> Document:
    """A host action as the outbox keeps it; `seal` takes personal values out of its arguments."""
    return {
        "arguments": seal(performance.arguments),
        "case": performance.case,
        "key": performance.key,
        "name": performance.name,
        "ordinal": performance.ordinal,
    }


def performance_of(document: Mapping[str, Any]) -> Performance:
    """The host action of an outbox row."""
    return Performance(*(document[name] for name in ("key", "case", "ordinal", "name", "arguments")))


def recorded_document(recorded: Recorded, seal: Seal = _open) -> Document:
    """What an event led to, kept beside its id so that firing it again returns the same."""
    return {
        "case": case_document(recorded.case, seal),
        "digest": recorded.digest,
        "entry": entry_document(recorded.entry, seal),
        "tenant": recorded.tenant,
    }


def recorded_of(document: Mapping[str, Any]) -> Recorded:
    """What an event led to when it was first seen."""
    case, entry = case_of(document["case"]), entry_of(document["entry"])
    return Recorded(document["tenant"], case, entry, document["digest"], replayed=True)
