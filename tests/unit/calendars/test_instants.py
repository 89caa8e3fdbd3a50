"""Instants and local time, at the turn of years and where clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from relflow.calendars import Calendar
from relflow.calendars.instants import DAY, day_offsets, from_utc, local_of, shown, to_utc, utc_of

ZONES = ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Pago_Pago"]


@pytest.mark.parametrize("name", ZONES)
def test_the_year_of_an_instant_turns_at_local_midnight(name: str) -> None:
    """The microsecond before local New Year is of the old year and the next of the new one, for three centuries."""
    work = Calendar(zone=ZoneInfo(name)).work
    for year in range(1900, 2200):
        midnight = utc_of(date(year, 1, 1).toordinal(), 0, work.zone)
        assert (work.year_of(midnight - 1), work.year_of(midnight)) == (year - 1, year)


def test_a_skipped_time_is_the_instant_of_the_skip() -> None:
    """Every time between two and three on the night to summer time is three o'clock."""
    berlin, day = ZoneInfo("Europe/Berlin"), date(2026, 3, 29).toordinal()
    skip = to_utc(datetime(2026, 3, 29, 1, tzinfo=UTC))
    found = {utc_of(day, minutes * 60_000_000, berlin) for minutes in range(120, 181)}

    assert found == {skip}
    assert utc_of(day, 119 * 60_000_000, berlin) == skip - 60_000_000


def test_a_repeated_time_is_the_first_of_the_two_and_counts_as_its_end() -> None:
    """On the night back, two o'clock is the first one; the second pass of that hour is local three o'clock."""
    berlin, day = ZoneInfo("Europe/Berlin"), date(2026, 10, 25).toordinal()
    first = utc_of(day, 2 * 3_600_000_000, berlin)
    second = first + 3_600_000_000

    assert from_utc(first, berlin).fold == 0
    assert from_utc(second, berlin).fold == 1
    assert local_of(first + 1, berlin) == (day, 2 * 3_600_000_000 + 1)
    assert local_of(second, berlin) == local_of(second + 1_800_000_000, berlin) == (day, 3 * 3_600_000_000)
    assert local_of(second + 3_600_000_000, berlin) == (day, 3 * 3_600_000_000)


def test_days_with_a_change_of_offset_are_marked() -> None:
    """A day in which the clocks change has no offset of its own, the days beside it have theirs."""
    berlin, day = ZoneInfo("Europe/Berlin"), date(2026, 3, 28).toordinal()

    assert day_offsets(day, day + 2, berlin) == [3_600_000_000, None, 7_200_000_000]


def test_the_end_of_a_day_is_the_next_midnight() -> None:
    """24:00 of a day is 00:00 of the next, in any zone, and on the days when clocks change."""
    for name in ZONES:
        zone = ZoneInfo(name)
        for start in (date(2026, 3, 28), date(2026, 10, 24), date(2026, 11, 1)):
            for day in range(start.toordinal(), start.toordinal() + 3):
                assert utc_of(day, DAY, zone) == utc_of(day + 1, 0, zone)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("Asia/Shanghai", datetime(2026, 3, 29, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
        ("America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),  # midnight does not happen
        ("America/Sao_Paulo", datetime(2018, 2, 18, 2, tzinfo=UTC)),  # the hour before midnight happens twice
        ("America/St_Johns", datetime(2006, 10, 29, 2, 31, tzinfo=UTC)),  # the minute after midnight happens twice
        ("America/Toronto", datetime(1919, 3, 31, 4, 30, tzinfo=UTC)),  # from half past eleven to half past midnight
        ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # a day does not happen
        ("Pacific/Kwajalein", datetime(1969, 10, 1, 13, tzinfo=UTC)),  # most of a day happens twice
    ],
)
def test_instants_around_a_change_of_offset_are_those_of_the_zone(name: str, change: datetime) -> None:
    """Every quarter of an hour of three days before and after: what is shown is what the zone says, and leads back.

    The second pass of a time that happens twice counts as its end.
    """
    zone = ZoneInfo(name)
    for minutes in range(-3 * 1440, 3 * 1440, 15):
        instant = to_utc(change) + minutes * 60_000_000
        local = from_utc(instant, zone)

        assert shown(instant, zone).replace(tzinfo=None) == local.replace(tzinfo=None, fold=0)
        assert shown(instant, zone).utcoffset() == local.utcoffset()
        back = utc_of(*local_of(instant, zone), zone)
        if local.fold:
            assert instant <= back <= to_utc(change) + DAY
        else:
            assert back == instant


def test_what_is_shown_has_the_offset_of_its_instant() -> None:
    """A shown instant is local time with a fixed offset."""
    at = shown(to_utc(datetime(2026, 7, 1, tzinfo=UTC)), ZoneInfo("Europe/Berlin"))

    assert at.isoformat() == "2026-07-01T02:00:00+02:00"
    assert at.utcoffset() == timedelta(hours=2)
    assert not isinstance(at.tzinfo, ZoneInfo)
