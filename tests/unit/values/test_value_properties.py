"""What stands after the dot of a date, time, duration or range."""

from __future__ import annotations

from typing import Any

import pytest

from relflow.values import Range, parse_temporal, property_of, to_text


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("2026-04-15", "year", 2026),
        ("2026-04-15", "month", 4),
        ("2026-04-15", "day", 15),
        ("2026-04-15", "weekday", 3),
        ("2026-04-12", "weekday", 7),
        ("-0044-03-15", "weekday", 4),
        ("2026-04-15", "hour", None),
        ("2026-04-15T09:30:15.5+08:00", "hour", 9),
        ("2026-04-15T09:30:15.5+08:00", "second", 15),
        ("2026-04-15T09:30:15.5+08:00", "timezone", None),
        ("2026-04-15T09:30:15@Asia/Shanghai", "timezone", "Asia/Shanghai"),
        ("09:30:15", "minute", 30),
        ("09:30:15", "time offset", None),
        ("P1DT2H3M4.5S", "days", 1),
        ("P1DT2H3M4.5S", "hours", 2),
        ("P1DT2H3M4.5S", "minutes", 3),
        ("P1DT2H3M4.5S", "seconds", 4),
        ("-P1DT2H", "days", -1),
        ("-P1DT2H", "hours", -2),
        ("P1D", "years", None),
        ("P1Y2M", "years", 1),
        ("P1Y2M", "months", 2),
        ("-P1Y2M", "years", -1),
        ("-P1Y2M", "months", -2),
        ("P1Y", "days", None),
    ],
)
def test_properties(text: str, name: str, value: Any) -> None:
    """Each kind has its own; other names are null."""
    assert property_of(parse_temporal(text), name) == value


def test_offsets_are_durations() -> None:
    """Of a named zone, the offset on that day."""
    assert to_text(property_of(parse_temporal("09:30:15-05:30"), "time offset")) == "-PT5H30M"
    assert to_text(property_of(parse_temporal("2026-07-01T00:00:00@Europe/Paris"), "time offset")) == "PT2H"


def test_ranges_have_four() -> None:
    """Their ends, and whether they belong to them."""
    range_ = Range(1, 5, end_included=False)

    assert [property_of(range_, name) for name in ("start", "end", "start included", "end included")] == [
        1,
        5,
        True,
        False,
    ]


def test_other_values_have_none() -> None:
    """Neither numbers nor null nor Python's own attributes."""
    assert property_of(1, "real") is None
    assert property_of(None, "year") is None
    assert property_of(parse_temporal("2026-04-15"), "isoformat") is None
