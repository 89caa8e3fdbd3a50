"""Ways through a workflow: from its opening, whatever people, clocks and conditions can make happen, step by step."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice, product
from typing import Any, Final

from relflow.errors import RefusedError
from relflow.feel import tree
from relflow.feel.types import BOOLEAN, DATE, DATE_TIME, ListType, NumberType, RecordType, StringType, Type
from relflow.program import Code, DurationType
from relflow.program.workflows import Alternative, ClockStep, Formula, Workflow
from relflow.results import Actor, Case, Opening, Roles, Step, Timer, Trigger
from relflow.review.coverage import Goal
from relflow.review.goals import transition_goal
from relflow.workflow import conditions, open_case, step
from relflow.workflow.watching import watched_by

__all__ = ["Move", "Walk", "walks"]

SOME_TEXT: Final = "text"
# so many different cases are tried in one state, with so many combinations of data, and so many in all
PER_STATE: Final = 16
PER_EVENT: Final = 12
IN_ALL: Final = 600


@dataclass(frozen=True, slots=True)
class Move:
    """One line of a script: the opening (no event), an event by somebody, or time that passes to `at`."""

    event: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    role: str | None = None
    who: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """What was done so far, where the case stands, and which transitions happened on the way."""

    moves: tuple[Move, ...]
    case: Case
    timers: tuple[Timer, ...]
    now: datetime
    goals: frozenset[Goal] = frozenset()
    path: tuple[str, ...] = ()


class _Seen:
    """The transitions that a step makes."""

    def __init__(self) -> None:
        self.goals: set[Goal] = set()

    def asked(self, *_: object) -> None:
        """Decisions do not matter here."""

    def happened(self, workflow: Workflow, alternative: Alternative) -> None:
        """An alternative happened."""
        self.goals.add(transition_goal(workflow, alternative))

    def struck(self, workflow: Workflow, clock: str, one: ClockStep) -> None:
        """Steps of clocks are no transitions."""


def walks(workflow: Workflow, facts: Mapping[str, Any], begin: datetime) -> Iterator[Walk]:
    """Every way that makes some transition happen for the first time, shortest first."""
    found: set[Goal] = set()
    waiting = deque(_openings(workflow, facts, begin))
    tried: dict[str, set[Any]] = {}
    for _ in range(IN_ALL):
        if not waiting:
            return
        walk = waiting.popleft()
        if walk.goals - found:
            found |= walk.goals
            yield walk
        known = tried.setdefault(walk.case.state, set())
        mark = _mark(walk)
        if mark in known or len(known) >= PER_STATE:
            continue
        known.add(mark)
        waiting.extend(_onward(workflow, walk, facts))


def _mark(walk: Walk) -> Any:
    """What tells two cases of a state apart."""
    timers = frozenset((timer.clock, timer.step) for timer in walk.timers)
    return repr(sorted(walk.case.data.items(), key=str)), timers, repr(sorted(walk.case.fired_by)), walk.case.owner


def _openings(workflow: Workflow, facts: Mapping[str, Any], begin: datetime) -> Iterator[Walk]:
    required = [name for name, datum in workflow.data.items() if datum.required or datum.when is not None]
    guarded = [name for name in workflow.data if name in _mentioned(workflow) and name not in required]
    role = next(iter(workflow.roles), None)
    for names in (required, [*required, *guarded]):
        for data in _combinations(workflow, names, begin):
            move = Move(None, data, role, role)
            opening = Opening("case", workflow.id, data, "account")
            with suppress(RefusedError):
                planned = open_case(workflow, opening, _actor(move), facts, _roles(move), begin)
                yield _settled(workflow, Walk((move,), planned.case, planned.timers, begin), facts)
        if not guarded:
            return


def _onward(workflow: Workflow, walk: Walk, facts: Mapping[str, Any]) -> Iterator[Walk]:
    """What can happen next: the next timer, then what people can do a minute later."""
    if walk.timers:
        timer = min(walk.timers, key=lambda one: one.due_at)
        at = max(timer.due_at, walk.now)
        trigger = Trigger("timer", f"{timer.clock}:{timer.step}", data={"lap": timer.lap, "due_at": timer.due_at})
        yield from _taken(workflow, replace(walk, now=at), [Move(at=at)], [trigger], facts)
    for event in workflow.states[walk.case.state].events.values():
        for one in event.alternatives:
            if one.signers.system:
                continue
            for data in _combinations(workflow, (*one.needs, *one.may), walk.now):
                for signers in _signers(one, walk.case):
                    moves = [Move(event.id, data, role, who) for role, who in signers]
                    triggers = [Trigger("event", event.id, None, _actor(move), data) for move in moves]
                    yield from _taken(workflow, walk, moves, triggers, facts)


def _signers(one: Alternative, case: Case) -> Iterator[list[tuple[str | None, str | None]]]:
    """Who fires: one person of a role, or one of each where several sign; somebody else where others may not."""
    roles: Sequence[str | None] = one.signers.roles or (None,)
    several = one.signers.mode != "any"
    for suffix in ("", " 2") if one.not_by or several else ("",):
        people = [(role, case.owner if role == "owner" else f"{role or 'somebody'}{suffix}") for role in roles]
        people = [(None if role == "owner" else role, who) for role, who in people if who is not None]
        if several:
            yield [(role, f"{who} {number}") for number, (role, who) in enumerate(people, 1)]
        else:
            yield from ([person] for person in people)


def _taken(
    workflow: Workflow, walk: Walk, moves: Sequence[Move], triggers: Sequence[Trigger], facts: Mapping[str, Any]
) -> Iterator[Walk]:
    """The walk with these moves, if nothing refuses them."""
    seen, case, timers = _Seen(), walk.case, walk.timers
    try:
        with watched_by(seen):
            for move, trigger in zip(moves, triggers, strict=True):
                planned: Step = step(workflow, case, trigger, facts, _roles(move), walk.now)
                case, timers = planned.case, planned.timers
    except RefusedError:
        return
    path = (*walk.path, f"-{moves[0].event or 'time'}→ {case.state}") if case.state != walk.case.state else walk.path
    after = Walk((*walk.moves, *moves), case, timers, walk.now, walk.goals | seen.goals, path)
    yield _settled(workflow, after, facts)


def _settled(workflow: Workflow, walk: Walk, facts: Mapping[str, Any]) -> Walk:
    """The walk after everything that happens by itself."""
    for _ in range(20):
        found = conditions(workflow, walk.case, facts, walk.now)
        seen = _Seen()
        for trigger in found:
            with suppress(RefusedError), watched_by(seen):
                planned = step(workflow, walk.case, trigger, facts, Roles(), walk.now)
                path = (*walk.path, f"-{trigger.name}→ {planned.case.state}")
                walk = Walk(walk.moves, planned.case, planned.timers, walk.now, walk.goals | seen.goals, path)
                break
        else:
            return walk
    return walk


def _actor(move: Move) -> Actor:
    return Actor(move.who or "somebody", (move.role,) if move.role else ())


def _roles(move: Move) -> Roles:
    return Roles(frozenset((move.role,) if move.role else ()))


# -- data --------------------------------------------------------------------------------------------------------------


def _combinations(workflow: Workflow, names: Sequence[str], now: datetime) -> Iterator[dict[str, Any]]:
    """Values for these data; those that a condition mentions take several."""
    read = _mentioned(workflow)
    choices = []
    for name in names:
        if name == "owner":
            choices.append([("owner", "somebody")])
            continue
        values = list(_values(workflow.data[name].type, now))
        values = [*read[name], *values] if name in read else values[:1]
        choices.append([(name, value) for value in values])
    yield from islice((dict(pairs) for pairs in product(*choices)), PER_EVENT)


def _values(type_: Type, now: datetime) -> Iterator[Any]:
    match type_:
        case _ if type_ == BOOLEAN:
            yield from (True, False)
        case StringType():
            yield from type_.allowed or (SOME_TEXT,)
        case NumberType():
            yield 1
        case _ if type_ == DATE:
            yield from (now.date(), now.date() + timedelta(days=30))
        case _ if type_ == DATE_TIME:
            yield now
        case DurationType():
            yield timedelta(days=1)
        case ListType():
            yield [next(_values(type_.item, now))]
        case RecordType():
            yield {name: next(_values(of, now)) for name, of in type_.fields}
        case _:
            yield SOME_TEXT


def _mentioned(workflow: Workflow) -> dict[str, list[Any]]:
    """The data that conditions read, each with the numbers beside which it stands in them."""
    found: dict[str, list[Any]] = {}
    for formula in _conditions(workflow):
        names = [name for name in formula.reads if name in workflow.data]
        numbers: list[Any] = []
        for node in tree.walk(formula.tree) if isinstance(formula, Code) else ():
            if isinstance(node, tree.Number):
                numbers += [node.value, node.value - 1, node.value + 1]
        for name in names:
            wanted = isinstance(workflow.data[name].type, NumberType)
            found.setdefault(name, []).extend(numbers if wanted else [])
    return found


def _conditions(workflow: Workflow) -> Iterator[Formula]:
    for state in workflow.states.values():
        for event in state.events.values():
            yield from (one.when for one in event.alternatives if one.when is not None)
