"""Calendars, instants and durations to try."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from hypothesis import strategies as st

from relflow.calendars import Calendar, build_calendar
from relflow.values import Duration, DurationKind, Unit

CASES = Path(__file__).parents[1] / "cases" / "calendars"


def read_cases(name: str) -> Any:
    """The content of a YAML file of calendar cases, every scalar as text."""
    return yaml.load((CASES / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


CALENDARS: dict[str, Calendar] = {
    name: build_calendar(**settings) for name, settings in read_cases("calendars.yaml").items()
}


def local(text: str, zone: ZoneInfo) -> datetime:
    """A time of a case: in the calendar's zone unless it says its offset."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=zone)


calendars = st.sampled_from(sorted(CALENDARS)).map(lambda name: CALENDARS[name])
# dense around a change of the clocks, Spring Festival and the end of the published lists
instants = st.one_of(
    *(
        st.integers(0, int(60 * 24 * days)).map(lambda minutes, first=first: first + timedelta(minutes=minutes))
        for first, days in (
            (datetime(2026, 2, 12, tzinfo=UTC), 14),
            (datetime(2026, 3, 28, 12, tzinfo=UTC), 2),
            (datetime(2026, 10, 24, 12, tzinfo=UTC), 2),
            (datetime(2026, 10, 25, tzinfo=UTC), 0.1),
            (datetime(2026, 12, 31, 12, tzinfo=UTC), 1),
            (datetime(2026, 12, 28, tzinfo=UTC), 10),
            (datetime(2025, 1, 1, tzinfo=UTC), 700),
        )
    )
)
seconds = st.integers(0, 3_000_000).map(lambda number: timedelta(seconds=number))
working_hours = st.integers(0, 200 * 3600).map(
    lambda number: Duration(DurationKind.WORKING, time=timedelta(seconds=number))
)
whole_working_days = st.integers(0, 40).map(lambda days: Duration.of(f"{days} working days"))
working_days = st.integers(0, 400).map(lambda tenths: Duration.of(f"{tenths / 10} working days"))
wall = seconds.map(lambda time: Duration(DurationKind.DAYS, time=time))
months = st.integers(0, 30).map(lambda number: Duration(DurationKind.MONTHS, months=number))
working = st.one_of(
    working_hours,
    whole_working_days,
    working_days,
    st.builds(
        lambda days, time: Duration(DurationKind.WORKING, working_days=days.working_days, time=time),
        whole_working_days,
        seconds,
    ),
)
durations = st.one_of(working, wall, months)
units = {
    DurationKind.DAYS: (Unit.WEEK, Unit.DAY, Unit.HOUR, Unit.MINUTE, Unit.SECOND, None),
    DurationKind.MONTHS: (Unit.YEAR, Unit.MONTH, None),
    DurationKind.WORKING: (Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.WORKING_MINUTE, None),
}


@st.composite
def any_durations(draw: st.DrawFn) -> Duration:
    """Durations of every kind, to the microsecond, in whatever unit they were written."""
    kind = draw(st.sampled_from(DurationKind))
    unit = draw(st.sampled_from(units[kind]))
    if kind is DurationKind.MONTHS:
        return Duration(kind, months=draw(st.integers(0, 12_000)), unit=unit)
    time = draw(st.timedeltas(timedelta(0), timedelta(days=5000)))
    if kind is DurationKind.DAYS:
        return Duration(kind, time=time, unit=unit)
    return Duration(kind, time=time, unit=unit, working_days=draw(st.decimals(0, 5000, places=draw(st.integers(0, 6)))))
