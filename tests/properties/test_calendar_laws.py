"""Laws of working time, on every calendar of the cases, near changes of the clocks and unpublished years."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from relflow.calendars import Calendar, Every, add_months, months_between, total, working_entries
from relflow.calendars.instants import from_utc, local_of, to_utc, utc_of
from relflow.values import Duration, DurationKind
from tests.strategies import calendars as some

days = st.dates(date(1990, 1, 1), date(2045, 12, 31))


@given(some.calendars, some.instants, some.instants, some.durations)
def test_a_later_start_is_never_due_earlier(
    calendar: Calendar, first: datetime, second: datetime, duration: Duration
) -> None:
    """Adding a duration keeps the order of instants."""
    early, late = sorted((first, second))

    assert calendar.add(early, duration).at <= calendar.add(late, duration).at


@given(some.calendars, some.instants, some.durations)
def test_nothing_is_due_before_it_starts(calendar: Calendar, start: datetime, duration: Duration) -> None:
    """A due instant is never before the start."""
    assert calendar.add(start, duration).at >= start


@given(some.calendars, some.instants, some.working_hours, some.working_hours)
def test_more_time_is_due_later(calendar: Calendar, start: datetime, less: Duration, more: Duration) -> None:
    """A longer duration is never due earlier."""
    shorter, longer = sorted((less, more), key=lambda one: one.time)

    assert calendar.add(start, shorter).at <= calendar.add(start, longer).at


@given(some.calendars, some.instants, some.working)
def test_working_time_is_never_due_in_closed_time(calendar: Calendar, start: datetime, duration: Duration) -> None:
    """A due instant of working time is open, or the very moment of closing."""
    due = calendar.add(start, duration).at

    assert (
        calendar.next_opening(due).at == due
        or calendar.elapsed(due - timedelta(microseconds=1), due).time > timedelta()
    )


@given(some.calendars, some.instants, some.working_hours)
def test_elapsed_takes_back_what_was_added(calendar: Calendar, start: datetime, duration: Duration) -> None:
    """The open time up to a due instant is the duration that was added."""
    assert calendar.elapsed(start, calendar.add(start, duration).at).time == duration.time


@given(some.calendars, some.instants, some.instants)
def test_adding_takes_back_what_elapsed(calendar: Calendar, first: datetime, second: datetime) -> None:
    """Adding the open time between two instants leads to the second, if it is open."""
    start, end = sorted((first, second))
    elapsed = calendar.elapsed(start, end).time
    assume(elapsed and calendar.elapsed(end - timedelta(microseconds=1), end).time)

    assert calendar.add(start, Duration(DurationKind.WORKING, time=elapsed)).at == end


@given(some.calendars, some.instants, some.instants, some.instants)
def test_open_time_adds_up(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    """The open time from a to c is that from a to b and from b to c."""
    a, b, c = sorted((a, b, c))

    assert calendar.elapsed(a, c).time == calendar.elapsed(a, b).time + calendar.elapsed(b, c).time


@given(some.calendars, some.instants, some.working, some.working)
def test_a_longer_time_is_provisional_if_a_shorter_one_is(
    calendar: Calendar, start: datetime, first: Duration, second: Duration
) -> None:
    """Whatever rests on an unpublished year still does when it takes longer."""
    one, other = sorted((calendar.add(start, first), calendar.add(start, second)), key=lambda reached: reached.at)

    assert other.provisional or not one.provisional


@given(some.calendars, some.instants, some.whole_working_days)
def test_working_days_are_the_days_counted_one_by_one(calendar: Calendar, start: datetime, duration: Duration) -> None:
    """From an open start, n working days lead to the n-th working day after it, counted a day at a time."""
    opening = calendar.next_opening(start).at
    day, left = opening.date(), int(duration.working_days)
    while left:
        day += timedelta(days=1)
        left -= calendar.day(day).works
    reached = calendar.add(opening, duration).at

    assert reached.date() >= day
    if not any(calendar.hours.makeup != shifts for shifts in calendar.hours.week if shifts):
        assert reached.date() == day


@given(some.calendars, some.instants, some.instants)
def test_the_account_adds_up(calendar: Calendar, first: datetime, second: datetime) -> None:
    """The entries of a stretch are in order, do not overlap, and count exactly its open time."""
    start, end = sorted((first, second))
    entries = working_entries(calendar, start, end)

    assert total(entries) == calendar.elapsed(start, end).time
    for one, next_ in pairwise(entries):
        assert start <= one.start <= one.end <= next_.start <= next_.end <= end


@given(some.calendars, days, st.integers(1, 60))
def test_moving_back_and_forth_over_working_days(calendar: Calendar, day: date, number: int) -> None:
    """From a working day, so many working days back and forth lead to it again, with as many between."""
    start = calendar.next_working_day(day).day
    later = calendar.shift(start, Duration.of(f"{number} working days")).day

    assert calendar.shift(later, Duration.of(f"{number} working days"), back=True).day == start
    assert calendar.working_days_between(start, later) == number


@given(some.calendars, days, some.durations, st.integers(1, 40))
def test_a_day_later_is_a_shift_by_the_product(calendar: Calendar, day: date, duration: Duration, number: int) -> None:
    """So many durations at once are the duration that many times over, whatever its kind."""
    assume(duration.kind is not DurationKind.WORKING or not duration.time)

    assert calendar.later(day, duration, number) == calendar.shift(day, duration.times(number)).day


@given(days, st.integers(-500, 500))
def test_months_clamp_and_never_drift(anchor: date, months: int) -> None:
    """A month later is the anchor's day or the month's last, and as many months lie between."""
    later = add_months(anchor, months)

    assert later.day == anchor.day or (later.day < anchor.day and (later + timedelta(days=1)).day == 1)
    assert months_between(anchor, later) == months


@given(
    days,
    st.sampled_from(["1 day", "2 weeks", "1 month", "3 months", "1 year", "5 working days"]),
    st.integers(1, 4),
    days,
    days,
)
def test_occurrences_in_parts_are_the_occurrences(
    anchor: date, step: str, often: int, first: date, second: date
) -> None:
    """Occurrences of a stretch are those of its two halves, each date once, in order; `after` is the next one."""
    start, end = sorted((first, second))
    end = min(end, start + timedelta(days=900))
    every = Every(anchor, Duration.of(step), often)
    middle = start + (end - start) / 2
    found = every.between(start, end)

    assert found == (*every.between(start, middle), *every.between(middle + timedelta(days=1), end))
    assert list(found) == sorted(set(found))
    later = [day for day in found if day > max(start, anchor)]
    assert not later or every.after(start) == later[0]


@given(some.calendars, some.instants)
def test_local_time_and_back(calendar: Calendar, at: datetime) -> None:
    """An instant is found again from its local day and time, except in the second pass of a repeated hour."""
    instant = to_utc(at)
    day, time = local_of(instant, calendar.zone)
    again = utc_of(day, time, calendar.zone)

    if from_utc(instant, calendar.zone).fold:
        assert again >= instant
    else:
        assert again == instant


@given(some.calendars, some.instants, some.instants)
def test_local_time_never_runs_backwards(calendar: Calendar, first: datetime, second: datetime) -> None:
    """A later instant never has an earlier local day and time, even where the clocks go back."""
    early, late = sorted((first, second))

    assert local_of(to_utc(early), calendar.zone) <= local_of(to_utc(late), calendar.zone)


@given(some.calendars, st.dates(date(2024, 1, 1), date(2028, 12, 31)))
def test_the_open_table_is_the_week_and_the_lists(calendar: Calendar, day: date) -> None:
    """The open time of a day is its shifts' length if it works, else none; an odd hour where the clocks change."""
    start = datetime.combine(day, datetime.min.time(), calendar.zone)
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), calendar.zone)
    shifts = calendar.hours.on(day.weekday()) if calendar.day(day).works else ()
    expected = timedelta(minutes=sum(last - first for first, last in shifts))
    changes = (end.utcoffset() or timedelta()) - (start.utcoffset() or timedelta())

    assert calendar.elapsed(start, end).time in {expected, expected - changes}


@given(some.calendars, some.instants, st.integers(0, 40), st.fractions(0, 1), st.fractions(0, 1))
def test_parts_of_a_working_day_keep_their_order(
    calendar: Calendar, start: datetime, whole: int, first: Fraction, second: Fraction
) -> None:
    """Parts of a working day lie between the whole ones, in the order of their size."""
    work, instant = calendar.work, to_utc(start.astimezone(UTC))
    less, more = sorted((first, second))
    reached = [work.working_days_later(instant, whole + part) for part in (Fraction(0), less, more, Fraction(1))]

    assert reached == sorted(reached)
