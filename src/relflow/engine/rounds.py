"""How often who is looked at: everybody once a day, and what says `check_every` in a rhythm of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from relflow.engine.core import Core
from relflow.engine.duties import MARK, Duty
from relflow.engine.subjects import Source, by_subject
from relflow.program import Run
from relflow.program.workflows import Workflow
from relflow.rules import period_around
from relflow.values import YearsMonthsDuration

__all__ = ["SWEEP", "Round", "rounds"]

SWEEP: Final = f"{MARK}sweep"
# shorter ones would never end where there are many subjects
SHORTEST: Final = timedelta(minutes=1)
BASE: Final = date(2000, 1, 3)


@dataclass(frozen=True, slots=True)
class Round:
    """One look at these sources, begun at `begin`; the next one begins at `next_at`. `name` is where it is kept.

    One that comes only once has no next one, and `content` says under which policy and calendar it comes.
    """

    name: str
    begin: datetime
    next_at: datetime | None
    sources: tuple[Source, ...]
    content: str | None = None


def rounds(core: Core, tenant: str, now: datetime) -> Iterator[Round]:
    """The rounds that are under way now, the daily one first. `now` is in the policy's time zone.

    Open cases are looked at once more under every other policy and calendar: a published year, a changed parameter.
    """
    yield from _recount(core, tenant, now)
    today = datetime.combine(now.date(), time(), now.tzinfo)
    duties = [one for one in core.duties(tenant).values() if one.flow and one.obligation.trigger != "event"]
    flows = [flow for flow in core.program(tenant).workflows.values() if _moves_itself(flow)]
    every: dict[Any, tuple[list[Duty], list[Workflow]]] = {None: ([], [])}
    for duty in duties:
        every.setdefault(_every(duty, core, tenant, now), ([], []))[0].append(duty)
    for flow in flows:
        every.setdefault(_every(flow, core, tenant, now), ([], []))[1].append(flow)
    for length, (some, moving) in every.items():
        sources = (*_levels(core, tenant, daily=length is None), *by_subject(some), *map(_watched, moving))
        if not sources:
            continue
        if length is None:
            yield Round(SWEEP, today, datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo), sources)
        else:
            yield Round(f"{SWEEP} {_named(length)}", *_slot(length, now), sources)


def _recount(core: Core, tenant: str, now: datetime) -> Iterator[Round]:
    program = core.program(tenant)
    clocked = [flow for flow in program.workflows.values() if flow.clocks]
    if clocked:
        content = hashlib.sha256(f"{program.digest} {program.calendar.digest}".encode()).hexdigest()[:16]
        begin = datetime.combine(BASE, time(), now.tzinfo)
        yield Round(f"{MARK}recount", begin, None, tuple(map(_watched, clocked)), content)


def _levels(core: Core, tenant: str, *, daily: bool) -> tuple[Source, ...]:
    """Accounts whose levels are reviewed: before anything reads them."""
    return (Source("levels", ()),) if daily and core.program(tenant).schemes and core.knows_accounts else ()


def _watched(flow: Workflow) -> Source:
    return Source("watch", (), flow.id)


def _moves_itself(flow: Workflow) -> bool:
    """Whether something may change in a case of it without a step: a condition turns true, a clock's duration moves."""
    return any(clock.renews for clock in flow.clocks.values()) or any(
        one.signers.system and not one.timed and one.when is not None
        for state in flow.states.values()
        for event in state.events.values()
        for one in event.alternatives
    )


def _every(one: Duty | Workflow, core: Core, tenant: str, now: datetime) -> Any:
    """The rhythm that its author gave it, None for once a day; what is unset is once a day."""
    run = Run(core.program(tenant), {}, now)
    if isinstance(one, Duty):
        found = one.obligation.check_every.call(run) if one.obligation.check_every is not None else None
    elif one.check_every is None:
        found = None
    else:
        values = [_expected(one, name, run) for name in one.check_every.reads]
        found = one.check_every.call(now, *values)
    if isinstance(found, YearsMonthsDuration):
        return found if found.months > 0 else None
    return max(found, SHORTEST) if isinstance(found, timedelta) else None


def _expected(flow: Workflow, name: str, run: Run) -> object:
    expected = flow.expects.get(name)
    if expected is None:
        return None
    return run.outcome(name).value if expected.origin == "policy" else expected.default


def _slot(length: Any, now: datetime) -> tuple[datetime, datetime]:
    """When the present stretch of that length began, and when it ends; all workers count alike."""
    if isinstance(length, YearsMonthsDuration):
        first, last = period_around(length, now.date())
        begin, end = (datetime.combine(day, time(), now.tzinfo) for day in (first, last + timedelta(days=1)))
        return begin, end
    base = datetime.combine(BASE, time(), now.tzinfo).astimezone(UTC)
    begin = base + (now.astimezone(UTC) - base) // length * length
    return begin.astimezone(now.tzinfo), (begin + length).astimezone(now.tzinfo)


def _named(length: Any) -> str:
    return f"P{length.months}M" if isinstance(length, YearsMonthsDuration) else f"{int(length.total_seconds())}s"
