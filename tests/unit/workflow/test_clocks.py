"""Clocks of cases where workers are late, calendars change and laps repeat."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from relflow.calendars import own_days
from relflow.errors import RefusedError
from relflow.program.workflows import Workflow
from relflow.results import Actor, Case, Opening, Roles, Step, Trigger
from relflow.workflow import ledger, open_case, step
from tests.strategies.workflows import CALENDAR, alternative, clock, event, notify, state, workflow

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
CLERK = Roles(frozenset({"clerk"}), {"boss": ("wang",)})


def flow(within: str = "3 working days") -> Workflow:
    """A clock that runs in `a`, rests in `b` and stops in `c`."""
    return workflow(
        state("a", event("go", alternative("go", "c")), event("rest", alternative("rest", "b"))),
        state("b", event("back", alternative("back", "a")), event("end", alternative("end", "c")), pauses=["reply"]),
        state("c", event("again", alternative("again", "a"))),
        clocks=[clock("reply", "a", ["c"], within, ("50%", (notify("boss"),)), ("due", ()))],
    )


def opened(made: Workflow) -> Case:
    """A case that was just opened."""
    return open_case(made, Opening("K", "matter", {}), None, {}, CLERK, START).case


def fired(made: Workflow, case: Case, name: str, at: datetime) -> Step:
    """An event by a clerk."""
    return step(made, case, Trigger("event", name, actor=Actor("ann")), {}, CLERK, at)


def test_a_clock_that_is_stopped_late_is_breached_though_no_worker_came() -> None:
    """What counts is when the event happened, not whether somebody looked at the timers."""
    made = flow()
    due = datetime(2026, 3, 5, 9, 0, tzinfo=ZONE)

    assert not fired(made, opened(made), "go", due).case.clocks["reply"].breached
    late = fired(made, opened(made), "go", due + timedelta(microseconds=1))
    assert late.case.clocks["reply"].breached
    assert late.entry.clocks["reply"] == {"did": "stop", "lap": 1, "breached": True}


def test_a_clock_that_is_paused_late_stays_breached() -> None:
    """A pause after the due instant does not undo it, and a new lap starts clean."""
    made = flow()
    resting = fired(made, opened(made), "rest", START + timedelta(days=9)).case
    ended = fired(made, resting, "end", START + timedelta(days=10)).case
    again = fired(made, ended, "again", START + timedelta(days=11)).case

    assert [one.clocks["reply"].breached for one in (resting, ended, again)] == [True, True, False]
    assert again.clocks["reply"].lap == 2


def test_a_timer_of_an_earlier_lap_does_nothing() -> None:
    """Its step belongs to a lap that is over."""
    made = flow()
    ended = fired(made, opened(made), "go", START + timedelta(hours=1)).case
    again = fired(made, ended, "again", START + timedelta(hours=2)).case

    with pytest.raises(RefusedError) as caught:
        step(made, again, Trigger("timer", "reply:50%", data={"lap": 1}), {}, CLERK, START + timedelta(days=30))
    assert (caught.value.reason, caught.value.details["early"]) == ("timer", False)


def test_a_published_calendar_moves_open_clocks_in_a_step_of_its_own() -> None:
    """The due instant is derived anew; what already happened stays and is noted with the instant it went by."""
    made = flow()
    case = opened(made)
    half = step(made, case, Trigger("timer", "reply:50%", data={"lap": 1}), {}, CLERK, START + timedelta(days=2)).case
    closed = replace(made, calendar=CALENDAR.with_days(own_days(closed=[date(2026, 3, 4)])))
    after = step(closed, half, Trigger("admin", "recompute"), {}, CLERK, START + timedelta(days=2))

    assert half.clocks["reply"].due_at == datetime(2026, 3, 5, 9, 0, tzinfo=ZONE)
    assert after.case.clocks["reply"].due_at == datetime(2026, 3, 6, 9, 0, tzinfo=ZONE)
    assert [one.due_at for one in after.timers] == [datetime(2026, 3, 6, 9, 0, tzinfo=ZONE)]
    assert after.entry.findings == ("corrected:reply:2026-03-05T09:00:00+08:00",)
    assert after.messages == ()


def test_a_calendar_that_changes_nothing_leaves_no_trace() -> None:
    """A recomputation with the same answer records no clock."""
    made = flow()
    after = step(made, opened(made), Trigger("admin", "recompute"), {}, CLERK, START)

    assert (after.entry.clocks, after.entry.findings) == ({}, ())


def test_a_pause_owes_what_is_left() -> None:
    """Half a working day used and half of it left, whatever weekend lies between."""
    made = flow("8 working hours")
    resting = fired(made, opened(made), "rest", START + timedelta(hours=3)).case
    back = fired(made, resting, "back", START + timedelta(days=5, hours=1)).case

    assert resting.clocks["reply"].due_at is None
    # three hours of eight are used; from Saturday on, five are left: Monday until lunch and two hours after it
    assert back.clocks["reply"].due_at == datetime(2026, 3, 9, 15, 30, tzinfo=ZONE)
    account = ledger(made, back, "reply")
    assert account is not None
    assert [entry.why.text() for entry in account.entries if not entry.counted][:1] == ["paused"]


def test_a_longer_duration_of_another_kind_is_no_pause_of_it() -> None:
    """Months and exact hours run through nights and weekends."""
    assert opened(flow("1 month")).clocks["reply"].due_at == datetime(2026, 4, 2, 9, 0, tzinfo=ZONE)
    assert opened(flow("30 hours")).clocks["reply"].due_at == datetime(2026, 3, 3, 15, 0, tzinfo=ZONE)
