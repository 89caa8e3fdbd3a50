"""The arithmetic of a clock that starts, pauses, resumes and stops: what it has counted, and what is due when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any, Literal, Self

from relflow.calendars.calendar import Calendar
from relflow.calendars.instants import MICROSECOND, shown, to_utc, utc_of
from relflow.calendars.ledger import LedgerEntry, working_entries
from relflow.calendars.results import Reached
from relflow.calendars.steps import DUE, StepAt
from relflow.structs import dataclass
from relflow.text import Text
from relflow.values.durations import Duration, DurationKind
from relflow.values.words import Unit

__all__ = ["ClockRule", "ClockState", "Run", "Status"]

Status = Literal["idle", "running", "paused", "stopped"]

_RUNNING = Text((("en", "running"), ("zh", "计时")))
_PAUSED = Text((("en", "paused"), ("zh", "暂停")))


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch in which a clock ran, and the time that it counted then, in microseconds."""

    start: datetime
    end: datetime
    counted: int


@dataclass(frozen=True, slots=True)
class ClockState:
    """Where a clock stands: the runs of its present lap, since when it runs, when it stopped. No due instant is kept.

    A lap begins with a start after a stop; `lap` counts from 1, 0 for a clock that never started.
    """

    lap: int = 0
    started_at: datetime | None = None
    runs: tuple[Run, ...] = ()
    running_since: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def status(self) -> Status:
        """What the clock does."""
        if self.started_at is None:
            return "idle"
        if self.stopped_at is not None:
            return "stopped"
        return "paused" if self.running_since is None else "running"

    @property
    def consumed(self) -> timedelta:
        """The time counted in the runs that have ended."""
        return sum(run.counted for run in self.runs) * MICROSECOND

    def to_data(self) -> dict[str, Any]:
        """The state as plain JSON values."""
        return {
            "lap": self.lap,
            "started_at": _written(self.started_at),
            "runs": [[_written(run.start), _written(run.end), run.counted] for run in self.runs],
            "running_since": _written(self.running_since),
            "stopped_at": _written(self.stopped_at),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The state from what `to_data` gave."""
        runs = tuple(
            Run(datetime.fromisoformat(start), datetime.fromisoformat(end), counted)
            for start, end, counted in data["runs"]
        )
        return cls(
            data["lap"], _read(data["started_at"]), runs, _read(data["running_since"]), _read(data["stopped_at"])
        )


def _written(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class ClockRule:
    """What a clock measures: `within` a duration from its start, or by the end of a date, or by an instant.

    Working time counts open hours of the calendar; days and less, and months, count exact time. A date or datetime is
    due then whatever pauses there are. None is a clock whose time is not set: it runs and is never due.
    """

    within: Duration | date | datetime | None
    calendar: Calendar
    _laps: dict[int, int] = field(default_factory=dict, compare=False, repr=False)

    def start(self, at: datetime, state: ClockState | None = None) -> ClockState:
        """A new lap from `at`; a clock that runs or is paused stays as it is."""
        if state is not None and state.status in {"running", "paused"}:
            return state
        now = _utc(at)
        return ClockState((state.lap if state else 0) + 1, now, running_since=now)

    def pause(self, state: ClockState, at: datetime) -> ClockState:
        """The clock holds from `at` on; what it has counted stays counted."""
        if state.running_since is None:
            return state
        end = max(_utc(at), state.running_since)
        run = Run(state.running_since, end, self._count(state.running_since, end))
        runs = (*state.runs, run) if run.start < run.end else state.runs
        return ClockState(state.lap, state.started_at, runs, None, state.stopped_at)

    def resume(self, state: ClockState, at: datetime) -> ClockState:
        """A paused clock runs again from `at`, owing what is left."""
        if state.status != "paused":
            return state
        latest = state.runs[-1].end if state.runs else state.started_at
        since = max(_utc(at), latest) if latest else _utc(at)
        return ClockState(state.lap, state.started_at, state.runs, since, state.stopped_at)

    def stop(self, state: ClockState, at: datetime) -> ClockState:
        """The lap ends at `at`."""
        if state.status not in {"running", "paused"}:
            return state
        held = self.pause(state, at)
        return ClockState(held.lap, held.started_at, held.runs, held.running_since, _utc(at))

    def recounted(self, state: ClockState) -> ClockState:
        """The state with its runs counted anew by this rule, after the calendar or the duration has changed."""
        return replace(state, runs=tuple(replace(run, counted=self._count(run.start, run.end)) for run in state.runs))

    def consumed(self, state: ClockState, at: datetime) -> timedelta:
        """The time counted until `at`, an instant not before the last change of the state."""
        running = state.running_since
        now = self._count(running, max(_utc(at), running)) if running else 0
        return state.consumed + now * MICROSECOND

    def allowed(self, state: ClockState) -> timedelta | None:
        """How much time the lap has in all; None while the duration is unset or the clock has not started."""
        if state.started_at is None or self.within is None:
            return None
        return self._whole(self.within, to_utc(state.started_at)) * MICROSECOND

    def remaining(self, state: ClockState, at: datetime) -> timedelta | None:
        """The time left at `at`, negative when overdue; for a date or datetime the exact time until it."""
        if isinstance(self.within, date):
            return (self._fixed(self.within) - to_utc(at)) * MICROSECOND
        allowed = self.allowed(state)
        return None if allowed is None else allowed - self.consumed(state, at)

    def due(self, state: ClockState) -> Reached | None:
        """The due instant if the clock goes on as it is, or that at which it fell due.

        None for a clock that is unset, has not started, or holds before its time is up.
        """
        return self.step(state, DUE)

    def due_at(self, state: ClockState) -> datetime | None:
        """The instant of `due`, in the calendar's zone."""
        found = self.due(state)
        return found.at if found else None

    def breached(self, state: ClockState, at: datetime) -> bool:
        """Whether the time was up by `at`, or before the lap stopped; a stop at the due instant is in time."""
        due = self.due_at(state)
        if due is None:
            return False
        return due < state.stopped_at if state.stopped_at else due <= at

    def step(self, state: ClockState, step: StepAt) -> Reached | None:
        """The instant of a step, as for `due`; what comes after the due instant holds while the clock is paused."""
        if state.started_at is None or self.within is None:
            return None
        if isinstance(self.within, date):
            return self._fixed_step(self.within, to_utc(state.started_at), step)
        if step == DUE and state.running_since == state.started_at:
            return self.calendar.add(state.started_at, self.within)
        start = to_utc(state.started_at)
        runs = [(to_utc(run.start), to_utc(run.end), run.counted) for run in state.runs]
        closing = _ends_at_closing(self.within) or step.share < 1
        left = _share(self._whole(self.within, start), step.share)
        found = self._reach(state, self.within, runs, start, left, closing=closing)
        if found is not None and step.after is not None:
            after = [self._rest(step.after, max(begin, found), end) for begin, end, _ in runs if end > found]
            left, closing = self._allowed(step.after, found), _ends_at_closing(step.after)
            found = self._reach(state, step.after, after, found, left, closing=closing)
        return None if found is None else self._reached(start, found, step)

    def ledger(self, state: ClockState, until: datetime | None = None) -> tuple[LedgerEntry, ...]:
        """What counted and what did not, from the start of the lap until `until`, its stop, or until it is due.

        What counted after the due instant stands in entries of its own, marked as overdue.
        """
        if state.started_at is None:
            return ()
        last = start = state.started_at
        latest = state.running_since or (state.runs[-1].end if state.runs else start)
        due = self.due_at(state)
        end = until or state.stopped_at or due or latest
        if state.stopped_at:
            end = min(end, state.stopped_at)
        if isinstance(self.within, date):
            return self._counted(start, end, due)
        runs = [(run.start, run.end) for run in state.runs]
        runs += [(state.running_since, end)] if state.running_since else []
        entries: list[LedgerEntry] = []
        for start, stop in runs:
            if start > end:
                break
            entries += self._paused(last, start)
            last = min(stop, end)
            entries += self._counted(start, last, due)
        return (*entries, *self._paused(last, end))

    def _count(self, start: datetime, end: datetime) -> int:
        """The time that counts between two instants."""
        return self._passed(self.within, to_utc(start), to_utc(end))

    def _passed(self, within: Duration | date | None, start: int, end: int) -> int:
        return self.calendar.work.opened(start, end) if _is_working(within) else end - start

    def _whole(self, within: Duration | date, start: int) -> int:
        """The time that a lap of this rule has; each of a clock's steps is a share of it."""
        if start not in self._laps:
            self._laps[start] = self._allowed(within, start)
        return self._laps[start]

    def _allowed(self, within: Duration | date, start: int) -> int:
        """The time from `start` that a duration or a date gives."""
        if isinstance(within, date):
            return max(self._fixed(within) - start, 0)
        if not within.months and not within.working_days:
            return within.time // MICROSECOND
        return self._passed(within, start, self.calendar.later_instant(start, within))

    def _reach(
        self,
        state: ClockState,
        within: Duration,
        runs: list[tuple[int, int, int]],
        origin: int,
        left: int,
        *,
        closing: bool,
    ) -> int | None:
        """The instant at which the clock, running as it did and does, has counted `left` since `origin`."""
        for start, end, counted in runs:
            found = self._advanced(within, start, left, closing) if left <= counted else end + 1
            # past the end where the calendar has changed since, or where no time at all is counted from closed hours
            if left < counted or (closing and found <= end):
                return min(found, end)
            left -= counted
        if state.running_since is None:
            return None
        return self._advanced(within, max(to_utc(state.running_since), origin), left, closing)

    def _rest(self, within: Duration, origin: int, end: int) -> tuple[int, int, int]:
        return origin, end, self._passed(within, origin, end)

    def _advanced(self, within: Duration, start: int, amount: int, closing: bool) -> int:
        return self.calendar.work.advanced(start, amount, closing=closing) if _is_working(within) else start + amount

    def _fixed(self, within: date) -> int:
        """The instant of a fixed due: a datetime itself, or the end of a date."""
        if isinstance(within, datetime):
            return to_utc(within)
        return utc_of(within.toordinal() + 1, 0, self.calendar.zone)

    def _fixed_step(self, within: date, start: int, step: StepAt) -> Reached:
        due = self._fixed(within)
        at = start + _share(max(due - start, 0), step.share) if step.share < 1 else due
        reached = Reached(shown(at, self.calendar.zone))
        return reached if step.after is None else self.calendar.add(reached.at, step.after)

    def _reached(self, start: int, found: int, step: StepAt) -> Reached:
        working = _is_working(self.within) or _is_working(step.after)
        return Reached(shown(found, self.calendar.zone), working and self.calendar.work.is_provisional(start, found))

    def _counted(self, start: datetime, end: datetime, due: datetime | None) -> tuple[LedgerEntry, ...]:
        """The entries of a run, overdue from the due instant on."""
        if due is not None and due < end:
            late = tuple(replace(entry, overdue=entry.counted) for entry in self._counted(max(start, due), end, None))
            return (*self._counted(start, due, None), *late) if start < due else late
        if _is_working(self.within):
            return working_entries(self.calendar, start, end)
        local = self.calendar.local
        return (
            (LedgerEntry(local(start), local(end), True, _RUNNING, end - start, unit=Unit.DAY),) if start < end else ()
        )

    def _paused(self, start: datetime, end: datetime) -> tuple[LedgerEntry, ...]:
        local = self.calendar.local
        return (LedgerEntry(local(start), local(end), False, _PAUSED),) if start < end else ()


def _utc(at: datetime) -> datetime:
    to_utc(at)
    return at.astimezone(UTC)


def _is_working(within: Duration | date | None) -> bool:
    return isinstance(within, Duration) and within.kind is DurationKind.WORKING


def _ends_at_closing(within: Duration) -> bool:
    """Whether time that runs out as a shift ends is due then; working days without hours run to the next opening."""
    return not (_is_working(within) and within.working_days and not within.time)


def _share(amount: int, share: Fraction) -> int:
    """Part of a time, rounded up: a step is never early."""
    return amount if share == 1 else -int(-amount * share // 1)
