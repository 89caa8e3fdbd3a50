"""Contact plans: the rows of a cadence that hold for an account, turned into dated touchpoints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from relflow.program import Asking, Cadence, KeyNode, PlanRow, TouchpointKind, Valued
from relflow.results import Contact, Status, Touchpoint
from relflow.rules.plan_reasons import because_of, missing_facts, moved, no_rhythm
from relflow.rules.schedule import Node, Rhythm, Slot, by_touchpoint, slots
from relflow.text import Text
from relflow.values import Duration

__all__ = ["chosen_rows", "duration_of", "plan_contacts"]


def plan_contacts(
    run: Asking, cadences: Iterable[Cadence], history: Sequence[Contact], at: date, until: date
) -> tuple[Touchpoint, ...]:
    """The contacts of one account from now on, by day.

    `run` is a run over the account's record at `at`, `history` the contacts made so far. A touchpoint whose rhythm is
    unset or unknown comes once, without a day, naming what is missing. Raises FactError for a fact of the wrong type.
    """
    planned = [found for cadence in cadences for found in _cadence(run, cadence, history, at, until)]
    return tuple(sorted(planned, key=lambda t: (t.on is None, t.on or at, t.key)))


def _cadence(run: Asking, cadence: Cadence, history: Sequence[Contact], at: date, until: date) -> Iterator[Touchpoint]:
    counted = by_touchpoint({name: kind.counts_as for name, kind in cadence.touchpoints.items()})
    nodes = [node for key_node in cadence.key_nodes for node in _nodes(run, key_node)]
    planned: list[Touchpoint] = []
    for row, open_names in chosen_rows(run, cadence):
        missing = open_names or row.target.missing(run)
        target = duration_of(row.target.call(run)) if not missing else None
        if target is None:
            planned.append(_without_day(run, cadence, row, missing))
            continue
        at_most = duration_of(row.at_most.call(run)) if row.at_most else None
        rhythm = Rhythm(
            row.touchpoint,
            target,
            at_most,
            counted[row.touchpoint],
            cadence.count_from == "plan",
            cadence.on_non_working_day,
        )
        reasons: dict[tuple[date | None, date | None], Text] = {}
        channel = _channel(run, cadence.touchpoints[row.touchpoint])
        for slot in slots(rhythm, history, nodes, at, until, run.calendar):
            told = slot.since, slot.node.closes if slot.node is not None else None
            reason = reasons.get(told)
            if reason is None:
                reason = reasons[told] = _reason(row, slot, target)
            planned.append(_touchpoint(cadence, row, slot, channel, reason, at))
    return iter(_capped(run, cadence, planned, history, until))


def chosen_rows(run: Asking, cadence: Cadence) -> Iterator[tuple[PlanRow, tuple[str, ...]]]:
    """For each touchpoint the first row that holds; one that something missing leaves open hides those below it."""
    seen: set[str] = set()
    for row, holds, missing in cadence.matches(run):
        if row.touchpoint not in seen:
            seen.add(row.touchpoint)
            yield row, () if holds else missing


def duration_of(value: Any) -> Duration | None:
    """A duration as the calendar counts it, from the value of a literal or of an expression."""
    if value is None or isinstance(value, Duration):
        return value
    return Duration.of_value(value)


def _nodes(run: Asking, key_node: KeyNode) -> Iterator[Node]:
    """The stretches of closer contact that a key node stands for: one, or one for each item of its list."""
    within, often = duration_of(key_node.within.call(run)), key_node.times_as_often.call(run)
    if within is None or often is None:
        return
    for day in _node_days(run, key_node):
        opens = run.calendar.shift(day, within, back=True).day
        yield Node(opens, day, int(often), key_node.because)


def _node_days(run: Asking, key_node: KeyNode) -> Iterator[date]:
    if key_node.of is None:
        found: list[Any] = [run.outcome(key_node.before).value]
    else:
        items = run.outcome(key_node.of).value or []
        found = [item.get(key_node.before) for item in items if isinstance(item, Mapping)]
    for day in found:
        if isinstance(day, datetime):
            yield day.date()
        elif isinstance(day, date):
            yield day


def _channel(run: Asking, kind: TouchpointKind) -> str:
    """How the contact is made; its own name where a decision that chooses the channel does not know."""
    chosen = kind.channel.call(run)
    return chosen if isinstance(chosen, str) else kind.id


def _touchpoint(cadence: Cadence, row: PlanRow, slot: Slot, channel: str, reason: Text, at: date) -> Touchpoint:
    kind = cadence.touchpoints[row.touchpoint]
    return Touchpoint(
        f"{cadence.id}.{kind.id}.{slot.number}",
        kind.id,
        channel,
        _status(slot, at),
        slot.on,
        slot.latest,
        kind.label,
        reason,
        row.source,
        row.number,
        slot.provisional,
    )


def _status(slot: Slot, at: date) -> Status:
    if slot.on > at:
        return "upcoming"
    limit = slot.latest or slot.on
    return "overdue" if limit < at else "due"


def _reason(row: PlanRow, slot: Slot, target: Duration) -> Text:
    further = (row.because, slot.node.because if slot.node else None)
    return because_of(target, slot.since, tuple(text for text in further if text))


def _without_day(run: Asking, cadence: Cadence, row: PlanRow, missing: tuple[str, ...]) -> Touchpoint:
    """A contact whose rhythm nobody has fixed, or that hangs on a missing fact."""
    kind = cadence.touchpoints[row.touchpoint]
    names = ", ".join(missing) or row.target.span.text
    unset = not missing or set(missing) <= set(_names(row.target))
    reason = no_rhythm(names) if unset else missing_facts(names)
    key = f"{cadence.id}.{kind.id}.0"
    status: Status = "unset" if unset else "unknown"
    return Touchpoint(
        key,
        kind.id,
        _channel(run, kind),
        status,
        None,
        None,
        kind.label,
        reason,
        row.source,
        row.number,
        missing=missing,
    )


def _names(valued: Valued) -> tuple[str, ...]:
    return tuple(getattr(valued.code, "reads", ()))


def _capped(
    run: Asking, cadence: Cadence, planned: list[Touchpoint], history: Sequence[Contact], until: date
) -> list[Touchpoint]:
    """The plan with contacts of a capped purpose moved to the first day on which the cap lets them."""
    for purpose, cap in cadence.caps.items():
        count, per = cap.count.call(run), duration_of(cap.per.call(run))
        kinds = {name for name, kind in cadence.touchpoints.items() if kind.purpose == purpose}
        if count is None or per is None:
            continue
        days = sorted(contact.on for contact in history if contact.touchpoint in kinds)
        kept: list[Touchpoint] = []
        for touchpoint in sorted(planned, key=lambda t: (t.on or until, t.key)):
            moved = (
                _allowed(run, touchpoint, days, int(count), per, cadence)
                if touchpoint.touchpoint in kinds
                else touchpoint
            )
            if moved.on is None or moved.on <= until:
                kept.append(moved)
        planned = kept
    return planned


def _allowed(
    run: Asking, touchpoint: Touchpoint, days: list[date], count: int, per: Duration, cadence: Cadence
) -> Touchpoint:
    """The touchpoint on the first day at which fewer than `count` others lie within `per` before it."""
    on = touchpoint.on
    if on is None or count < 1:
        return touchpoint
    while len(days) >= count:
        free = run.calendar.later(days[-count], per)
        if on >= free:
            break
        on = run.calendar.adjusted(free, cadence.on_non_working_day).day
        on = max(on, free)
    days.append(on)
    days.sort()
    return touchpoint if on == touchpoint.on else touchpoint.moved(on, moved(touchpoint.reason, count, per))
