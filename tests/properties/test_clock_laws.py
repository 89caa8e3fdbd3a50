"""Laws of clocks: what pauses may and may not change, and what explains a due instant."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from relflow.calendars import Calendar, ClockRule, ClockState, StepAt, total
from relflow.values import Duration
from tests.strategies import calendars as some

rules = st.builds(ClockRule, some.durations, some.calendars)
gaps = st.lists(some.seconds, max_size=6)
shares = st.fractions(Fraction(1, 100), 1)


def played(rule: ClockRule, start: datetime, lengths: list[timedelta]) -> ClockState:
    """A clock that ran and held by turns for so long each; running again where the number is even."""
    state, now = rule.start(start), start
    for number, length in enumerate(lengths):
        now += length
        state = rule.resume(state, now) if number % 2 else rule.pause(state, now)
    return state


@given(rules, some.instants, st.lists(some.seconds, max_size=4))
def test_a_pause_of_no_time_changes_nothing(rule: ClockRule, start: datetime, moments: list[timedelta]) -> None:
    """A clock paused and resumed at the same instants is due when it would have been, and has counted the same."""
    plain = rule.start(start)
    due = rule.due(plain)
    paused, now = plain, start
    for moment in moments:
        now += moment
        paused = rule.resume(rule.pause(paused, now), now)

    assert rule.due(paused) == due
    assert rule.consumed(paused, now) == rule.consumed(plain, now)


@given(rules, some.instants)
def test_a_clock_that_never_pauses_is_due_when_the_calendar_says(rule: ClockRule, start: datetime) -> None:
    """Without a pause, a clock is due its duration after its start."""
    assert isinstance(rule.within, Duration)
    assert rule.due(rule.start(start)) == rule.calendar.add(start, rule.within)


@given(rules, some.instants, gaps)
def test_at_its_due_instant_a_clock_has_consumed_what_it_had(
    rule: ClockRule, start: datetime, lengths: list[timedelta]
) -> None:
    """Whatever pauses there were, the time counted up to the due instant is the time allowed."""
    state = played(rule, start, lengths)
    due = rule.due_at(state)
    if due is not None and state.running_since is not None and due >= state.running_since:
        assert rule.consumed(state, due) == rule.allowed(state)
        assert rule.remaining(state, due) == timedelta()
    if due is None:
        assert state.status == "paused"
        remaining = rule.remaining(state, start)
        assert remaining is not None
        assert remaining >= timedelta()


@given(rules, some.instants, gaps)
def test_the_ledger_explains_the_due_instant(rule: ClockRule, start: datetime, lengths: list[timedelta]) -> None:
    """The entries of a ledger follow each other and add up to the time allowed."""
    state = played(rule, start, lengths)
    due, entries = rule.due_at(state), rule.ledger(state)
    if due is not None:
        assert total(entries) == rule.allowed(state)
    for one, next_ in pairwise(entries):
        assert one.start <= one.end <= next_.start <= next_.end


@given(rules, some.instants, some.instants, gaps)
def test_a_clock_started_later_is_never_due_earlier(
    rule: ClockRule, first: datetime, second: datetime, lengths: list[timedelta]
) -> None:
    """Of two clocks without pauses, and of two paused alike, the one started later is not due earlier."""
    early, late = sorted((first, second))
    assert isinstance(rule.within, Duration)
    one, other = (rule.due_at(rule.start(start)) for start in (early, late))

    assert one is not None
    assert other is not None
    assert one <= other


@given(rules, some.instants, gaps, some.seconds)
def test_a_longer_pause_is_never_due_earlier(
    rule: ClockRule, start: datetime, lengths: list[timedelta], longer: timedelta
) -> None:
    """A clock that is resumed later is not due earlier."""
    paused = played(rule, start, [*lengths[: len(lengths) // 2 * 2], timedelta(hours=1)])
    now = start + sum(lengths[: len(lengths) // 2 * 2], timedelta(hours=1))
    one, other = (rule.due_at(rule.resume(paused, now + length)) for length in (timedelta(), longer))

    assert one is not None
    assert other is not None
    assert one <= other


@given(rules, some.instants, gaps, shares, shares, some.durations, some.durations)
def test_steps_keep_their_order(
    rule: ClockRule,
    start: datetime,
    lengths: list[timedelta],
    first: Fraction,
    second: Fraction,
    before: Duration,
    after: Duration,
) -> None:
    """A smaller share is not later than a larger one, none is later than due, and what follows due is not earlier."""
    state = played(rule, start, lengths[: len(lengths) // 2 * 2])
    less, more = sorted((first, second))
    steps = [StepAt(less), StepAt(more), StepAt(), StepAt(after=after)]
    reached = [found.at for step in steps if (found := rule.step(state, step)) is not None]

    assert len(reached) == len(steps)
    assert reached == sorted(reached)
    shorter, longer = sorted((before, after), key=lambda one: (one.months, one.working_days, one.time))
    if shorter.kind is longer.kind and shorter.compare(longer) is not None:
        one, other = (rule.step(state, StepAt(after=duration)) for duration in (shorter, longer))
        assert one is not None
        assert other is not None
        assert one.at <= other.at


@given(rules, some.instants, shares)
def test_a_share_is_never_early(rule: ClockRule, start: datetime, share: Fraction) -> None:
    """At a step, at least its share of the time has passed, and no microsecond more than that."""
    state = rule.start(start)
    step, allowed = rule.step(state, StepAt(share)), rule.allowed(state)
    assert step is not None
    assert allowed is not None
    exact = Fraction(allowed // timedelta(microseconds=1)) * share

    assert 0 <= rule.consumed(state, step.at) // timedelta(microseconds=1) - exact < 1


@given(some.calendars, st.dates(date(2026, 1, 1), date(2028, 1, 1)), some.instants, gaps)
def test_no_pause_moves_a_fixed_due(calendar: Calendar, day: date, start: datetime, lengths: list[timedelta]) -> None:
    """A clock due at the end of a date is due then, whatever happens to it."""
    rule = ClockRule(day, calendar)
    due = rule.due_at(played(rule, start, lengths))
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), calendar.zone)

    assert due == midnight


@given(rules, some.instants, gaps)
def test_recounting_by_the_same_rule_changes_nothing(
    rule: ClockRule, start: datetime, lengths: list[timedelta]
) -> None:
    """A state counted anew by the rule that made it is the same state, and so is one read from its JSON form."""
    state = played(rule, start, lengths)

    assert rule.recounted(state) == state
    assert ClockState.from_data(state.to_data()) == state


@given(rules, some.instants, gaps, some.seconds)
def test_what_counted_never_shrinks(
    rule: ClockRule, start: datetime, lengths: list[timedelta], later: timedelta
) -> None:
    """The time that a clock has counted only grows, and a breach is for ever."""
    state = played(rule, start, lengths)
    now = start + sum(lengths, timedelta())

    assert rule.consumed(state, now) <= rule.consumed(state, now + later)
    assert rule.breached(state, now + later) or not rule.breached(state, now)
