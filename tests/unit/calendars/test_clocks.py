"""Clocks against hand-worked scripts, and what a state and a rule keep."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from relflow.calendars import Calendar, ClockRule, ClockState, StepAt, own_days, read_step, total
from relflow.errors import FactError
from relflow.values import Duration, Refusal
from tests.strategies.calendars import CALENDARS, local, read_cases

LUNCH = CALENDARS["lunch"]


def within(text: str, calendar: Calendar) -> Duration | date | datetime | None:
    """What a clock of a case measures."""
    kind, _, rest = text.partition(" ")
    if kind == "date":
        return date.fromisoformat(rest)
    if kind == "instant":
        return local(rest, calendar.zone)
    return None if kind == "unset" else Duration.of(text)


def played(rule: ClockRule, events: list[str]) -> ClockState:
    """The state after a script of events."""
    state = ClockState()
    for event in events:
        verb, at = event.split()
        now = local(at, rule.calendar.zone)
        state = rule.start(now, state) if verb == "start" else getattr(rule, verb)(state, now)
    return state


def instant(at: datetime | None) -> str:
    """A due instant as the cases write it."""
    return at.replace(tzinfo=None).isoformat(timespec="minutes") if at else "none"


def step(text: str) -> StepAt:
    """A step that can be read."""
    found = read_step(text)
    assert isinstance(found, StepAt)
    return found


@pytest.mark.parametrize("case", read_cases("clocks.yaml"), ids=lambda case: case["it"])
def test_a_clock(case: dict[str, Any]) -> None:
    """A clock is due, steps, counts and explains itself as was worked out by hand."""
    calendar = CALENDARS[case["calendar"]]
    rule = ClockRule(within(case["within"], calendar), calendar)
    state = played(rule, case["events"])
    due = rule.due(state)

    assert instant(due.at if due else None) == case["due"]
    assert (due.provisional if due else False) is (case.get("provisional") == "true")
    for text, expected in case.get("steps", {}).items():
        found = rule.step(state, step(text))
        assert (text, instant(found.at if found else None)) == (text, expected)
    for lang, lines in case.get("ledger", {}).items():
        assert [entry.text(lang) for entry in rule.ledger(state)] == lines
    if "status" in case:
        assert state.status == case["status"]
    if "lap" in case:
        assert str(state.lap) == case["lap"]
    for name in ("consumed", "remaining"):
        if name in case:
            at, expected = case[name]
            assert getattr(rule, name)(state, local(at, calendar.zone)) == Duration.of(expected).time
    if "breached" in case:
        at, expected = case["breached"]
        assert rule.breached(state, local(at, calendar.zone)) is (expected == "true")


@pytest.mark.parametrize("case", read_cases("clocks.yaml"), ids=lambda case: case["it"])
def test_a_state_survives_json(case: dict[str, Any]) -> None:
    """A state written as JSON and read again is the same state."""
    calendar = CALENDARS[case["calendar"]]
    state = played(ClockRule(within(case["within"], calendar), calendar), case["events"])

    assert ClockState.from_data(json.loads(json.dumps(state.to_data()))) == state


def test_a_changed_calendar_recounts_what_ran() -> None:
    """When a day turns out to be closed, the recounted clock owes the time that it had counted there."""
    rule = ClockRule(Duration.of("10 working hours"), LUNCH)
    state = played(rule, ["start 2026-03-02T09:00", "pause 2026-03-03T12:00", "resume 2026-03-04T09:00"])
    closed = replace(rule, calendar=LUNCH.with_days(own_days(closed=[date(2026, 3, 3)])))

    assert state.consumed == timedelta(hours=10.5)
    assert instant(rule.due_at(state)) == "2026-03-03T11:30"
    assert closed.recounted(state).consumed == timedelta(hours=7.5)
    assert instant(closed.due_at(closed.recounted(state))) == "2026-03-04T11:30"


def test_a_changed_duration_recounts_in_its_own_time() -> None:
    """A clock whose duration was unset counts wall time; once it is set to working time, the runs count again."""
    unset = ClockRule(None, LUNCH)
    state = played(unset, ["start 2026-02-14T09:00", "pause 2026-02-24T10:00", "resume 2026-02-24T14:00"])
    rule = ClockRule(Duration.of("10 working hours"), LUNCH)

    assert state.consumed == timedelta(days=10, hours=1)
    assert rule.recounted(state).consumed == timedelta(hours=8.5)
    assert instant(rule.due_at(rule.recounted(state))) == "2026-02-24T15:30"


def test_events_out_of_order_never_count_backwards() -> None:
    """A pause dated before the start, or a resume before the pause, counts nothing and raises nothing."""
    rule = ClockRule(Duration.of("4 working hours"), LUNCH)
    early = played(rule, ["start 2026-03-02T09:00", "pause 2026-03-02T08:00"])
    late = played(rule, ["start 2026-03-02T09:00", "pause 2026-03-02T10:00", "resume 2026-03-02T09:30"])

    assert early.consumed == timedelta()
    assert early.runs == ()
    assert instant(rule.due_at(late)) == "2026-03-02T14:30"


def test_events_that_do_not_apply_change_nothing() -> None:
    """Pausing an idle clock, resuming a running one, stopping a stopped one leave it as it is."""
    rule = ClockRule(Duration.of("4 working hours"), LUNCH)
    now = local("2026-03-02T10:00", LUNCH.zone)
    idle = ClockState()
    running = played(rule, ["start 2026-03-02T09:00"])
    stopped = rule.stop(running, now)

    assert rule.pause(idle, now) == rule.resume(idle, now) == rule.stop(idle, now) == idle
    assert idle.status == "idle"
    assert rule.resume(running, now) == rule.start(now, running) == running
    assert rule.stop(stopped, now + timedelta(hours=1)) == rule.resume(stopped, now) == stopped
    assert rule.ledger(idle) == ()
    assert (rule.due(idle), rule.remaining(idle, now), rule.allowed(idle)) == (None, None, None)


def test_a_ledger_may_end_at_any_instant() -> None:
    """Until an instant before it is due, the ledger adds up to what the clock has consumed by then."""
    rule = ClockRule(Duration.of("3 working days"), LUNCH)
    state = played(rule, ["start 2026-02-13T10:00", "pause 2026-02-14T10:00", "resume 2026-02-24T10:00"])
    for text in ("2026-02-13T11:00", "2026-02-15T11:00", "2026-02-24T15:00"):
        until = local(text, LUNCH.zone)
        ledger = rule.ledger(state, until)

        assert ledger[-1].end <= until
    assert total(rule.ledger(state, until)) == rule.consumed(state, until)


def test_naive_instants_are_refused() -> None:
    """A clock takes no instant without a zone."""
    with pytest.raises(FactError):
        ClockRule(Duration.of("4 working hours"), LUNCH).start(datetime(2026, 3, 2, 9))


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("80%", "80%", "80%"),
        (" 12.5 % ", "12.5%", "12.5%"),
        ("due", "due", "到期"),
        ("100%", "due", "到期"),
        ("due + 4 working hours", "due + 4 working hours", "到期后 4 个工作小时"),
        ("due+1 个工作日", "due + 1 working day", "到期后 1 个工作日"),
    ],
)
def test_steps_are_read_and_said(text: str, english: str, chinese: str) -> None:
    """A step is read from its text and says itself so that it is read again."""
    assert step(text).text() == english
    assert step(text).text("zh") == chinese
    assert step(english) == step(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "not-a-clock-step"),
        ("0%", "not-a-clock-step"),
        ("120%", "not-a-clock-step"),
        ("due - 1 hour", "not-a-clock-step"),
        ("80 percent", "not-a-clock-step"),
        ("due + 3m", "ambiguous-duration"),
    ],
)
def test_what_is_no_step_is_refused(text: str, name: str) -> None:
    """Anything else is refused under the name of what is wrong with it, with a remedy."""
    refused = read_step(text)

    assert isinstance(refused, Refusal)
    assert refused.message.name == name
    assert refused.help()


def test_the_ledger_of_a_stopped_clock_ends_with_its_stop() -> None:
    """Asked for a later instant, the ledger of a stopped clock says nothing of the time after it."""
    rule = ClockRule(Duration.of("4 working hours"), LUNCH)
    state = played(rule, ["start 2026-03-02T09:00", "stop 2026-03-02T10:00"])

    assert rule.ledger(state, local("2026-03-09T09:00", LUNCH.zone)) == rule.ledger(state)
    assert [entry.text() for entry in rule.ledger(state)] == ["2026-03-02 09:00 to 10:00 working time, 1 hour counted"]
