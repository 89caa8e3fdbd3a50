"""The days of a rhythm of contacts."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from relflow.calendars import build_calendar
from relflow.results import Contact
from relflow.rules.schedule import Node, Rhythm, by_touchpoint, slots
from relflow.values import Duration

CHINA = build_calendar(country="CN", timezone="Asia/Shanghai")
MONTHLY = Rhythm("visit", Duration.of("1 month"), counted=frozenset({"visit"}))
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def days(rhythm, history, at, until, nodes=()):
    """The planned days alone."""
    return [slot.on for slot in slots(rhythm, [Contact("visit", day) for day in history], nodes, at, until, CHINA)]


def test_a_month_from_the_31st_clamps_and_does_not_drift():
    """From 31 January: the last day of each month, not the 28th for ever."""
    assert days(MONTHLY, [date(2026, 1, 31)], date(2026, 2, 1), date(2026, 6, 1)) == [
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
        date(2026, 5, 31),
    ]


def test_without_any_contact_the_first_is_due_today():
    """Nobody has been there yet: start today and go on from there."""
    assert days(MONTHLY, [], date(2026, 3, 2), date(2026, 5, 10)) == [
        date(2026, 3, 2),
        date(2026, 4, 2),
        date(2026, 5, 2),
    ]


def test_a_first_contact_is_never_moved_into_the_past():
    """Planned on a Sunday with `previous`, it goes to Monday: it cannot be overdue on the day it is planned."""
    back = Rhythm("visit", MONTHLY.target, counted=MONTHLY.counted, shift="previous")

    assert days(back, [], date(2026, 3, 8), date(2026, 4, 1)) == [date(2026, 3, 9)]


def test_an_overdue_contact_comes_once_and_the_rest_counts_from_today():
    """A visit missed for half a year is one visit, not six."""
    assert days(MONTHLY, [date(2025, 9, 10)], date(2026, 3, 2), date(2026, 4, 10)) == [
        date(2025, 10, 10),
        date(2026, 4, 2),
    ]


def test_a_non_working_day_moves_as_the_cadence_says():
    """1 October is a holiday in China: back to 30 September, or on to the first working day after the holidays."""
    history, at, until = [date(2026, 9, 1)], date(2026, 9, 2), date(2026, 10, 20)
    before = Rhythm("visit", MONTHLY.target, counted=MONTHLY.counted, shift="previous")
    after = Rhythm("visit", MONTHLY.target, counted=MONTHLY.counted, shift="next")

    assert days(before, history, at, until) == [date(2026, 9, 30)]
    assert days(after, history, at, until) == [date(2026, 10, 8)]


def test_a_late_visit_does_not_move_a_rhythm_that_counts_from_the_plan():
    """Planned on the 10th, done on the 14th: the next is planned on the 10th again."""
    plan = Rhythm("visit", MONTHLY.target, counted=MONTHLY.counted, from_plan=True)

    late = days(plan, [date(2026, 1, 10), date(2026, 2, 14)], date(2026, 2, 15), date(2026, 4, 20))

    assert late == [date(2026, 3, 10), date(2026, 4, 10)]


def test_a_visit_shortly_before_its_day_answers_it():
    """Planned on 10 March, done on 6 March: the next is 10 April."""
    plan = Rhythm("visit", MONTHLY.target, counted=MONTHLY.counted, from_plan=True)

    early = days(plan, [date(2026, 1, 10), date(2026, 3, 6)], date(2026, 3, 7), date(2026, 4, 20))

    assert early == [date(2026, 4, 10)]


def test_a_key_node_brings_contacts_closer_only_while_it_lasts():
    """Twice as often in March: one more day in the middle, none outside of March."""
    node = Node(date(2026, 3, 1), date(2026, 3, 31), 2)

    found = days(MONTHLY, [date(2026, 1, 10)], date(2026, 1, 11), date(2026, 5, 15), [node])

    assert found == [
        date(2026, 2, 10),
        date(2026, 3, 10),
        date(2026, 3, 26),
        date(2026, 4, 10),
        date(2026, 5, 10),
    ]


def test_a_visit_counts_as_a_call():
    """A kind that counts as another is counted for it, and not the other way round."""
    assert by_touchpoint({"visit": ["call"], "call": []}) == {
        "visit": frozenset({"visit"}),
        "call": frozenset({"visit", "call"}),
    }


@given(history=st.lists(DAYS, max_size=5), at=DAYS, length=st.integers(0, 400), months=st.integers(1, 6))
def test_planned_days_ascend_and_end_in_time(history, at, length, months):
    """Whatever the history: later and later, none beyond the end, at most one in the past."""
    rhythm = Rhythm("visit", Duration.of(f"{months} months"), counted=frozenset({"visit"}), shift="next")
    until = at + timedelta(days=length)

    found = days(rhythm, history, at, until)

    assert found == sorted(set(found))
    assert all(day <= until for day in found)
    assert sum(day < at for day in found) <= 1


@given(at=DAYS, first=st.integers(0, 300), second=st.integers(0, 300))
def test_looking_further_ahead_changes_nothing_that_was_planned(at, first, second):
    """A plan to a later end begins with the plan to the earlier one."""
    near, far = sorted([at + timedelta(days=first), at + timedelta(days=second)])
    history = [at - timedelta(days=10)]

    assert days(MONTHLY, history, at, far)[: len(days(MONTHLY, history, at, near))] == days(MONTHLY, history, at, near)
