"""Key figures worked out: the items of a period, a value for each group, the goal, and how often in a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from relflow.program import Code, Kpi, Outcome, Program, Run, Streak
from relflow.results import Figure
from relflow.values import YearsMonthsDuration, add, equal

__all__ = ["measure", "period_around", "period_length", "streak_of"]

Item = Mapping[str, Any]
# months are counted from a January, days from a Monday: a month is the calendar's, a week begins on its first day
MONTHS_FROM: Final = date(2000, 1, 1)
DAYS_FROM: Final = date(2000, 1, 3)
DAY: Final = timedelta(days=1)


def period_length(program: Program, kpi: Kpi, day: date) -> timedelta | YearsMonthsDuration | None:
    """How long a period is; None where that is unset, or no whole number of days or months."""
    length = kpi.period.call(Run(program, {}, day)) if kpi.period is not None else None
    if isinstance(length, YearsMonthsDuration):
        return length if length.months > 0 else None
    return length if isinstance(length, timedelta) and length >= DAY and length % DAY == timedelta() else None


def period_around(length: timedelta | YearsMonthsDuration, day: date) -> tuple[date, date]:
    """The first and the last day of the period that a day belongs to."""
    if isinstance(length, YearsMonthsDuration):
        months = (day.year - MONTHS_FROM.year) * 12 + day.month - 1
        before = months - months % length.months
        return _month(before), _month(before + length.months) - DAY
    since = day - (day - DAYS_FROM) % length
    return since, since + length - DAY


def _month(count: int) -> date:
    found = add(MONTHS_FROM, YearsMonthsDuration(count))
    assert isinstance(found, date)
    return date(found.year, found.month, found.day)


def measure(
    program: Program,
    kpi: Kpi,
    items: Iterable[Item],
    since: date,
    until: date,
    states: Mapping[Any, Mapping[str, Any]] | None = None,
) -> tuple[Figure, ...]:
    """A key figure for the period from `since` to `until`, one for each group of items in the order of their values.

    `items` may hold some of other periods; without `at` all count. `states` are those of each group after the period
    before: a group that has one but no item now has a figure too, over no items.
    """
    instant = datetime.combine(until, time.max, program.zone)
    before = states or {}
    groups: dict[Any, list[Item]] = {} if kpi.by is not None else {None: []}
    groups |= {group: [] for group in before}
    for item in items:
        if kpi.at is None or _within(item.get(kpi.at), since, until, program):
            groups.setdefault(_hashable(item.get(kpi.by)) if kpi.by is not None else None, []).append(item)
    return tuple(
        _figure(program, kpi, group, groups[group], (since, until), instant, before.get(group, {}))
        for group in sorted(groups, key=lambda group: (group is None, str(group)))
    )


def _within(value: Any, since: date, until: date, program: Program) -> bool:
    day = value.astimezone(program.zone).date() if isinstance(value, datetime) else value
    return isinstance(day, date) and since <= day <= until


def _hashable(value: Any) -> Any:
    return str(value) if isinstance(value, dict | list) else value


def _figure(
    program: Program,
    kpi: Kpi,
    group: Any,
    items: Sequence[Item],
    period: tuple[date, date],
    instant: datetime,
    before: Mapping[str, Any],
) -> Figure:
    run = Run(program, {}, instant)
    run.assume("items", Outcome(list(items)))
    run.assume("group", Outcome(group))
    value = run.call(kpi.value) if isinstance(kpi.value, Code) else None
    met = _met(run, kpi, value)
    misses, meets = int(before.get("misses", 0)), int(before.get("meets", 0))
    if met is not None:
        misses, meets = (0, meets + 1) if met else (misses + 1, 0)
    name, streaks, count = ("meets", kpi.meets, meets) if met else ("misses", kpi.misses, misses)
    # nothing follows for items that belong to nobody
    counts = met is not None and (kpi.by is None or group is not None)
    follows = tuple((name, place) for place, one in enumerate(streaks) if counts and _full(run, one, count))
    state: dict[str, object] = {
        "since": period[0],
        "until": period[1],
        "group": group,
        "value": value,
        "items": len(items),
        "met": met,
    }
    state |= {"misses": misses, "meets": meets}
    return Figure(kpi.id, group, *period, len(items), value, met, misses, meets, follows, state)


def _met(run: Run, kpi: Kpi, value: Any) -> bool | None:
    """Whether the goal is met; None where there is none, or nothing to compare."""
    if not isinstance(kpi.goal, Code) or value is None:
        return None
    answer = run.strict(kpi.goal, value)
    return answer if isinstance(answer, bool) else None


def _full(run: Run, streak: Streak, count: int) -> bool:
    """Whether so many in a row are complete: at the n-th, and again after n more."""
    wanted = streak.in_a_row.call(run)
    whole = isinstance(wanted, int) or (wanted is not None and equal(wanted, int(wanted)) is True)
    return whole and wanted >= 1 and count > 0 and count % int(wanted) == 0


def streak_of(kpi: Kpi, follow: tuple[str, int]) -> Streak:
    """What falls due, as the policy says it."""
    name, place = follow
    return (kpi.misses if name == "misses" else kpi.meets)[place]
