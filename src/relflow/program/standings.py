"""The level in force: a higher one holds at once, a lower one only after it was asked for long enough."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

from relflow.errors import ClockRequiredError, FactError
from relflow.program.asking import Asking
from relflow.program.code import Broken, Code
from relflow.program.nodes import Outcome, Scheme
from relflow.structs import dataclass
from relflow.values import Duration, WorkingDuration, YearsMonthsDuration, add, kind_of

__all__ = ["Change", "Lower", "Place", "advance", "level_in_force", "lowering"]

Change = Literal["first", "same", "raised", "lowered", "waiting", "unknown", "fixed"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an account stands in a scheme after a look at it: `state` is what the host keeps."""

    level: str | None
    since: date | None
    next_review: date | None
    state: Mapping[str, Any]
    change: Change


@dataclass(frozen=True, slots=True)
class _State:
    """The host's state, read: `reviewed` is the last review that was due, `weak` how often or since when it is lower.

    A level that people fixed stays until `fixed_until`, for good where that is None.
    """

    level: str
    since: date
    reviewed: date
    weak_reviews: int
    weak_since: date | None
    fixed: bool
    fixed_until: date | None


def level_in_force(run: Asking, scheme: Scheme) -> Outcome:
    """The level that holds for whatever reads the scheme's name."""
    says = run.outcome(scheme.from_) if scheme.from_ is not None else Outcome(None, unknown=True)
    if not run.state.get(scheme.id):
        return says
    level = advance(run, scheme, says).level
    return Outcome(level, unknown=level is None and says.unknown)


def advance(run: Asking, scheme: Scheme, says: Outcome) -> Place:
    """What one look at an account does to its level.

    The same look twice changes nothing more; an unknown answer changes nothing at all. A state of another shape, or a
    level that the scheme does not have, raises FactError.
    """
    given = run.state.get(scheme.id)
    today = run.day
    if today is None:
        raise ClockRequiredError.of(
            "clock-required",
            f"the level of `{scheme.id}` depends on the day: pass `at=`",
            f"`{scheme.id}` 的等级与日期有关：请传入 `at=`",
            name=scheme.id,
        )
    if not given:
        return _begin(run, scheme, says, today)
    state = _read(scheme, given)
    # a rhythm may differ by level: until the new one is known, that of the level held so far counts
    run.assume(scheme.id, Outcome(state.level))
    due = _due(run, scheme, state)
    if state.fixed and (state.fixed_until is None or today <= state.fixed_until):
        return Place(state.level, state.since, due, dict(given), "fixed")
    if says.value not in scheme.levels:
        return Place(state.level, state.since, due, dict(given), "unknown")
    ranks = {level: rank for rank, level in enumerate(scheme.levels)}
    asked, held = ranks[says.value], ranks[state.level]
    if asked < held:
        return _move(run, scheme, says.value, today, "raised")
    reviewed = _reviewed(run, scheme, state, today)
    if asked == held:
        return _stay(run, scheme, state, reviewed, "same")
    weak = state.weak_reviews + (reviewed > state.reviewed)
    weak_since = state.weak_since or today
    if _long_enough(run, scheme, weak, weak_since, today) and _stayed(run, scheme, state, today):
        return _move(run, scheme, says.value, today, "lowered")
    return _stay(run, scheme, state, reviewed, "waiting", weak, weak_since)


@dataclass(frozen=True, slots=True)
class Lower:
    """What has to happen before a level goes down: so many reviews, a day that has to come, or nobody knows."""

    reviews: int | None = None
    on: date | None = None
    unset: bool = False


def lowering(run: Asking, scheme: Scheme, level: str | None, kept: Mapping[str, Any], change: Change) -> Lower | None:
    """What has to happen before the level goes down, were the rule to go on saying a lower one from now.

    `level`, `kept` and `change` are those of the place that an account took. None where the level would go down at
    once, was set by hand, or is the lowest.
    """
    today = run.day
    if today is None or change in ("unknown", "fixed") or level in (None, scheme.levels[-1]):
        return None
    state = _read(scheme, kept)
    run.assume(scheme.id, Outcome(state.level))
    days: list[date | None] = []
    reviews = None
    if scheme.lower_reviews is not None:
        reviews = max(scheme.lower_reviews - state.weak_reviews, 1)
        days.append(_review_after(run, scheme, state, reviews))
    elif scheme.lower_after is not None:
        days.append(_end(run, scheme.lower_after, state.weak_since or today))
    if scheme.minimum_stay is not None:
        days.append(_end(run, scheme.minimum_stay, state.since))
    known = [day for day in days if day is not None]
    unset = len(known) < len(days) and reviews is None
    if not days or (reviews is None and not unset and max(known) <= today):
        return None
    return Lower(reviews, max(known) if len(known) == len(days) else None, unset)


def _end(run: Asking, length: Code | Broken, start: date) -> date | None:
    """The day on which so much time from `start` is over; None where the length is unset."""
    found = run.call(length) if isinstance(length, Code) else None
    return None if found is None else later(run, start, found)


def _review_after(run: Asking, scheme: Scheme, state: _State, reviews: int) -> date | None:
    """The day of the review that is so many away; None where no rhythm is known."""
    every = _rhythm(run, scheme)
    if every is None:
        return None
    for _ in range(reviews):
        day = _after(run, state, every)
        if day is None:
            return None
        state = _State(state.level, state.since, day, 0, None, False, None)
    return state.reviewed


