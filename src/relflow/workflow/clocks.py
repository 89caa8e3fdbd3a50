"""A case's clocks: when they start, rest, go on and stop, when their steps fall due, and what a step does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Final, Literal

from relflow.calendars import ClockRule
from relflow.program.workflows import Clock, ClockStep, Workflow
from relflow.results import Case, ClockRecord, Roles, Timer, Trigger
from relflow.results.quick import maker
from relflow.text import Text
from relflow.values import Duration, WorkingDuration, YearsMonthsDuration
from relflow.workflow import refusals
from relflow.workflow.draft import Draft
from relflow.workflow.effects import carry_out
from relflow.workflow.phrases import phrase
from relflow.workflow.reckoning import DUE, Limit, Reckoning
from relflow.workflow.scene import Scene
from relflow.workflow.watching import WATCHER

__all__ = ["begin", "open_timers", "outdated", "refresh", "resettle", "strike", "turn"]

RECOMPUTE: Final = Trigger("admin", "recompute")

_Did = Literal["start", "pause", "resume", "stop"]

make_record = maker(ClockRecord)
make_timer = maker(Timer)


def begin(draft: Draft) -> None:
    """Start the clocks of a new case."""
    for clock in draft.workflow.clocks.values():
        if draft.state in clock.from_:
            _start(draft, clock)
            _rest(draft, clock)


def turn(draft: Draft) -> None:
    """Stop, start, pause and resume the clocks as the state demands that the case has just entered.

    A lap starts at entry into `from` unless the clock runs already; a final state stops every clock.
    """
    state = draft.workflow.states[draft.state]
    for clock in draft.workflow.clocks.values():
        if _runs(draft, clock) and (state.final or state.id in clock.until):
            _change(draft, clock, "stop")
        if not state.final and state.id in clock.from_ and not _runs(draft, clock):
            _start(draft, clock)
        _rest(draft, clock)


def _runs(draft: Draft, clock: Clock) -> bool:
    record = draft.clocks.get(clock.id)
    return record is not None and record.running


def _rest(draft: Draft, clock: Clock) -> None:
    """Pause or resume a running clock as the state says."""
    record = draft.clocks.get(clock.id)
    if record is None or not record.running:
        return
    rests = clock.id in draft.workflow.states[draft.state].pauses
    if rests and not record.paused:
        _change(draft, clock, "pause")
    elif record.paused and not rests:
        _change(draft, clock, "resume")


def _start(draft: Draft, clock: Clock) -> None:
    before = draft.clocks.get(clock.id)
    lap = before.lap + 1 if before is not None else 1
    limit, unset = _limit(draft.scene, clock)
    rule = ClockRule(limit, draft.workflow.calendar)
    now = draft.scene.now
    reckoned = Reckoning(rule, rule.start(now))
    _keep(draft, _record(clock, reckoned, lap=lap, started_at=now, unset=unset), "start", reckoned)


def _change(draft: Draft, clock: Clock, did: _Did) -> None:
    record = draft.clocks[clock.id]
    before = _reckoned(draft, record)
    now = draft.scene.now
    late = record.due_at is not None and now > record.due_at
    reckoned = Reckoning(before.rule, getattr(before.rule, did)(before.state, now))
    after = _record(
        clock,
        reckoned,
        lap=record.lap,
        started_at=record.started_at,
        unset=record.unset,
        running=did != "stop",
        paused=did == "pause",
        breached=record.breached or late,
        fired=record.fired,
    )
    _keep(draft, after, did, reckoned)


def _reckoned(draft: Draft, record: ClockRecord) -> Reckoning:
    """The arithmetic of a clock, read anew only where the clock has changed since."""
    known = draft.reckoned.get(record.name)
    if known is None or known.stored is not record.state:
        known = draft.reckoned[record.name] = Reckoning.of(record, draft.workflow.calendar)
    return known


def _record(
    clock: Clock,
    reckoned: Reckoning,
    *,
    lap: int,
    started_at: datetime,
    unset: str | None,
    running: bool = True,
    paused: bool = False,
    breached: bool = False,
    fired: tuple[str, ...] = (),
) -> ClockRecord:
    # while it rests, only a fixed due is known, or one that has passed
    due = reckoned.due() if running else None
    return make_record(
        clock.id,
        lap,
        running,
        paused,
        reckoned.stored,
        started_at,
        due.at if due is not None else None,
        breached,
        due.provisional if due is not None else False,
        unset,
        fired,
    )


def _keep(draft: Draft, record: ClockRecord, did: str, reckoned: Reckoning | None = None) -> None:
    """Keep a clock as it stands now, and tell the history; `reckoned` is its arithmetic where that has changed."""
    draft.clocks = {**draft.clocks, record.name: record}
    if reckoned is not None:
        draft.reckoned[record.name] = reckoned
    told = draft.told.setdefault(record.name, {})
    told |= {"did": did, "lap": record.lap}
    if record.due_at is not None:
        told["due_at"] = record.due_at
    if record.breached:
        told["breached"] = True
    if record.provisional:
        told["provisional"] = True
    if record.unset:
        told["unset"] = record.unset


def _limit(scene: Scene, clock: Clock) -> tuple[Limit, str | None]:
    """The clock's duration, date or instant now; without one, the name that nobody has given a value."""
    value = scene.value(clock.within)
    if isinstance(value, timedelta | YearsMonthsDuration | WorkingDuration):
        return Duration.of_value(value), None
    if isinstance(value, Duration | date):
        return value, None
    reads = [name for name in clock.within.reads if scene.get(name) is None]
    return None, reads[0] if reads else clock.within.text


