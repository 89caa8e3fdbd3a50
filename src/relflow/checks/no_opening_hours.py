"""`no-opening-hours`: working hours where the calendar does not say when anybody works."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.calendars.hours import ALL_DAY
from relflow.checks.paths import sound
from relflow.diagnostics import Diagnostic, Message, Severity, Span
from relflow.program import Program, Run
from relflow.values import WorkingDuration

__all__ = ["check_opening_hours"]

NO_HOURS = Message.of(
    "no-opening-hours",
    Severity.WARNING,
    "`{name}` is counted in working hours, but the calendar names none: every working day has 24 of them",
    "`{name}` 按工作小时计算，而日历没有上班时间，每个工作日会按 24 小时计",
    'add `hours: "09:00-12:00, 13:30-18:00"` to the calendar, or count in hours',
    '在日历中补上 `hours: "09:00-12:00, 13:30-18:00"`，或改用小时',
)


def check_opening_hours(program: Program) -> Iterator[Diagnostic]:
    """Parameters and clocks that need opening hours, in a policy whose calendar has none."""
    if not program.id or any(shifts not in ((), ALL_DAY) for shifts in program.calendar.hours.week):
        return
    for name, span, value in _durations(program):
        if isinstance(value, WorkingDuration) and value.time:
            yield NO_HOURS.at(span, name=name)


def _durations(program: Program) -> Iterator[tuple[str, Span, object]]:
    run = Run(program, {}, program.effective[0])
    for name, parameter in program.parameters.items():
        if parameter.per is None and not parameter.reads_time:
            yield name, parameter.span, run.outcome(name).value
    for workflow in sound(program):
        for clock in workflow.clocks.values():
            if not clock.within.reads:
                yield clock.id, clock.within.span, clock.within.call(None)
