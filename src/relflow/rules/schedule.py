"""The days of one rhythm of contacts: from the last contact, or from the plan, without drift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import count, takewhile
from typing import Literal

from relflow.calendars import Calendar
from relflow.errors import FactError
from relflow.results import Contact
from relflow.structs import dataclass
from relflow.text import Text
from relflow.values import Duration, DurationKind

__all__ = ["Node", "Rhythm", "Slot", "by_touchpoint", "slots"]

MOST = 1000
Shift = Literal["previous", "next", "unchanged"]


@dataclass(frozen=True, slots=True)
class Node:
    """A stretch of closer contact: from `opens` to `closes`, `often` times as often."""

    opens: date
    closes: date
    often: int
    because: Text | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What one row of the plan says about one touchpoint."""

    touchpoint: str
    target: Duration
    at_most: Duration | None = None
    counted: frozenset[str] = frozenset()
    from_plan: bool = False
    shift: Shift = "unchanged"


@dataclass(frozen=True, slots=True)
class Slot:
    """One planned day. `number` counts from the contacts that were made, `since` is the contact it is counted from."""

    number: int
    on: date
    latest: date | None
    since: date | None
    provisional: bool
    node: Node | None = None


def slots(
    rhythm: Rhythm, history: Sequence[Contact], nodes: Sequence[Node], at: date, until: date, calendar: Calendar
) -> Iterator[Slot]:
    """The planned days up to `until`, the first possibly long before `at` if the contact is overdue."""
    made = sorted(c.on for c in history if c.touchpoint in rhythm.counted and c.on <= at)
    since = made[-1] if made else None
    previous = since
    planned = _days(rhythm, made, nodes, at, calendar)
    for step, (day, node) in enumerate(takewhile(lambda found: found[0] <= until, planned), 1):
        if step > MOST:
            return
        reached = calendar.adjusted(day, rhythm.shift)
        if not made and reached.day < at:
            # nobody could have made a first contact before anybody asked for it
            reached = calendar.adjusted(day, "next")
        provisional = reached.provisional or (rhythm.target.kind is DurationKind.WORKING and _guessed(day, calendar))
        latest = calendar.later(previous, rhythm.at_most) if rhythm.at_most and previous else None
        if reached.day <= until:
            yield Slot(len(made) + step, reached.day, latest, since, provisional, node)
        previous = max(reached.day, at)


def _guessed(day: date, calendar: Calendar) -> bool:
    return calendar.day(day).provisional


def _days(
    rhythm: Rhythm, made: Sequence[date], nodes: Sequence[Node], at: date, calendar: Calendar
) -> Iterator[tuple[date, Node | None]]:
    """The days before a non-working one is moved: an overdue one once, and then on from today."""
    if not made:
        yield at, None
        yield from _run(rhythm, at, nodes, calendar)
        return
    anchor = made[0] if rhythm.from_plan else made[-1]
    run = _run(rhythm, anchor, nodes, calendar)
    if rhythm.from_plan:
        yield from _uncovered(run, made[-1], at)
        return
    first = next(run, None)
    if first is not None:
        yield first
        yield from _run(rhythm, at, nodes, calendar) if first[0] < at else run


def _run(rhythm: Rhythm, anchor: date, nodes: Sequence[Node], calendar: Calendar) -> Iterator[tuple[date, Node | None]]:
    """Anchor plus once, twice, … the target, and within a node the days between as well."""
    previous = anchor
    for times in count(1):
        try:
            day = calendar.later(anchor, rhythm.target, times)
        except FactError:
            return  # beyond the last year that a date can have
        if day <= previous:
            return
        if nodes:
            yield from _between(previous, day, nodes)
        yield day, _node_on(day, nodes)
        previous = day


def _node_on(day: date, nodes: Sequence[Node]) -> Node | None:
    for node in nodes:
        if node.opens <= day <= node.closes:
            return node
    return None


def _between(start: date, end: date, nodes: Sequence[Node]) -> Iterator[tuple[date, Node | None]]:
    """The extra days that a node asks for between two days of the plain rhythm."""
    found: dict[date, Node] = {}
    for node in nodes:
        if node.closes < start or end < node.opens:
            continue
        for part in range(1, node.often):
            day = start + timedelta(days=round((end - start).days * part / node.often))
            if node.opens <= day <= node.closes and start < day < end:
                found.setdefault(day, node)
    yield from sorted(found.items())


def _uncovered(run: Iterator[tuple[date, Node | None]], last: date, at: date) -> Iterator[tuple[date, Node | None]]:
    """The planned days that no contact answers yet; a contact in the half gap before a day answers it."""
    before = last
    waiting: tuple[date, Node | None] | None = None
    for day, node in run:
        answered = day <= last or (before <= last and (day - last) * 2 < day - before)
        if not answered and day >= at:
            if waiting:
                yield waiting
                waiting = None
            yield day, node
        elif not answered:
            waiting = waiting or (day, node)
        before = day


def by_touchpoint(kinds: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    """For each touchpoint the kinds that count for it: itself, and those whose `counts_as` names it."""
    return {
        kind: frozenset({kind, *(other for other, counts_as in kinds.items() if kind in counts_as)}) for kind in kinds
    }
