"""Texts of dates, times and durations: read strictly, written back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relflow.values import (
    ExactDateTime,
    ExactDuration,
    ExactTime,
    FarDate,
    YearsMonthsDuration,
    literal,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_temporal,
    parse_time,
    to_text,
)
from relflow.values.zones import offset_zone

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-04-15", date(2026, 4, 15)),
        ("-0044-03-15", FarDate(-44, 3, 15)),
        ("12026-01-01", FarDate(12026, 1, 1)),
        ("0000-02-29", FarDate(0, 2, 29)),
        ("09:30:00", time(9, 30)),
        ("09:30:00.5Z", time(9, 30, 0, 500_000, UTC)),
        ("09:30:00-05:30:15", time(9, 30, tzinfo=offset_zone(-(5 * 3600 + 30 * 60 + 15)))),
        ("09:30:00@Europe/Paris", ExactTime(9, 30, 0, 0, PARIS)),
        ("09:30:00.000000001", ExactTime(9, 30, 0, 1)),
        ("2026-04-15T09:30:00+08:00", datetime(2026, 4, 15, 9, 30, tzinfo=offset_zone(8 * 3600))),
        ("2026-04-15T09:30:00@Europe/Paris", datetime(2026, 4, 15, 9, 30, tzinfo=PARIS)),
        ("2026-04-15T09:30:00.123456789", ExactDateTime(2026, 4, 15, 9, 30, 0, 123_456_789)),
        ("-2026-04-15T09:30:00", ExactDateTime(-2026, 4, 15, 9, 30)),
        ("P1DT2H3M4.5S", timedelta(1, 7384, 500_000)),
        ("-PT0.000000001S", ExactDuration(-1)),
        ("P1000000000D", ExactDuration(10**9 * 86_400 * 10**9)),
        ("P1Y2M", YearsMonthsDuration(14)),
        ("-P3M", YearsMonthsDuration(-3)),
    ],
)
def test_texts_are_read_and_written_back(text: str, value: Any) -> None:
    """A value of the standard library wherever it fits, one of ours where not."""
    read = parse_temporal(text)

    assert read == value
    assert type(read) is type(value)
    assert to_text(read) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-04-15T24:00:00", "2026-04-16T00:00:00"),
        ("9999-12-31T24:00:00", "10000-01-01T00:00:00"),
        ("24:00:00", "00:00:00"),
        ("11:22:33-00:00", "11:22:33Z"),
        ("11:22:33z", "11:22:33Z"),
        ("2026-04-15T11:22:33z", "2026-04-15T11:22:33Z"),
        ("PT0.S", "PT0S"),
        ("P0D", "PT0S"),
        ("PT61M", "PT1H1M"),
        ("PT1000M0.999999999S", "PT16H40M0.999999999S"),
        ("P1Y27M", "P3Y3M"),
        ("P0Y", "P0M"),
        ("-P0M", "P0M"),
    ],
)
def test_texts_that_are_written_another_way(text: str, written: str) -> None:
    """What has several spellings is written in one."""
    assert to_text(parse_temporal(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-4-15",
        "26-04-15",
        "2026-02-30",
        "2026-13-01",
        "01211-12-31",
        "+2026-01-01",
        "-0000-01-01",
        "1000000000-01-01",
        "2026-04-15T",
        "2026-04-15T9:30:00",
        "2026-04-15T24:00:01",
        "2026-04-1510:15:30",
        "2026-04-15T10:15:30+01:00@Europe/Paris",
        "２０２６-04-15",
        "23:59:60",
        "07:20",
        "07:20:00.",
        "25:00:00",
        "13:20:00@xyz/abc",
        "13:20:00@../../etc/passwd",
        "13:20:00@Europe",
        "13:20:00@",
        "13:20:00+19:00",
        "13:20:00+5",
        "P",
        "PT",
        "P1DT",
        "P1H",
        "P1Y2D",
        "1D",
        "P-1D",
        "P" + "9" * 30 + "D",
        "9" * 5000,
        "P" + "1" * 5000 + "D",
        "\u0660\u0661:00:00",
    ],
)
def test_every_other_text_is_a_value_error(text: str) -> None:
    """Whatever the text, nothing but ValueError comes out."""
    for parse in (parse_temporal, parse_date, parse_time, parse_datetime, parse_duration):
        with pytest.raises(ValueError, match=r"\S"):
            parse(text)


def test_a_date_and_time_may_be_a_date_alone() -> None:
    """It is the midnight that begins the day."""
    assert parse_datetime("2026-04-15") == datetime(2026, 4, 15)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        ("a", "a"),
        (['a "b"', 1, None], '["a \\"b\\"", 1, null]'),
        ({"a": [date(2026, 1, 1)]}, "{a: [2026-01-01]}"),
        ([], "[]"),
        ({}, "{}"),
        ({"a b": 1, "": 2, "a:b": 3, "年": 4}, '{a b: 1, "": 2, "a:b": 3, 年: 4}'),
    ],
)
def test_other_values_as_text(value: Any, text: str) -> None:
    """Texts stand in quotes inside lists and contexts only."""
    assert to_text(value) == text


def test_a_text_as_a_literal_stands_in_quotes() -> None:
    """With its quotes and backslashes escaped."""
    assert literal('a"\\') == '"a\\"\\\\"'
