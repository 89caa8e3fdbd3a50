"""Events: their alternatives in order, who may fire them, what they need, where they lead."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from relflow.compiler.workflows_effects import compile_actions
from relflow.compiler.workflows_flow import OWNER, Flow
from relflow.compiler.world import ids, label
from relflow.diagnostics import Message, Severity
from relflow.feel.types import NUMBER, STRING, RecordType, Type
from relflow.model import By, Transition
from relflow.model import Event as EventModel
from relflow.program.workflows import Alternative, Event, Signers
from relflow.text import Text

__all__ = ["SYSTEM", "compile_event", "key_of"]

SYSTEM = "system"

BY_AND_AFTER = Message.of(
    "contradiction",
    Severity.ERROR,
    "an event with `after` happens by itself; nobody fires it",
    "带 `after` 的事件会自动发生，不由任何人操作",
    "remove `by`, or make two alternatives of it",
    "去掉 `by`，或拆成两个分支",
)
SYSTEM_NEEDS_WHEN = Message.of(
    "contradiction",
    Severity.ERROR,
    "an event by the system happens as soon as its `when` is true, and this one has none",
    "由系统触发的事件在 `when` 成立时发生，这里没有写 `when`",
    "add a `when`, or `after` with a duration",
    "补上 `when`，或用 `after` 写明时长",
)
SYSTEM_STAYS = Message.of(
    "contradiction",
    Severity.ERROR,
    "an event by the system that stays in `{state}` would happen again and again",
    "由系统触发的事件停留在 `{state}`，会不断重复发生",
    "let it lead to another state",
    "让它转到另一个状态",
)
BY_NOBODY = Message.of(
    "empty-list",
    Severity.ERROR,
    "`by` lists no role: nobody could fire this event",
    "`by` 没有列出角色，没有人能触发该事件",
    "name a role, or leave `by` out where any of them may",
    "写明角色；任何角色都可以触发时去掉 `by`",
)
SYSTEM_WITH_OTHERS = Message.of(
    "contradiction",
    Severity.ERROR,
    "`system` stands alone: people and the system are two alternatives",
    "`system` 只能单独出现：人工操作和系统触发应分成两个分支",
    "write an outcome for people and another one with `by: [system]`",
    "分成两个分支：一个由人员触发，一个写 `by: [system]`",
)


def key_of(event: str, number: int) -> str:
    """The name of an alternative within its workflow: the event, with a number from the second one on."""
    return event if number == 0 else f"{event}#{number}"


def compile_event(flow: Flow, event: EventModel, group: str, *, place: str = "", everywhere: bool = False) -> Event:
    """An event that was written in `group`; `place` is the state or group whose event it is, "" for everywhere."""
    alternatives = tuple(
        _alternative(flow, event, one, number, group, place)
        for number, one in zip(count(), event.alternatives, strict=False)
    )
    text = label(event) or Text.of(event.name)
    return Event(event.name, text, event.id.span, alternatives, ids(event.source), everywhere)


def _alternative(flow: Flow, event: EventModel, one: Transition, number: int, group: str, place: str) -> Alternative:
    targets = flow.state(one.to, group) if one.to is not None else ()
    known = (*flow.data, OWNER)
    needs = flow.all_known("datum", one.needs, known)
    may = flow.all_known("datum", one.may, known)
    names: Mapping[str, Type] = {"event": _brought(flow, (*needs, *may))}
    signers = _signers(flow, one)
    if signers.system and one.after is None:
        _self_firing(flow, one, targets, place)
    return Alternative(
        key=key_of(event.name, number),
        span=one.span,
        target=targets[0] if targets else None,
        signers=signers,
        when=flow.condition(one.when, names) if one.when is not None else None,
        not_by=flow.all_known("event", one.not_by, flow.events),
        needs=needs,
        may=may,
        actions=compile_actions(flow, one.do, names),
        label=label(one),
        source=ids(one.source),
        takes=frozenset((*needs, *may)),
        timed=one.after is not None,
    )


def _brought(flow: Flow, names: tuple[str, ...]) -> RecordType:
    """The type of `event`: the data that may come with it."""
    fields = [(name, flow.data[name].type if name in flow.data else STRING) for name in dict.fromkeys(names)]
    return RecordType(tuple(fields), "event")


def _self_firing(flow: Flow, one: Transition, targets: tuple[str, ...], place: str) -> None:
    if one.when is None:
        flow.report(SYSTEM_NEEDS_WHEN.at(one.span))
    here = flow.leaves.get(place, ())
    if not targets or targets[0] in here:
        flow.report(SYSTEM_STAYS.at(one.span, state=place or (targets[0] if targets else "")))


def _signers(flow: Flow, one: Transition) -> Signers:
    by = one.by
    if one.after is not None:
        if by is not None and [role.text for role in by.roles] != [SYSTEM]:
            flow.report(BY_AND_AFTER.at(by.span))
        return Signers((), system=True)
    if by is None:
        return Signers((*flow.roles, OWNER) if flow.roles else (), declared=False)
    if any(role.text == SYSTEM for role in by.roles):
        if len(by.roles) > 1 or by.every or by.at_least is not None:
            flow.report(SYSTEM_WITH_OTHERS.at(by.span))
        return Signers((), system=True)
    if not by.roles:
        flow.report(BY_NOBODY.at(by.span))
    roles = flow.all_known("role", by.roles, (*flow.roles, OWNER, SYSTEM))
    if by.every:
        return Signers(roles, "all")
    return _at_least(flow, by, roles) if by.at_least is not None else Signers(roles)


def _at_least(flow: Flow, by: By, roles: tuple[str, ...]) -> Signers:
    assert by.at_least is not None
    return Signers(roles, "at_least", flow.value(by.at_least, NUMBER))
