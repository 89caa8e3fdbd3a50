"""Cases, lines of history and outbox rows as canonical text: JSON in order of key, without what is absent or empty.

Each step writes three of these, so they are put together here from their parts, a line for each member that may be
absent; only what hosts and policies fill in freely goes through the encoder. `write` is what writes that: `encode`, or
a Sealer's `text`, which takes personal values out. Loops add to a text where there is mostly one of a kind: that is
quicker than to join a list of one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from relflow.results import Actor, Case, Child, ClockRecord, Effect, HistoryEntry, Message, Performance, Trigger
from relflow.stores.codec import encode, microseconds, quoted

__all__ = ["Write", "case_text", "entry_text", "message_text", "performance_text"]

Write = Callable[[Mapping[str, object]], str]


def case_text(case: Case, write: Write = encode, updated_at: int | None = None) -> str:
    """A case as it is kept; what stands in columns of its own stands here too, so that the hash covers it.

    `updated_at` is that instant in microseconds, where somebody knows it.
    """
    updated_at = microseconds(case.updated_at) if updated_at is None else updated_at
    account = "" if case.account is None else f'"account":{quoted(case.account)},'
    approvals = f'"approvals":{encode(case.approvals)},' if case.approvals else ""
    children = f'"children":{_children(case.children)},' if case.children else ""
    clocks = f'"clocks":{_clocks(case.clocks)},' if case.clocks else ""
    closed_at = "" if case.closed_at is None else f'"closed_at":{microseconds(case.closed_at)},'
    data = f'"data":{write(case.data)},' if case.data else ""
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
        f'"state":{quoted(case.state)},{subject}{tenant}"updated_at":{updated_at},'
        f'"version":{case.version},"workflow":{quoted(case.workflow)},'
        f'"workflow_version":{quoted(case.workflow_version)}}}'
    )


def _children(children: Sequence[Child]) -> str:
    return encode([(child.id, child.workflow, child.closed) for child in children])


def _clocks(clocks: Mapping[str, ClockRecord]) -> str:
    text = ""
    for name in sorted(clocks):
        text += f",{quoted(name)}:{_clock(clocks[name])}"
    return f"{{{text[1:]}}}"


def _clock(clock: ClockRecord) -> str:
    breached = '"breached":true,' if clock.breached else ""
    due_at = "" if clock.due_at is None else f'"due_at":{microseconds(clock.due_at)},'
    fired = f'"fired":{_names(clock.fired)},' if clock.fired else ""
    paused = '"paused":true,' if clock.paused else ""
    provisional = '"provisional":true,' if clock.provisional else ""
    running = '"running":true,' if clock.running else ""
    state = f',"state":{encode(clock.state)}' if clock.state else ""
    unset = "" if clock.unset is None else f',"unset":{quoted(clock.unset)}'
    return (
        f'{{{breached}{due_at}{fired}"lap":{clock.lap},{paused}{provisional}{running}'
        f'"started_at":{microseconds(clock.started_at)}{state}{unset}}}'
    )


def entry_text(entry: HistoryEntry, write: Write = encode, at: int | None = None) -> str:
    """A line of history as it is kept and hashed; `at` is its instant in microseconds, where somebody knows it."""
    at = microseconds(entry.at) if at is None else at
    before = "" if entry.before is None else f'"before":{quoted(entry.before)},'
    calendar = f'"calendar":{quoted(entry.calendar)},' if entry.calendar else ""
    changes = f'"changes":{write(entry.changes)},' if entry.changes else ""
    clocks = f'"clocks":{encode(entry.clocks)},' if entry.clocks else ""
    definition = f'"definition":{quoted(entry.definition)},' if entry.definition else ""
    effects = f'"effects":{_effects(entry.effects, write)},' if entry.effects else ""
    facts = f'"facts":{write(entry.facts)},' if entry.facts else ""
    findings = f'"findings":{encode(entry.findings)},' if entry.findings else ""
    policy = f'"policy":{quoted(entry.policy)},' if entry.policy else ""
    return (
        f'{{"after":{quoted(entry.after)},"at":{at},{before}{calendar}"case":{quoted(entry.case)},'
        f'{changes}{clocks}{definition}{effects}{facts}{findings}{policy}"seq":{entry.seq},'
        f'"trigger":{_trigger(entry.trigger, write)}}}'
    )


def _effects(effects: Sequence[Effect], write: Write) -> str:
    text = ""
    for effect in effects:
        text += f",[{quoted(effect.verb)},{quoted(effect.target)},{write(effect.values)},{quoted(effect.cause)}]"
    return f"[{text[1:]}]"


def _trigger(trigger: Trigger, write: Write) -> str:
    actor = "" if trigger.actor is None else f'"actor":{_actor(trigger.actor)},'
    data = f'"data":{write(trigger.data)},' if trigger.data else ""
    event_id = "" if trigger.event_id is None else f'"event_id":{quoted(trigger.event_id)},'
    return f'{{{actor}{data}{event_id}"kind":{quoted(trigger.kind)},"name":{quoted(trigger.name)}}}'


def _actor(actor: Actor) -> str:
    acting_for = "" if actor.acting_for is None else f'"acting_for":{quoted(actor.acting_for)},'
    facts = f'"facts":{encode(actor.facts)},' if actor.facts else ""
    roles = "" if actor.roles is None else f',"roles":{_names(tuple(actor.roles))}'
    return f'{{{acting_for}{facts}"id":{quoted(actor.id)}{roles}}}'


def message_text(message: Message, write: Write = encode) -> str:
    """A message as the outbox keeps it."""
    fields = f'"fields":{write(message.fields)},' if message.fields else ""
    texts = ""
    for lang, text in message.text.pairs:
        texts += f",[{quoted(lang)},{quoted(text)}]"
    return (
        f'{{"case":{quoted(message.case)},{fields}"key":{quoted(message.key)},"name":{quoted(message.name)},'
        f'"ordinal":{message.ordinal},"recipient":{quoted(message.recipient)},"text":[{texts[1:]}]}}'
    )


def performance_text(performance: Performance, write: Write = encode) -> str:
    """A host action as the outbox keeps it."""
    arguments = f'"arguments":{write(performance.arguments)},' if performance.arguments else ""
    return (
        f'{{{arguments}"case":{quoted(performance.case)},"key":{quoted(performance.key)},'
        f'"name":{quoted(performance.name)},"ordinal":{performance.ordinal}}}'
    )


# roles and labels of a clock's steps are the same few from one step to the next
@lru_cache(maxsize=1024)
def _names(names: tuple[str, ...]) -> str:
    return f"[{','.join([quoted(name) for name in names])}]"