def _begin(run: Asking, scheme: Scheme, says: Outcome, today: date) -> Place:
    if says.value is None:
        return Place(None, None, None, {}, "unknown")
    return _move(run, scheme, says.value, today, "first")


def _move(run: Asking, scheme: Scheme, level: str, today: date, change: Change) -> Place:
    state = {"level": level, "since": today.isoformat(), "reviewed": today.isoformat(), "weak_reviews": 0}
    return Place(level, today, _due(run, scheme, _read(scheme, state)), state, change)


def _stay(
    run: Asking,
    scheme: Scheme,
    state: _State,
    reviewed: date,
    change: Change,
    weak: int = 0,
    weak_since: date | None = None,
) -> Place:
    kept: dict[str, Any] = {
        "level": state.level,
        "since": state.since.isoformat(),
        "reviewed": reviewed.isoformat(),
        "weak_reviews": weak,
    }
    if weak_since is not None:
        kept["weak_since"] = weak_since.isoformat()
    return Place(state.level, state.since, _due(run, scheme, _read(scheme, kept)), kept, change)


def _long_enough(run: Asking, scheme: Scheme, weak: int, weak_since: date, today: date) -> bool:
    """Whether the decision was lower for `lower_after`; a duration that is unset never ends."""
    if scheme.lower_reviews is not None:
        return weak >= scheme.lower_reviews
    if scheme.lower_after is None:
        return True
    until = _end(run, scheme.lower_after, weak_since)
    return until is not None and today >= until


def _stayed(run: Asking, scheme: Scheme, state: _State, today: date) -> bool:
    """Whether the level has held for the shortest time that the scheme asks for; where that is unset, it has not."""
    if scheme.minimum_stay is None:
        return True
    until = _end(run, scheme.minimum_stay, state.since)
    return until is not None and today >= until


def _rhythm(run: Asking, scheme: Scheme) -> Any:
    return run.call(scheme.review_every) if isinstance(scheme.review_every, Code) else None


def _due(run: Asking, scheme: Scheme, state: _State) -> date | None:
    """The day of the next review, None where none is planned."""
    every = _rhythm(run, scheme)
    return None if every is None else _after(run, state, every)


def _reviewed(run: Asking, scheme: Scheme, state: _State, today: date) -> date:
    """The latest review that is due by today.

    Where the policy states no rhythm, each later day on which somebody looks is a review; where the rhythm is unset,
    there are no reviews.
    """
    if scheme.review_every is None:
        return max(state.reviewed, today)
    every = _rhythm(run, scheme)
    if every is None:
        return state.reviewed
    reviewed = state
    while True:
        due = _after(run, reviewed, every)
        if due is None or due > today or due <= reviewed.reviewed:
            return reviewed.reviewed
        reviewed = _State(state.level, state.since, due, 0, None, False, None)


def _after(run: Asking, state: _State, every: Any) -> date | None:
    """The review after `state.reviewed`; counted from `since` where that is in step, so that months never drift."""
    if isinstance(every, YearsMonthsDuration) and every.months > 0:
        months = (state.reviewed.year - state.since.year) * 12 + state.reviewed.month - state.since.month
        steps, rest = divmod(months, every.months)
        if not rest and later(run, state.since, YearsMonthsDuration(months)) == state.reviewed:
            return later(run, state.since, YearsMonthsDuration((steps + 1) * every.months))
    return later(run, state.reviewed, every)


def later(run: Asking, day: date, length: Any) -> date | None:
    """The day so much later; None beyond the calendar or where the length is no duration."""
    if isinstance(length, WorkingDuration):
        reached = run.calendar.shift(day, Duration.of_value(length))
        run.provisional = run.provisional or reached.provisional
        return reached.day
    if isinstance(length, timedelta):
        days = -(-length // timedelta(days=1))
        return day + timedelta(days=days)
    if isinstance(length, YearsMonthsDuration):
        moved = add(day, length)
        return moved if isinstance(moved, date) else None
    return None


def _read(scheme: Scheme, given: Any) -> _State:
    if not isinstance(given, Mapping):
        raise _bad_state(scheme, "it is no record of level and dates", "应为包含等级和日期的记录")
    level = given.get("level")
    if level not in scheme.levels:
        known = ", ".join(scheme.levels)
        raise _bad_state(
            scheme, f"its level is none of: {known}", f"其等级不是以下各项之一：{known.replace(', ', '、')}"
        )
    since = _day(scheme, given, "since")
    if since is None:
        raise _bad_state(scheme, "`since` is missing", "缺少 `since`")
    weak = given.get("weak_reviews") or 0
    if kind_of(weak) != "number" or weak < 0:
        raise _bad_state(scheme, "`weak_reviews` is no count", "`weak_reviews` 应为次数")
    fixed_until = _day(scheme, given, "fixed_until")
    fixed = bool(given.get("fixed")) or fixed_until is not None
    reviewed = _day(scheme, given, "reviewed") or since
    return _State(str(level), since, reviewed, int(weak), _day(scheme, given, "weak_since"), fixed, fixed_until)


def _day(scheme: Scheme, given: Mapping[str, Any], key: str) -> date | None:
    value = given.get(key)
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise _bad_state(scheme, f"`{key}` is no date", f"`{key}` 应为日期") from None


def _bad_state(scheme: Scheme, en: str, zh: str) -> FactError:
    return FactError.of(
        "state",
        f"the state of `{scheme.id}` cannot be used: {en}",
        f"`{scheme.id}` 的状态无法使用：{zh}",
        scheme=scheme.id,
    )
