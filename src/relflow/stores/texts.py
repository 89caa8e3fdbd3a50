"""Cases, lines of history and outbox rows as canonical text: JSON in order of key, without what is absent or empty.

Each step writes three of these, so they are put together here from their parts; only what hosts and policies fill in
freely goes through the encoder. `seal` takes personal values out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from relflow.results import Actor, Case, ClockRecord, Effect, HistoryEntry, Message, Performance, Trigger
from relflow.stores.codec import encode, microseconds, quoted

__all__ = ["Seal", "case_text", "entry_text", "message_text", "performance_text"]

Values = Mapping[str, object]
Seal = Callable[[Values], Values]


def _open(values: Values) -> Values:
    return values


def _optional(name: str, value: str | None) -> str:
    return "" if value is None else f'"{name}":{quoted(value)},'


def _values(name: str, values: Values, seal: Seal = _open) -> str:
    return f'"{name}":{encode(seal(values))},' if values else ""


def _list(name: str, values: Sequence[object]) -> str:
    return f'"{name}":{encode(values)},' if values else ""


def _instant(name: str, at: datetime | None) -> str:
    return "" if at is None else f'"{name}":{microseconds(at)},'


def _flag(name: str, value: bool) -> str:
    return f'"{name}":true,' if value else ""


def case_text(case: Case, seal: Seal = _open) -> str:
    """A case as it is kept; what stands in columns of its own stands here too, so that the hash covers it."""
    children = [[child.id, child.workflow, child.closed] for child in case.children]
    tenant = f'"tenant":{quoted(case.tenant)},' if case.tenant else ""
    return (
        f"{{{_optional('account', case.account)}{_values('approvals', case.approvals)}{_list('children', children)}"
        f"{_clocks(case.clocks) if case.clocks else ''}{_instant('closed_at', case.closed_at)}"
        f"{_values('data', case.data, seal)}"
        f'"definition":{quoted(case.definition)},{_optional("element", case.element)}'
        f'{_values("fired_by", case.fired_by)}"id":{quoted(case.id)},{_optional("key", case.key)}'
        f'{_optional("merged_into", case.merged_into)}"opened_at":{microseconds(case.opened_at)},'
        f"{_optional('owner', case.owner)}{_optional('parent', case.parent)}"
        f'"state":{quoted(case.state)},{_optional("subject", case.subject)}{tenant}'
        f'"updated_at":{microseconds(case.updated_at)},"version":{case.version},'
        f'"workflow":{quoted(case.workflow)},"workflow_version":{quoted(case.workflow_version)}}}'
    )


def _clocks(clocks: Mapping[str, ClockRecord]) -> str:
    return '"clocks":{' + ",".join([f"{quoted(name)}:{_clock(clocks[name])}" for name in sorted(clocks)]) + "},"


def _clock(clock: ClockRecord) -> str:
    members = (
        f"{_flag('breached', clock.breached)}{_instant('due_at', clock.due_at)}{_list('fired', clock.fired)}"
        f'"lap":{clock.lap},{_flag("paused", clock.paused)}{_flag("provisional", clock.provisional)}'
        f"{_flag('running', clock.running)}"
        f'"started_at":{microseconds(clock.started_at)},'
        f"{_values('state', clock.state)}{_optional('unset', clock.unset)}"
    )
    return "{" + members[:-1] + "}"


def entry_text(entry: HistoryEntry, seal: Seal = _open) -> str:
    """A line of history as it is kept and hashed."""
    effects = [_effect(effect, seal) for effect in entry.effects]
    return (
        f'{{"after":{quoted(entry.after)},"at":{microseconds(entry.at)},{_optional("before", entry.before)}'
        f'{_optional("calendar", entry.calendar or None)}"case":{quoted(entry.case)},'
        f"{_values('changes', entry.changes, seal)}{_values('clocks', entry.clocks)}"
        f"{_optional('definition', entry.definition or None)}{_list('effects', effects)}"
        f"{_values('facts', entry.facts, seal)}{_list('findings', entry.findings)}"
        f'{_optional("policy", entry.policy or None)}"seq":{entry.seq},"trigger":{_trigger(entry.trigger, seal)}}}'
    )


def _effect(effect: Effect, seal: Seal) -> list[object]:
    return [effect.verb, effect.target, seal(effect.values), effect.cause]


def _trigger(trigger: Trigger, seal: Seal) -> str:
    actor = "" if trigger.actor is None else f'"actor":{_actor(trigger.actor)},'
    return (
        f"{{{actor}{_values('data', trigger.data, seal)}{_optional('event_id', trigger.event_id)}"
        f'"kind":{quoted(trigger.kind)},"name":{quoted(trigger.name)}}}'
    )


def _actor(actor: Actor) -> str:
    roles = "" if actor.roles is None else f',"roles":{encode(actor.roles)}'
    return (
        f'{{{_optional("acting_for", actor.acting_for)}{_values("facts", actor.facts)}"id":{quoted(actor.id)}{roles}}}'
    )


def message_text(message: Message, seal: Seal = _open) -> str:
    """A message as the outbox keeps it."""
    texts = ",".join([f"[{quoted(lang)},{quoted(text)}]" for lang, text in message.text.pairs])
    return (
        f'{{"case":{quoted(message.case)},{_values("fields", message.fields, seal)}"key":{quoted(message.key)},'
        f'"name":{quoted(message.name)},"ordinal":{message.ordinal},"recipient":{quoted(message.recipient)},'
        f'"text":[{texts}]}}'
    )


def performance_text(performance: Performance, seal: Seal = _open) -> str:
    """A host action as the outbox keeps it."""
    return (
        f'{{{_values("arguments", performance.arguments, seal)}"case":{quoted(performance.case)},'
        f'"key":{quoted(performance.key)},"name":{quoted(performance.name)},"ordinal":{performance.ordinal}}}'
    )
