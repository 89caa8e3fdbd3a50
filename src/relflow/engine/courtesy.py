"""Before a message goes out: approval, quiet hours, a channel's limits, and which personal values it may show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from relflow.engine.context import Context
from relflow.engine.core import Core
from relflow.engine.duties import MARK
from relflow.errors import ConflictError
from relflow.program import Channel, Run
from relflow.program.channels import quiet_hours, quiet_until
from relflow.program.workflows import Template, Workflow
from relflow.results import Case, Failed, Message, Outgoing, Recipient, StandingRecord
from relflow.stores import HELD, StoreUnit
from relflow.values import add
from relflow.workflow import wording

__all__ = ["APPROVAL", "Later", "considered", "template_of", "verdict_key", "worded"]

APPROVAL: Final = f"{MARK}approval"
RETRY: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Later:
    """The message may not go out now; it is looked at again at `at`."""

    at: datetime


def verdict_key(key: str) -> str:
    """Under whose name the verdict on a message is kept."""
    return f"{MARK}message {key}"


@contextmanager
def _using(core: Core, tenant: str, unit: StoreUnit | None, *, write: bool = False) -> Iterator[StoreUnit]:
    """The open transaction, or one of our own."""
    if unit is not None:
        yield unit
        return
    with core.store.unit(tenant, write=write) as fresh:
        yield fresh


def template_of(
    core: Core, tenant: str, message: Message, unit: StoreUnit | None = None
) -> tuple[Case, Workflow, Template] | None:
    """The template that a message was made from, with its case; None for a notification without a text of its own."""
    with _using(core, tenant, unit) as reading:
        held = reading.read((message.case,)).cases.get(message.case)
        if held is None:
            return None
        flow = core.definition(held.case, reading)
    found = next((one for one in _templates(flow) if one.id == message.name), None)
    return None if found is None else (held.case, flow, found)


def _templates(flow: Workflow) -> Iterator[Template]:
    for state in flow.states.values():
        for event in state.events.values():
            for one in event.alternatives:
                yield from (action.message for action in one.actions if action.message is not None)
    for clock in flow.clocks.values():
        for step in clock.steps:
            yield from (action.message for action in step.actions if action.message is not None)


def considered(
    core: Core, tenant: str, message: Message, recipient: Recipient, unit: StoreUnit | None = None
) -> Later | Failed | None:
    """Why a message does not go out now: it waits, or is held or refused for good; None where it may go."""
    found = template_of(core, tenant, message, unit)
    template = None if found is None else found[2]
    if template is not None and template.approval is not None:
        with _using(core, tenant, unit) as reading:
            record = reading.standings(APPROVAL, [verdict_key(message.key)]).get(verdict_key(message.key))
        verdict = "" if record is None else record.state.get("verdict")
        if verdict == "refused":
            return Failed("refused before sending", retry=False)
        if verdict != "released":
            return Failed(f"{HELD}{template.approval}", retry=False)
    channel = core.program(tenant).channels.get(recipient.channel)
    if channel is None or (template is not None and template.urgent):
        return None
    now = core.instants.stamp(tenant)
    return _quiet(core, tenant, channel, recipient, now) or _limited(core, tenant, channel, message, now, unit)


def _quiet(core: Core, tenant: str, channel: Channel, recipient: Recipient, now: datetime) -> Later | None:
    """The end of the quiet hours, by the recipient's clock or the policy's."""
    zone = core.program(tenant).zone
    if recipient.timezone is not None:
        # a zone that nobody knows leaves the policy's
        with suppress(ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo(recipient.timezone)
    hours = quiet_hours(channel.quiet.call(Run(core.program(tenant), {}, now))) if channel.quiet is not None else None
    until = quiet_until(hours, now.astimezone(zone)) if hours is not None else None
    return None if until is None else Later(until)


def _limited(
    core: Core, tenant: str, channel: Channel, message: Message, now: datetime, unit: StoreUnit | None
) -> Later | None:
    """Take one of the recipient's places for this message, or say when the next one is free."""
    run = Run(core.program(tenant), {}, now)
    count = channel.count.call(run) if channel.count is not None else None
    length = channel.per.call(run) if channel.per is not None else None
    if count is None or length is None:
        return None
    name, key = f"{MARK}channel {channel.id}", f"{MARK}to {message.recipient}"
    try:
        with _using(core, tenant, unit, write=True) as writing:
            record = writing.standings(name, [key]).get(key)
            places = _places(record, length, now)
            if any(one == message.key for one, _ in places):
                return None  # an earlier attempt took it
            if len(places) >= int(count):
                return Later(_end(places[-int(count)][1], length) if count >= 1 else now + timedelta(days=1))
            state = {"sent": [*map(list, places), [message.key, now]]}
            writing.stand(StandingRecord(key, name, state, now, 0 if record is None else record.version))
    except ConflictError:
        return Later(now + RETRY)  # somebody writes to the same person at this moment
    return None


def _places(record: StandingRecord | None, length: Any, now: datetime) -> list[tuple[str, datetime]]:
    """What went to the recipient within the last stretch of that length, oldest first."""
    sent: Any = [] if record is None else record.state.get("sent", [])
    return [(key, at) for key, at in sent if _end(at, length) > now]


def _end(at: datetime, length: Any) -> datetime:
    moved = add(at, length)
    return moved if isinstance(moved, datetime) else at


def worded(
    core: Core,
    tenant: str,
    message: Message,
    recipient: Recipient,
    outgoing: Outgoing,
    unit: StoreUnit | None = None,
) -> Outgoing:
    """The message with its personal values where it asks for them and the channel may carry them; without elsewhere."""
    found = template_of(core, tenant, message, unit)
    if found is None:
        return outgoing
    case, flow, template = found
    private = core.personal(tenant, flow)
    fields: Mapping[str, object] = {name: value for name, value in message.fields.items() if name not in private}
    channel = core.program(tenant).channels.get(recipient.channel)
    if not (template.personal and channel is not None and channel.personal):
        return replace(outgoing, fields=fields)
    now = max(core.instants.stamp(tenant), case.updated_at)
    context = Context(core.plugins, tenant, core.program(tenant), now)
    facts = context.facts(case.account, flow)
    with _using(core, tenant, unit) as reading:
        standings = context.standings(case.account, reading)
    text = wording(flow, case, template, {**message.fields}, facts, now, standings=standings)
    return replace(outgoing, fields=fields, text=text.text(recipient.lang))
