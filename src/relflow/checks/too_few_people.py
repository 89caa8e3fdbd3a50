"""`too-few-people`: an event that asks for more different people than hold its roles, or for one who may not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from relflow.checks.paths import sound
from relflow.diagnostics import Diagnostic, Message, Severity, Span
from relflow.program import Program
from relflow.program.workflows import Alternative, Workflow

__all__ = ["check_people"]

TOO_FEW = Message.of(
    "too-few-people",
    Severity.WARNING,
    "`{event}` of `{workflow}` asks for {wanted} different people, but its roles are held by {people} alone",
    "`{workflow}` 的 `{event}` 需要 {wanted} 个不同的人，而其角色只由 {people} 担任",
    "name more members of these roles, or ask for fewer signatures",
    "为这些角色补充成员，或减少所需人数",
)
SAME = Message.of(
    "too-few-people",
    Severity.WARNING,
    "`{event}` of `{workflow}` is not for whoever fires `{other}`, and {people} alone may fire either",
    "`{workflow}` 的 `{event}` 不能由 `{other}` 的操作人执行，而两者都只有 {people} 能执行",
    "name another member of one of the roles, or remove `not_by`",
    "为其中一个角色补充成员，或去掉 `not_by`",
)
NOBODY = Message.of(
    "too-few-people",
    Severity.WARNING,
    "nobody can hold `{role}`: its members are roles that lead back to it",
    "没有人能担任 `{role}`：其成员都是又指回它自身的角色",
    "name a person, or a role that somebody holds",
    "写明具体人员，或有人担任的角色",
)


def check_people(program: Program) -> Iterator[Diagnostic]:
    """Roles that lead round in a circle, and events that their people are too few for."""
    for role in program.roles.values():
        if people_of(program, role.id) == frozenset():
            yield NOBODY.at(role.span, role=role.id)
    for workflow in sound(program):
        seen: set[Span] = set()
        for state in workflow.states.values():
            for event in state.events.values():
                for one in event.alternatives:
                    if one.span not in seen:
                        seen.add(one.span)
                        yield from _short(program, workflow, event.id, one)


def _short(program: Program, workflow: Workflow, event: str, one: Alternative) -> Iterator[Diagnostic]:
    people = _together(program, one.signers.roles)
    if people is None or not people or one.signers.system:
        return
    wanted = _wanted(one)
    if len(people) < wanted:
        yield TOO_FEW.at(one.span, event=event, workflow=workflow.id, wanted=wanted, people=tuple(sorted(people)))
        return
    for other in one.not_by:
        before = _together(program, _roles_of(workflow, other))
        if len(people) == 1 and before == people:
            yield SAME.at(one.span, event=event, workflow=workflow.id, other=other, people=tuple(people))


def _wanted(one: Alternative) -> int:
    """How many different people an alternative asks for, as far as the policy fixes it."""
    signers = one.signers
    if signers.mode == "all":
        return len(signers.roles)
    if signers.mode == "at_least" and signers.count is not None and not signers.count.reads:
        count = signers.count.call(None)
        return int(count) if isinstance(count, int) else 1
    return 1


def _roles_of(workflow: Workflow, event: str) -> tuple[str, ...]:
    """Every role that may fire an event somewhere."""
    found = (state.events[event] for state in workflow.states.values() if event in state.events)
    return tuple(dict.fromkeys(role for one in found for way in one.alternatives for role in way.signers.roles))


def _together(program: Program, roles: Iterable[str]) -> frozenset[str] | None:
    """The people who hold some of the roles; None where only the host knows."""
    found: frozenset[str] = frozenset()
    for role in roles:
        people = people_of(program, role)
        if people is None:
            return None
        found |= people
    return found


def people_of(program: Program, role: str, above: frozenset[str] = frozenset()) -> frozenset[str] | None:
    """Who holds a role, as far as the policy alone says so; None where the host has to tell."""
    declared = program.roles.get(role)
    if declared is None or declared.from_ is not None:
        return None
    members = [one for one in (declared.lead, *declared.members) if one is not None]
    if not members:
        return None
    found: frozenset[str] = frozenset()
    for member in members:
        if member in above or member == role:
            continue
        if member not in program.roles:
            found |= {member}
            continue
        people = people_of(program, member, above | {role})
        if people is None:
            return None
        found |= people
    return found
