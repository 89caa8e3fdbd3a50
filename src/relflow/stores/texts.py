"""Cases, lines of history and outbox rows as canonical text: JSON in order of key, without what is absent or empty.

Each step writes three of these, so they are put together here from their parts, a line for each member that may be
absent; only what hosts and policies fill in freely goes through the encoder. `seal` takes personal values out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from relflow.results import Actor, Case, Child, ClockRecord, Effect, HistoryEntry, Message, Performance, Trigger
from relflow.stores.codec import encode, microseconds, quoted

__all__ = ["Seal", "case_text", "entry_text", "message_text", "performance_text"]

Values = Mapping[str, object]
Seal = Callable[[Values], Values]


def _open(values: Values) -> Values:
    return values


def case_text(case: Case, seal: Seal = _open) -> str:
    """A case as it is kept; what stands in columns of its own stands here too, so that the hash covers it."""
    account = "" if case.account is None else f'"account":{quoted(case.account)},'
    approvals = f'"approvals":{encode(case.approvals)},' if case.approvals else ""
    children = f'"children":{_children(case.children)},' if case.children else ""
    clocks = f'"clocks":{_clocks(case.clocks)},' if case.clocks else ""
    closed_at = "" if case.closed_at is None else f'"closed_at":{microseconds(case.closed_at)},'
    data = f'"data":{encode(seal(case.data))},' if case.data else ""
    element = "" if case.element is None else f'"element":{quoted(case.element)},'
    fired_by = f'"fired_by":{encode(case.fired_by)},' if case.fired_by else ""
    key = "" if case.key is None else f'"key":{quoted(case.key)},'
    merged_into = "" if case.merged_into is None else f'"merged_into":{quoted(case.merged_into)},'
    owner = "" if case.owner is None else f'"owner":{quoted(case.owner)},'
    parent = "" if case.parent is None else f'"parent":{quoted(case.parent)},'
    subject = "" if case.subject is None else f'"subject":{quoted(case.subject)},'
    tenant = f'"tenant":{quoted(case.tenant)},' if case.tenant else ""
    return (
        f'{{{account}{approvals}{children}{clocks}{closed_at}{data}"definition":{quoted(case.definition)},{element}'
        f'{fired_by}"id":{quoted(case.id)},{key}{merged_into}"opened_at":{microseconds(case.opened_at)},{owner}{parent}'
        f'"state":{quoted(case.state)},{subject}{tenant}"updated_at":{microseconds(case.updated_at)},'
        f'"version":{case.version},"workflow":{quoted(case.workflow)},'
        f'"workflow_version":{quoted(case.workflow_version)}}}'
    )


def _children(children: Sequence[Child]) -> str:
    return encode([(child.id, child.workflow, child.closed) for child in children])


def _clocks(clocks: Mapping[str, ClockRecord]) -> str:
    return "{" + ",".join([f"{quoted(name)}:{_clock(clocks[name])}" for name in sorted(clocks)]) + "}"


def _clock(clock: ClockRecord) -> str:
    breached = '"breached":true,' if clock.breached else ""
    due_at = "" if clock.due_at is None else f'"due_at":{microseconds(clock.due_at)},'
    fired = f'"fired":{_texts(clock.fired)},' if clock.fired else ""
    paused = '"paused":true,' if clock.paused else ""
    provisional = '"provisional":true,' if clock.provisional else ""
    running = '"running":true,' if clock.running else ""
    state = f',"state":{encode(clock.state)}' if clock.state else ""
    unset = "" if clock.unset is None else f',"unset":{quoted(clock.unset)}'
    return (
        f'{{{breached}{due_at}{fired}"lap":{clock.lap},{paused}{provisional}{running}'
        f'"started_at":{microseconds(clock.started_at)}{state}{unset}}}'
    )


def entry_text(entry: HistoryEntry, seal: Seal = _open) -> str:
    """A line of history as it is kept and hashed."""
    before = "" if entry.before is None else f'"before":{quoted(entry.before)},'
    calendar = f'"calendar":{quoted(entry.calendar)},' if entry.calendar else ""
    changes = f'"changes":{encode(seal(entry.changes))},' if entry.changes else ""
    clocks = f'"clocks":{encode(entry.clocks)},' if entry.clocks else ""
    definition = f'"definition":{quoted(entry.definition)},' if entry.definition else ""
    effects = f'"effects":{_effects(entry.effects, seal)},' if entry.effects else ""
    facts = f'"facts":{encode(seal(entry.facts))},' if entry.facts else ""
    findings = f'"findings":{_texts(entry.findings)},' if entry.findings else ""
    policy = f'"policy":{quoted(entry.policy)},' if entry.policy else ""
    return (
        f'{{"after":{quoted(entry.after)},"at":{microseconds(entry.at)},{before}{calendar}"case":{quoted(entry.case)},'
        f'{changes}{clocks}{definition}{effects}{facts}{findings}{policy}"seq":{entry.seq},'
        f'"trigger":{_trigger(entry.trigger, seal)}}}'
    )


def _effects(effects: Sequence[Effect], seal: Seal) -> str:
    return encode([(effect.verb, effect.target, seal(effect.values), effect.cause) for effect in effects])


def _trigger(trigger: Trigger, seal: Seal) -> str:
    actor = "" if trigger.actor is None else f'"actor":{_actor(trigger.actor)},'
    data = f'"data":{encode(seal(trigger.data))},' if trigger.data else ""
    event_id = "" if trigger.event_id is None else f'"event_id":{quoted(trigger.event_id)},'
    return f'{{{actor}{data}{event_id}"kind":{quoted(trigger.kind)},"name":{quoted(trigger.name)}}}'


def _actor(actor: Actor) -> str:
    acting_for = "" if actor.acting_for is None else f'"acting_for":{quoted(actor.acting_for)},'
    facts = f'"facts":{encode(actor.facts)},' if actor.facts else ""
    roles = "" if actor.roles is None else f',"roles":{_texts(actor.roles)}'
    return f'{{{acting_for}{facts}"id":{quoted(actor.id)}{roles}}}'


def message_text(message: Message, seal: Seal = _open) -> str:
    """A message as the outbox keeps it."""
    fields = f'"fields":{encode(seal(message.fields))},' if message.fields else ""
    texts = ",".join([f"[{quoted(lang)},{quoted(text)}]" for lang, text in message.text.pairs])
    return (
        f'{{"case":{quoted(message.case)},{fields}"key":{quoted(message.key)},"name":{quoted(message.name)},'
        f'"ordinal":{message.ordinal},"recipient":{quoted(message.recipient)},"text":[{texts}]}}'
    )


def performance_text(performance: Performance, seal: Seal = _open) -> str:
    """A host action as the outbox keeps it."""
    arguments = f'"arguments":{encode(seal(performance.arguments))},' if performance.arguments else ""
    return (
        f'{{{arguments}"case":{quoted(performance.case)},"key":{quoted(performance.key)},'
        f'"name":{quoted(performance.name)},"ordinal":{performance.ordinal}}}'
    )


def _texts(texts: Iterable[str]) -> str:
    return f"[{','.join([quoted(text) for text in texts])}]"
