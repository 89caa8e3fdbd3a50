"""When an obligation falls due for one subject: what its state and its facts say on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from relflow.calendars import FESTIVALS, festivals_between, yearly
from relflow.program import Code, Obligation, Run, Valued
from relflow.values import Duration, WorkingDuration, add

__all__ = ["Occasion", "occasion", "wanted"]

AHEAD: Final = timedelta(days=800)
State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What came of a look: `name` is the occasion that falls due, None if none does; `state` is to be kept.

    `due` is the day on which it fell due, None where that is not known.
    """

    name: str | None
    state: State
    due: date | None = None


def wanted(duty: Obligation, run: Run) -> bool:
    """Whether its filter lets the subject through; one that is open does not."""
    return duty.when is None or (isinstance(duty.when, Code) and run.call(duty.when) is True)


def occasion(duty: Obligation, run: Run, state: State, watched: date, *, lunar: bool = False) -> Occasion:
    """Look at an obligation on the run's day; `watched` is the day of the look before, or today.

    A `lunar` yearly day is kept by the Chinese calendar.
    """
    today = run.day
    assert today is not None
    if duty.trigger == "every":
        return _every(duty, run, state, today)
    if duty.trigger == "becomes":
        return _becomes(duty, run, state)
    days = _days(duty, run, watched, today + AHEAD, lunar=lunar)
    return _dated(duty, run, state, today, days)


def _every(duty: Obligation, run: Run, state: State, today: date) -> Occasion:
    """So long after the last time, or after the subject was first seen; what was missed meanwhile happens once."""
    if "last" not in state:
        return Occasion(None, {"last": today})
    length = duty.target.call(run) if duty.target is not None else None
    last, due = state["last"], _shift(run, state["last"], length)
    if due is None or due <= last or due > today or not wanted(duty, run):
        return Occasion(None, state)
    while (following := _shift(run, due, length)) is not None and due < following <= today:
        due = following
    return Occasion(due.isoformat(), {"last": due}, due)


def _becomes(duty: Obligation, run: Run, state: State) -> Occasion:
    """When the condition turns true; it is armed again when it turns false, and what is open changes nothing."""
    holds = run.strict(duty.becomes) if isinstance(duty.becomes, Code) else None
    before, turns = bool(state.get("holds")), int(state.get("turns", 0))
    if holds is None or holds == before or (holds and not wanted(duty, run)):
        return Occasion(None, state)
    if not holds:
        return Occasion(None, {"holds": False, "turns": turns})
    return Occasion(f"turn {turns + 1}", {"holds": True, "turns": turns + 1})


def _dated(duty: Obligation, run: Run, state: State, today: date, days: Iterable[date]) -> Occasion:
    """The first day whose lead has begun and that was neither served nor over before anybody watched."""
    last: date | None = state.get("last")
    for day in days:
        due = _shift(run, day, _length(duty.before, run), back=True)
        if due is not None and duty.after is not None:
            due = _shift(run, due, _length(duty.after, run))
        if due is None or due > today or (last is not None and day <= last):
            continue
        if wanted(duty, run):
            return Occasion(day.isoformat(), {"last": day}, due)
    return Occasion(None, state)


def _days(duty: Obligation, run: Run, start: date, end: date, *, lunar: bool) -> Iterator[date]:
    """The days that the obligation is about, in order."""
    if duty.trigger == "festival":
        yield from sorted({day for one in _festivals(duty, run) for day in festivals_between(one, start, end)})
        return
    item = run.values.get("item") if duty.subject == "list" else run.record
    value = item.get(duty.day or "") if isinstance(item, Mapping) else None
    base = value.date() if isinstance(value, datetime) else value
    if not isinstance(base, date):
        return
    if duty.trigger == "yearly":
        yield from sorted(yearly(base, lunar_calendar=lunar).between(start, end))
    elif start <= base <= end:
        yield base


def _festivals(duty: Obligation, run: Run) -> Iterator[str]:
    """The festivals that are named, those of lists that the policy or the company's file gives among them."""
    for one in duty.festivals:
        found = run.call(one) if isinstance(one, Code) else one
        for name in found if isinstance(found, list | tuple) else (found,):
            if name in FESTIVALS:
                yield name


def _length(rate: Valued | None, run: Run) -> Any:
    return timedelta() if rate is None else rate.call(run)


def _shift(run: Run, day: date, length: Any, *, back: bool = False) -> date | None:
    """The day so much later or earlier; None where the length is unset."""
    if length is None:
        return None
    if isinstance(length, WorkingDuration):
        return run.calendar.shift(day, Duration.of_value(length), back=back).day
    moved = add(day, -length if back else length)
    return moved if isinstance(moved, date) else None