def refresh(draft: Draft) -> None:
    """Derive the due instants anew: of clocks whose duration was unset and is known now, and of all on `recompute`.

    A clock that renews takes on the duration that is known now; what it has counted stays.
    """
    anew = draft.trigger.kind == "admin" and draft.trigger.name == "recompute"
    for clock in draft.workflow.clocks.values():
        record = draft.clocks.get(clock.id)
        if record is None or not record.running or not (anew or record.unset or clock.renews):
            continue
        before = _reckoned(draft, record)
        rule, unset = before.rule, record.unset
        if unset is not None or clock.renews:
            limit, open_ = _limit(draft.scene, clock)
            # a duration that is no longer known leaves the promise as it was
            if limit is not None or unset is not None:
                rule, unset = ClockRule(limit, draft.workflow.calendar), open_
        reckoned = Reckoning(rule, rule.recounted(before.state))
        after = _record(
            clock,
            reckoned,
            lap=record.lap,
            started_at=record.started_at,
            unset=unset,
            paused=record.paused,
            breached=record.breached,
            fired=record.fired,
        )
        if after == record:
            continue
        _keep(draft, after, "recompute", reckoned)
        if record.due_at is not None and record.fired and record.due_at != after.due_at:
            draft.findings.append(f"corrected:{clock.id}:{record.due_at.isoformat()}")


def outdated(
    workflow: Workflow,
    case: Case,
    facts: Mapping[str, object],
    now: datetime,
    *,
    standings: Mapping[str, object] | None = None,
) -> bool:
    """Whether a running clock of the case would be due at another instant by the calendar and the durations of now."""
    if not any(record.running for record in case.clocks.values()):
        return False
    draft = Draft(Scene(workflow, case, facts, now, standings), RECOMPUTE, Roles())
    refresh(draft)
    return draft.clocks != case.clocks


def open_timers(draft: Draft) -> tuple[Timer, ...]:
    """Every step of every running clock that has not happened, with its instant, soonest first."""
    timers = [
        make_timer(draft.case.id, clock.id, draft.clocks[clock.id].lap, text, at)
        for clock in draft.workflow.clocks.values()
        for text, at in _open_steps(draft, clock).items()
    ]
    timers.sort(key=_SOONEST)
    return tuple(timers)


_SOONEST = attrgetter("due_at", "clock", "step")


