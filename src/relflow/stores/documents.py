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
from relflow.results.quick import maker
from relflow.stores.codec import instant
from relflow.text import Text

__all__ = ["case_of", "entry_of", "message_of", "performance_of"]

Document = Mapping[str, Any]

_case = maker(Case)
_clock = maker(ClockRecord)
_entry = maker(HistoryEntry)
_trigger = maker(Trigger)
_actor = maker(Actor)
_effect = maker(Effect)
_message = maker(Message)
_text = maker(Text)
_performance = maker(Performance)


def _at(number: int | None) -> datetime | None:
    return None if number is None else instant(number)


def case_of(document: Document) -> Case:
    """The case that a document describes."""
    get = document.get
    return _case(
        document["id"],
        document["workflow"],
        document["workflow_version"],
        document["definition"],
        document["state"],
        document["version"],
        instant(document["opened_at"]),
        instant(document["updated_at"]),
        get("tenant", ""),
        get("account"),
        get("key"),
        get("parent"),
        get("element"),
        get("subject"),
        get("owner"),
        _at(get("closed_at")),
        get("data", {}),
        {name: _clock_of(name, clock) for name, clock in get("clocks", {}).items()},
        tuple([Child(*child) for child in get("children", ())]),
        {event: tuple(actors) for event, actors in get("fired_by", {}).items()},
        {event: tuple([(role, actor) for role, actor in pairs]) for event, pairs in get("approvals", {}).items()},
        get("merged_into"),
    )


def _clock_of(name: str, document: Document) -> ClockRecord:
    get = document.get
    return _clock(
        name,
        document["lap"],
        get("running", False),
        get("paused", False),
        get("state", {}),
        instant(document["started_at"]),
        _at(get("due_at")),
        get("breached", False),
        get("provisional", False),
        get("unset"),
        tuple(get("fired", ())),
    )


def _actor_of(document: Document | None) -> Actor | None:
    if document is None:
        return None
    roles = document.get("roles")
    held = None if roles is None else tuple(roles)
    return _actor(document["id"], held, document.get("facts", {}), document.get("acting_for"))


def _trigger_of(document: Document) -> Trigger:
    actor = _actor_of(document.get("actor"))
    return _trigger(document["kind"], document["name"], document.get("event_id"), actor, document.get("data", {}))


def entry_of(document: Document) -> HistoryEntry:
    """The line of history that a document describes."""
    get = document.get
    return _entry(
        document["case"],
        document["seq"],
        instant(document["at"]),
        _trigger_of(document["trigger"]),
        get("before"),
        document["after"],
        get("changes", {}),
        tuple([_effect(*effect) for effect in get("effects", ())]),
        tuple(get("findings", ())),
        get("clocks", {}),
        get("facts", {}),
        get("policy", ""),
        get("calendar", ""),
        get("definition", ""),
    )


def message_of(document: Document) -> Message:
    """The message of an outbox row."""
    text = _text(tuple([(lang, value) for lang, value in document["text"]]))
    return _message(
        document["key"],
        document["case"],
        document["ordinal"],
        document["recipient"],
        document["name"],
        text,
        document.get("fields", {}),
    )


def performance_of(document: Document) -> Performance:
    """The host action of an outbox row."""
    return _performance(
        document["key"], document["case"], document["ordinal"], document["name"], document.get("arguments", {})
    )
