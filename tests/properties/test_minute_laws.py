"""Clocks beside a model that counts every minute by itself: pauses, split shifts, holidays, a limit that changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from relflow.calendars import Calendar, ClockRule, build_calendar
from relflow.values import Duration

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
HOURS = ("09:00-12:00, 13:30-18:00", "08:00-20:00", "07:30-09:00, 11:00-11:30, 14:00-19:45")
# two weeks around Spring Festival 2026, with its shifted working days
FIRST = datetime(2026, 2, 10, tzinfo=ZONE)
moments = st.integers(0, 14 * 24 * 60)
stretches = st.lists(st.integers(1, 2000), max_size=5)
limits = st.integers(1, 3000)


@cache
def calendar(hours: str) -> Calendar:
    """The calendar of China with these opening hours."""
    return build_calendar(country="CN", hours=hours, timezone="Asia/Shanghai")


@cache
def shifts(hours: str) -> frozenset[int]:
    """The minutes of a day that are open, read from the text by hand."""
    found: set[int] = set()
    for span in hours.split(", "):
        begin, end = (int(part[:2]) * 60 + int(part[3:]) for part in span.split("-"))
        found.update(range(begin, end))
    return frozenset(found)


@cache
def opened(hours: str) -> tuple[bool, ...]:
    """For every minute from the first day on, whether somebody works in it."""
    days = [(FIRST + timedelta(days=number)).date() for number in range(60)]
    return tuple(
        calendar(hours).day(day).works and minute in shifts(hours) for day in days for minute in range(24 * 60)
    )


def due_by_hand(hours: str, begin: int, runs: list[int], limit: int) -> datetime | None:
    """The end of the minute in which the allowed minutes are used up; None where the clock holds before that.

    `runs` are the lengths of running and holding by turns; the clock goes on as it was after the last one.
    """
    now, counted, holds = begin, 0, False
    for length in [*runs, 30 * 24 * 60]:
        for _ in range(length):
            if counted == limit:
                return FIRST + now * MINUTE
            counted += not holds and opened(hours)[now]
            now += 1
        holds = not holds
    return FIRST + now * MINUTE if counted == limit else None


def played(rule: ClockRule, start: datetime, runs: list[int]) -> tuple[object, datetime]:
    """The clock after running and holding by turns, and the instant then."""
    state, now = rule.start(start), start
    for number, length in enumerate(runs):
        now += length * MINUTE
        state = rule.resume(state, now) if number % 2 else rule.pause(state, now)
    return state, now


def minutes(count: int) -> Duration:
    """So many working minutes."""
    return Duration.of(f"{count} working minutes")


@given(st.sampled_from(HOURS), moments, stretches, limits)
def test_a_clock_is_due_when_its_minutes_are_counted(hours: str, begin: int, runs: list[int], limit: int) -> None:
    """Holidays, shifted days, lunch and pauses count as the model counts them, to the minute."""
    start = FIRST + begin * MINUTE
    rule = ClockRule(minutes(limit), calendar(hours))
    state, _ = played(rule, start, runs)

    assert rule.due_at(state) == due_by_hand(hours, begin, runs, limit)  # type: ignore[arg-type]


@given(st.sampled_from(HOURS), moments, stretches, limits, st.integers(1, 3000))
def test_a_limit_that_changes_underway_owes_what_is_left(
    hours: str, begin: int, runs: list[int], limit: int, later: int
) -> None:
    """The time that has passed counts against the new limit: due as if it had held from the start."""
    start = FIRST + begin * MINUTE
    before, after = (ClockRule(minutes(count), calendar(hours)) for count in (limit, later))
    state, _ = played(before, start, runs)

    assert after.due_at(after.recounted(state)) == due_by_hand(hours, begin, runs, later)  # type: ignore[arg-type]


@given(st.sampled_from(HOURS), st.sampled_from(HOURS), moments, stretches, limits)
def test_a_calendar_that_changes_underway_is_counted_anew(
    hours: str, others: str, begin: int, runs: list[int], limit: int
) -> None:
    """Recomputed under other hours, the clock is due as if they had held from the start."""
    start = FIRST + begin * MINUTE
    state, _ = played(ClockRule(minutes(limit), calendar(hours)), start, runs)
    rule = ClockRule(minutes(limit), calendar(others))

    assert rule.due_at(rule.recounted(state)) == due_by_hand(others, begin, runs, limit)  # type: ignore[arg-type]