def _open_steps(draft: Draft, clock: Clock) -> dict[str, datetime]:
    """The steps of a running clock that have not happened, with their instants."""
    record = draft.clocks.get(clock.id)
    if record is None or not record.running:
        return {}
    fired, points = record.fired, set()
    found: dict[str, datetime] = {}
    for one in clock.steps:
        points.add(one.text)
        if one.text not in fired and (reached := _reckoned(draft, record).reached(one.text, one.at)) is not None:
            found[one.text] = reached.at
    if record.due_at is not None and DUE not in points and DUE not in fired:
        # a clock without a step at its due is breached there all the same
        found[DUE] = record.due_at
    return found


def strike(draft: Draft) -> tuple[str, str] | None:
    """Let a clock's step happen; gives the event and alternative that it makes happen, if it is that of an `after`.

    Raises RefusedError (`timer`) where the step is early by this instant, has happened, or belongs to another lap.
    """
    clock_id, _, text = draft.trigger.name.rpartition(":")
    clock = draft.workflow.clocks.get(clock_id)
    record = draft.clocks.get(clock_id)
    lap = draft.trigger.data.get("lap")
    if clock is None or record is None:
        raise refusals.stale_timer(draft.trigger.name, early=False)
    open_ = _open_steps(draft, clock)
    if text not in open_ or lap not in (None, record.lap):
        raise refusals.stale_timer(draft.trigger.name, early=False)
    if draft.scene.now < open_[text]:
        raise refusals.stale_timer(draft.trigger.name, early=True)
    _note(draft, clock, record, text)
    step = next((one for one in clock.steps if one.text == text), None)
    if step is None:
        return None
    watcher = WATCHER.get()
    if watcher is not None:
        watcher.struck(draft.workflow, clock_id, step)
    if step.actions:
        what = draft.machine.worded(draft.trigger.name, lambda: _said(clock, step))
        carry_out(draft, step.actions, draft.trigger.name, what)
    return step.fires


def _note(draft: Draft, clock: Clock, record: ClockRecord, text: str) -> None:
    """The step has happened; from the due instant on the clock is breached."""
    due = record.due_at
    breached = record.breached or (due is not None and draft.scene.now >= due and not clock.hidden)
    after = make_record(
        record.name,
        record.lap,
        record.running,
        record.paused,
        record.state,
        record.started_at,
        due,
        breached,
        record.provisional,
        record.unset,
        (*record.fired, text),
    )
    _keep(draft, after, "step")
    draft.told[clock.id]["step"] = text


def _said(clock: Clock, step: ClockStep) -> Text:
    if step.text == DUE:
        return phrase("{clock} is due", "{clock}已到期", clock=clock.label)
    if step.text.endswith("%"):
        return phrase("{share} of {clock} has passed", "{clock}已过 {share}", share=step.text, clock=clock.label)
    return phrase("{clock}: {step}", "{clock}：{step}", clock=clock.label, step=step.text)


def resettle(draft: Draft, *, renew: bool) -> None:
    """Bring the clocks of a case under another definition into line with its state: start, pause and resume them.

    With `renew` the durations are those that this definition gives now; time consumed counts.
    """
    state = draft.workflow.states[draft.state]
    for clock in draft.workflow.clocks.values():
        record = draft.clocks.get(clock.id)
        if record is not None and record.running and renew:
            _renew(draft, clock, record)
        elif not state.final and state.id in clock.from_ and not _runs(draft, clock):
            _start(draft, clock)
        _rest(draft, clock)


def _renew(draft: Draft, clock: Clock, record: ClockRecord) -> None:
    limit, unset = _limit(draft.scene, clock)
    rule = ClockRule(limit, draft.workflow.calendar)
    reckoned = Reckoning(rule, rule.recounted(_reckoned(draft, record).state))
    after = _record(
        clock,
        reckoned,
        lap=record.lap,
        started_at=record.started_at,
        unset=unset,
        paused=record.paused,
        breached=record.breached,
        fired=record.fired,
    )
    if after != record:
        _keep(draft, after, "recompute", reckoned)
