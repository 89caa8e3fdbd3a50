"""Cases, lines of history and outbox rows read from their documents; what a document leaves out was absent or empty."""

from __future__ import annotations

from collections.abc import Mapping
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
    Trigger,
)
from relflow.stores.codec import instant
from relflow.text import Text

__all__ = ["case_of", "entry_of", "message_of", "performance_of"]

Document = Mapping[str, Any]


def _at(number: int | None) -> datetime | None:
    return None if number is None else instant(number)


def case_of(document: Document) -> Case:
    """The case that a document describes."""
    get = document.get
    return Case(
        id=document["id"],
        workflow=document["workflow"],
        workflow_version=document["workflow_version"],
        definition=document["definition"],
        state=document["state"],
        version=document["version"],
        opened_at=instant(document["opened_at"]),
        updated_at=instant(document["updated_at"]),
        tenant=get("tenant", ""),
        account=get("account"),
        key=get("key"),
        parent=get("parent"),
        element=get("element"),
        subject=get("subject"),
        owner=get("owner"),
        closed_at=_at(get("closed_at")),
        data=get("data", {}),
        clocks={name: _clock_of(name, clock) for name, clock in get("clocks", {}).items()},
        children=tuple(Child(*child) for child in get("children", ())),
        fired_by={event: tuple(actors) for event, actors in get("fired_by", {}).items()},
        approvals={
            event: tuple((role, actor) for role, actor in pairs) for event, pairs in get("approvals", {}).items()
        },
        merged_into=get("merged_into"),
    )


def _clock_of(name: str, document: Document) -> ClockRecord:
    get = document.get
    return ClockRecord(
        name=name,
        lap=document["lap"],
        running=get("running", False),
        paused=get("paused", False),
        state=get("state", {}),
        started_at=instant(document["started_at"]),
        due_at=_at(get("due_at")),
        breached=get("breached", False),
        provisional=get("provisional", False),
        unset=get("unset"),
        fired=tuple(get("fired", ())),
    )


def _actor_of(document: Document | None) -> Actor | None:
    if document is None:
        return None
    roles = document.get("roles")
    held = None if roles is None else tuple(roles)
    return Actor(document["id"], held, document.get("facts", {}), document.get("acting_for"))


def _trigger_of(document: Document) -> Trigger:
    actor = _actor_of(document.get("actor"))
    return Trigger(document["kind"], document["name"], document.get("event_id"), actor, document.get("data", {}))


def entry_of(document: Document) -> HistoryEntry:
    """The line of history that a document describes."""
    get = document.get
    return HistoryEntry(
        case=document["case"],
        seq=document["seq"],
        at=instant(document["at"]),
        trigger=_trigger_of(document["trigger"]),
        before=get("before"),
        after=document["after"],
        changes=get("changes", {}),
        effects=tuple(Effect(*effect) for effect in get("effects", ())),
        findings=tuple(get("findings", ())),
        clocks=get("clocks", {}),
        facts=get("facts", {}),
        policy=get("policy", ""),
        calendar=get("calendar", ""),
        definition=get("definition", ""),
    )


def message_of(document: Document) -> Message:
    """The message of an outbox row."""
    text = Text(tuple((lang, value) for lang, value in document["text"]))
    key, case, ordinal, recipient, name = (document[n] for n in ("key", "case", "ordinal", "recipient", "name"))
    return Message(key, case, ordinal, recipient, name, text, document.get("fields", {}))


def performance_of(document: Document) -> Performance:
    """The host action of an outbox row."""
    key, case, ordinal, name = (document[n] for n in ("key", "case", "ordinal", "name"))
    return Performance(key, case, ordinal, name, document.get("arguments", {}))
