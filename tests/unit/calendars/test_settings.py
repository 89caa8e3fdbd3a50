"""A calendar from settings: what is read, and every mistake at its key."""

from __future__ import annotations

from datetime import date

import pytest

from relflow.calendars import Calendar, DayList, Hours, Working, build_calendar, read_calendar, read_hours
from relflow.calendars.hours import read_shifts
from relflow.diagnostics import Fragment
from relflow.errors import FactError
from relflow.text import Text
from relflow.values import Refusal
from tests.strategies.calendars import read_cases


@pytest.mark.parametrize("case", read_cases("refused_settings.yaml"), ids=lambda case: case["it"])
def test_refused_settings(case: dict[str, dict[str, str]]) -> None:
    """Each wrong setting is named under its key, in both languages, with what would be right."""
    found = read_calendar(**case["settings"])
    assert isinstance(found, dict)

    shown = {
        key: [refusal.text(), refusal.help(), refusal.text("zh"), refusal.help("zh")] for key, refusal in found.items()
    }
    assert shown == case["refused"]
    assert {key: list(refusal.suggestions) for key, refusal in found.items()} == case["suggestions"]


def test_a_refusal_is_a_finding_at_its_place() -> None:
    """What a reader gets can be shown at the text's place in the file."""
    refused = read_hours("22:00-06:00")
    assert isinstance(refused, Refusal)
    finding = refused.at(Fragment.of("22:00-06:00", "policy.yaml").span)

    assert (finding.name, str(finding.span)) == ("hours-cross-midnight", "policy.yaml:1:1")


def test_build_raises_what_read_returns() -> None:
    """For hosts the first mistake is an error that says the remedy."""
    with pytest.raises(FactError, match="there is no time zone `Mars`") as caught:
        build_calendar(timezone="Mars")

    assert caught.value.reason == "unknown-time-zone"


def test_hours_by_weekday_in_a_mapping_or_in_one_text() -> None:
    """Both forms say the same; a weekday left out is a day off; a shifted day takes the first hours, or its own."""
    text = read_hours("mon-thu 09:00-12:00, 13:30-18:00; fri 09:00-13:00")
    mapping = read_hours({"mon-thu": "09:00-12:00, 13:30-18:00", "fri": "09:00-13:00"})
    own = read_hours({"mon-fri": "09:00-18:00", "sat": "", "makeup": "10:00-12:00"})

    assert text == mapping
    assert isinstance(text, Hours)
    assert isinstance(own, Hours)
    assert text.on(4) == ((540, 780),)
    assert text.on(6) == ((540, 720), (810, 1080))
    assert own.on(5) == ((600, 720),)


def test_a_shifted_day_keeps_its_own_hours() -> None:
    """Where shifted working days are shorter, they count less."""
    calendar = build_calendar("CN", {"mon-fri": "09:00-18:00", "makeup": "10:00-12:00"}, "Asia/Shanghai")
    sunday = date(2026, 9, 20)

    assert calendar.day(sunday).works
    assert calendar.work.open_year(2026).total == (242 * 9 + 6 * 2) * 3_600_000_000


@pytest.mark.parametrize(
    "text", ["09:00 - 12:00 , 13:30-18:00", "9:00-12:00，13:30-18:00", "09:00至12:00、13:30到18:00"]
)
def test_shifts_may_be_written_as_people_do(text: str) -> None:
    """Blanks, Chinese commas and 至 are understood."""
    assert read_shifts(text) == ((540, 720), (810, 1080))


def test_shifts_may_touch() -> None:
    """A shift may begin as the one before it ends, up to midnight."""
    assert read_shifts("00:00-08:00, 08:00-16:00, 16:00-24:00") == ((0, 480), (480, 960), (960, 1440))


def test_no_settings_at_all() -> None:
    """Without settings: Monday to Friday, whole days, UTC."""
    calendar = read_calendar()

    assert isinstance(calendar, Calendar)
    assert calendar == Calendar()
    assert str(calendar.zone) == "UTC"


def test_a_plugin_may_bring_a_country() -> None:
    """A list under a name of the plugin's own is found by that name, before any country."""
    holiday = date(2026, 6, 5)
    brought = DayList("moon", closed={holiday: Text.of("Moon day")}, always=True)
    found = read_calendar(country="moon", known={"moon": brought})

    assert isinstance(found, Calendar)
    assert found.is_working(holiday) is Working.NO
    assert found.is_working(date(2126, 6, 5)) is Working.YES
