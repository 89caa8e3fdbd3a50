"""Working time against hand-worked cases and against lists that others made."""

from __future__ import annotations

import csv
import json
import pickle
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relflow.calendars import (
    DayKind,
    OwnDay,
    Working,
    build_calendar,
    ledger_text,
    own_days,
    read_published,
    total,
    working_entries,
)
from relflow.calendars.lists import PublishedYear
from relflow.errors import FactError
from relflow.text import Text
from relflow.values import Duration
from tests.strategies.calendars import CALENDARS, CASES, local

DATA = Path(__file__).parents[2] / "data"
CHINA = CALENDARS["lunch"]
LAST_PUBLISHED = max(CHINA.days.published)


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows(CASES / "add.csv"), ids=lambda row: f"{row['calendar']}-{row['why']}")
def test_a_duration_added_to_an_instant(row: dict[str, str]) -> None:
    """An instant and a duration give the instant that was worked out by hand."""
    calendar = CALENDARS[row["calendar"]]
    reached = calendar.add(local(row["start"], calendar.zone), Duration.of(row["duration"]))

    assert reached.at.isoformat() == local(row["due"], calendar.zone).astimezone(calendar.zone).isoformat()
    assert reached.provisional is (row["provisional"] == "yes")


@pytest.mark.parametrize("row", rows(DATA / "cn_workdays_2024_2025.csv"), ids=lambda row: row["date"])
def test_china_works_when_the_lists_say(row: dict[str, str]) -> None:
    """Each day of two years works or not, and for the reason, as three independent sources have it."""
    kinds = {
        "workday": DayKind.ORDINARY,
        "weekend": DayKind.WEEKEND,
        "holiday": DayKind.HOLIDAY,
        "makeup_workday": DayKind.MAKEUP,
    }
    day = date.fromisoformat(row["date"])

    assert CHINA.is_working(day) is (Working.YES if row["is_working_day"] == "1" else Working.NO)
    assert CHINA.day(day).kind is kinds[row["kind"]]


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_state_council_list_read_as_a_file_changes_nothing(year: int) -> None:
    """The list of a year in the form of holiday-cn is read, and agrees with what is installed on every day."""
    text = (DATA / f"holiday_cn_{year}.json").read_text(encoding="utf-8")
    published = read_published(text)
    assert isinstance(published, PublishedYear)
    calendar = CHINA.with_published([published])
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    listed = {entry["date"]: entry["isOffDay"] for entry in json.loads(text)["days"]}

    assert [calendar.is_working(day) for day in days] == [CHINA.is_working(day) for day in days]
    for day, off in listed.items():
        if day.startswith(str(year)):
            assert calendar.is_working(date.fromisoformat(day)) is (Working.NO if off else Working.YES)


def test_the_shifted_working_days_of_2026() -> None:
    """Six days of weekends work in 2026, the rest of the year has 248 working days in all."""
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    shifted = [day.isoformat() for day in days if CHINA.day(day).kind is DayKind.MAKEUP]

    assert shifted == ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    assert sum(CHINA.is_working(day) is Working.YES for day in days) == 248
    assert CHINA.working_days_between(date(2025, 12, 31), date(2026, 12, 31)) == 248


def test_the_bundled_year_says_what_the_package_says() -> None:
    """The newest list that relflow carries is the same as the package's, where the package has it."""
    from chinese_calendar import constants

    from relflow.calendars.china import _BUNDLED, _bundled

    for year in _BUNDLED:
        carried = _bundled(year)
        closed = {day for day in constants.holidays if day.year == year}
        if closed:
            assert set(carried.closed) == closed
            assert set(carried.makeup) == {day for day in constants.workdays if day.year == year}


def test_the_first_year_without_a_list_is_provisional() -> None:
    """After the last published year every day is provisional, and guessed by the usual festivals."""
    year = LAST_PUBLISHED + 1
    eve = CALENDARS["lunch"]
    holiday = eve.day(date(year, 10, 1))

    assert LAST_PUBLISHED >= 2026
    assert CHINA.is_working(date(LAST_PUBLISHED, 12, 31)) is not Working.PROVISIONAL
    assert CHINA.is_working(date(year, 1, 4)) is Working.PROVISIONAL
    assert (holiday.works, holiday.provisional) == (False, True)
    assert holiday.why.text("zh") == "国庆节"


def test_an_answer_that_crosses_into_the_unknown_is_provisional() -> None:
    """Working time that reaches an unpublished year says so; exact time and months do not rest on any list."""
    start = datetime(LAST_PUBLISHED, 12, 31, 17, tzinfo=CHINA.zone)

    assert CHINA.add(start, Duration.of("10 working days")).provisional
    assert not CHINA.add(start, Duration.of("10 days")).provisional
    assert not CHINA.add(start, Duration.of("1 month")).provisional
    assert not CHINA.add(start - timedelta(days=30), Duration.of("1 working day")).provisional
    assert CHINA.elapsed(start, start + timedelta(days=9)).provisional


def test_a_list_that_arrives_ends_the_guess() -> None:
    """With its list a year is no longer provisional, and its working days move as the list says."""
    year = LAST_PUBLISHED + 1
    list_ = {
        "year": year,
        "days": [
            {"name": "国庆节", "date": f"{year}-10-01", "isOffDay": True},
            {"name": "国庆节", "date": f"{year}-10-03", "isOffDay": False},
        ],
    }
    published = read_published(json.dumps(list_))
    assert isinstance(published, PublishedYear)
    calendar = CHINA.with_published([published])

    assert calendar.is_working(date(year, 10, 1)) is Working.NO
    assert calendar.is_working(date(year, 10, 3)) is Working.YES
    assert calendar.digest != CHINA.digest


@pytest.mark.parametrize(
    "text", ["", "[]", '{"year": 2027}', '{"year": 2027, "days": []}', '{"year": 2027, "days": [{}]}']
)
def test_what_is_no_list_is_refused(text: str) -> None:
    """A file that is no list, or an empty one for a year not yet arranged, is refused with the form that is read."""
    refused = read_published(text)

    assert not isinstance(refused, PublishedYear)
    assert refused.message.name == "not-a-day-list"


def test_how_far_the_guess_is_from_published_lists() -> None:
    """Held against eleven published years, the guess is wrong on as many days as its module says."""
    from relflow.calendars.china import guess

    wrong = {}
    for year in range(2016, 2027):
        closed = guess(year)
        days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
        wrong[year] = sum((day.weekday() < 5 and day not in closed) is not CHINA.day(day).works for day in days)

    assert (min(wrong.values()), max(wrong.values())) == (6, 14)


def test_a_company_has_the_last_word_on_a_day() -> None:
    """Days that the company opens or closes win over the official list and the week, and have a name."""
    calendar = CHINA.with_days(
        own_days(closed={date(2026, 3, 6): "Founders' day"}, open=[date(2026, 3, 7), date(2026, 2, 16)])
    )

    assert calendar.is_working(date(2026, 3, 6)) is Working.NO
    assert calendar.day(date(2026, 3, 6)).why.text() == "Founders' day"
    assert calendar.is_working(date(2026, 3, 7)) is Working.YES
    assert calendar.day(date(2026, 2, 16)).why.text("zh") == "企业工作日"
    assert calendar.digest != CHINA.digest
    again = calendar.with_days(own_days(open=[date(2026, 3, 6)]))
    assert again.is_working(date(2026, 3, 6)) is Working.YES


def test_the_word_of_the_company_is_not_provisional() -> None:
    """A day that the company itself opens or closes is certain, even in a year without an official list."""
    year = LAST_PUBLISHED + 1
    calendar = CHINA.with_days(own_days(closed=[date(year, 3, 3)], open=[date(year, 10, 1)]))

    assert calendar.is_working(date(year, 3, 3)) is Working.NO
    assert calendar.is_working(date(year, 10, 1)) is Working.YES
    assert calendar.is_working(date(year, 3, 4)) is Working.PROVISIONAL


def test_a_company_that_enters_the_list_itself() -> None:
    """A year declared published, with the company's own days in it, is no longer guessed."""
    year = LAST_PUBLISHED + 1
    calendar = CHINA.with_published([PublishedYear(year, {})]).with_days(own_days(closed=[date(year, 3, 3)]))

    assert calendar.is_working(date(year, 3, 3)) is Working.NO
    assert calendar.is_working(date(year, 3, 4)) is Working.YES
    assert not calendar.is_provisional(date(year, 1, 1), date(year, 12, 31))


def test_a_day_with_hours_of_its_own() -> None:
    """An office that closes at noon on one day counts only the morning, and says why."""
    eve = OwnDay(date(2026, 2, 14), True, Text.of("half day"), shifts=((540, 720),))
    calendar = CHINA.with_days([eve])
    start = local("2026-02-13T17:30", CHINA.zone)

    assert str(calendar.add(start, Duration.of("4 working hours")).at) == "2026-02-24 09:30:00+08:00"
    assert working_entries(calendar, start, start + timedelta(days=1))[1].text() == (
        "2026-02-14 09:00 to 12:00 half day, 3 hours counted"
    )


def test_shifted_working_days_of_another_country() -> None:
    """Hungary worked on Saturday 3 August 2024 for a day off after Saint Stephen's."""
    hungary = build_calendar("HU")
    day = hungary.day(date(2024, 8, 3))

    assert (day.works, day.why.text(), day.why.text("zh")) == (True, "shifted working day", "调休上班")
    assert not hungary.day(date(2024, 8, 19)).works


def test_a_weekday_off_is_named_as_such() -> None:
    """A weekday without hours is a weekly day off, a Saturday or Sunday is the weekend."""
    calendar = build_calendar(hours={"mon-thu": "09:00-18:00", "fri": ""})

    assert calendar.day(date(2026, 3, 6)).why.text() == "weekly day off"
    assert calendar.day(date(2026, 3, 7)).why.text("zh") == "周末"


def test_days_are_moved_off_holidays() -> None:
    """Next, previous, adjusted and shifted days know holidays, shifted working days and both directions."""
    eve, festival, after = date(2026, 2, 14), date(2026, 2, 17), date(2026, 2, 24)

    assert CHINA.next_working_day(eve).day == after
    assert CHINA.previous_working_day(after).day == eve
    assert CHINA.adjusted(festival, "next").day == after
    assert CHINA.adjusted(festival, "previous").day == eve
    assert CHINA.adjusted(festival, "unchanged").day == festival
    assert CHINA.adjusted(eve, "next").day == eve
    assert CHINA.shift(festival, Duration.of("7 days"), back=True).day == date(2026, 2, 10)
    assert CHINA.shift(festival, Duration.of("2 working days"), back=True).day == date(2026, 2, 13)
    assert CHINA.shift(festival, Duration.of("1 working day")).day == after
    assert CHINA.shift(date(2026, 1, 31), Duration.of("1 month")).day == date(2026, 2, 28)


def test_part_of_a_working_day_is_a_whole_one_on_dates() -> None:
    """A date has no time of day: half a working day after or before it is the next or the last working day."""
    festival = date(2026, 2, 17)

    assert CHINA.shift(festival, Duration.of("0.5 working days")).day == date(2026, 2, 24)
    assert CHINA.shift(festival, Duration.of("0.5 working days"), back=True).day == date(2026, 2, 14)


def test_days_reached_from_or_into_an_unpublished_year_are_provisional() -> None:
    """A working day counted over an unpublished year is provisional, whichever end lies in it; an adjusted day too."""
    last, first = date(LAST_PUBLISHED, 12, 20), date(LAST_PUBLISHED + 1, 1, 20)
    many = Duration.of("20 working days")

    assert CHINA.shift(last, many).provisional
    assert CHINA.shift(first, many, back=True).provisional
    assert CHINA.shift(first, many, back=True).day.year == LAST_PUBLISHED
    assert not CHINA.shift(last, many, back=True).provisional
    assert not CHINA.shift(last, Duration.of("2 months")).provisional
    assert CHINA.adjusted(first, "next").provisional
    assert not CHINA.adjusted(first, "unchanged").provisional


def test_working_hours_cannot_be_counted_from_a_date() -> None:
    """Hours need an instant; a date with hours is refused in both languages."""
    with pytest.raises(FactError) as caught:
        CHINA.shift(date(2026, 2, 17), Duration.of("4 working hours"))

    assert caught.value.text() == "4 working hours can be counted from an instant, not from a date"
    assert caught.value.text("zh") == "4 个工作小时只能从具体时刻起算，不能从日期起算"


def test_a_plain_calendar_is_never_provisional() -> None:
    """Without a country, Monday to Friday work in every year, and nothing rests on a list."""
    calendar = build_calendar(hours="09:00-17:00")

    assert calendar.is_working(date(2126, 1, 1)) is Working.YES
    assert calendar.is_working(date(2126, 1, 5)) is Working.NO
    assert not calendar.add(datetime(2126, 1, 1, tzinfo=ZoneInfo("UTC")), Duration.of("90 working days")).provisional


def test_other_countries_and_regions() -> None:
    """Germany and Bavaria differ by Epiphany; a country that estimates its feasts is provisional in those years."""
    bavaria, emirates = build_calendar("DE-BY"), build_calendar("ae")

    assert CALENDARS["berlin"].is_working(date(2026, 1, 6)) is Working.YES
    assert bavaria.is_working(date(2026, 1, 6)) is Working.NO
    assert bavaria.day(date(2026, 1, 6)).why.text() == "Epiphany"
    assert emirates.is_working(date(2030, 3, 5)) is Working.PROVISIONAL
    assert bavaria.is_working(date(2060, 1, 4)) is Working.PROVISIONAL


def test_a_status_has_no_truth_value() -> None:
    """A working status cannot be mistaken for a boolean, since provisional is neither."""
    with pytest.raises(TypeError, match="yes, no or provisional"):
        bool(CHINA.is_working(date(2026, 2, 17)))


def test_instants_without_a_zone_are_refused() -> None:
    """A naive datetime is refused, never taken as local time."""
    with pytest.raises(FactError) as caught:
        CHINA.add(datetime(2026, 2, 13, 9), Duration.of("1 hour"))

    assert caught.value.reason == "naive-datetime"


@pytest.mark.parametrize("text", ["900 years", "20000 working days", "170000 working hours"])
def test_beyond_the_years_of_the_calendar(text: str) -> None:
    """A result that no date can hold is a refusal in both languages, not a Python error."""
    with pytest.raises(FactError) as caught:
        build_calendar(hours="09:00-17:00").add(datetime(9930, 1, 1, tzinfo=ZoneInfo("UTC")), Duration.of(text))

    assert caught.value.reason == "calendar-range"
    assert caught.value.text("zh") == "结果超出了日历的年份范围"


def test_calendars_are_values() -> None:
    """A calendar survives pickling, equals one of the same settings, and its digest tells different ones apart."""
    again = pickle.loads(pickle.dumps(CHINA))
    same = build_calendar("cn", "09:00-12:00, 13:30-18:00", "Asia/Shanghai")

    assert again == same == CHINA
    assert {again.digest, same.digest} == {CHINA.digest}
    assert len({again, same, CHINA}) == 1
    assert len({calendar.digest for calendar in CALENDARS.values()}) == len(CALENDARS)
    assert again.add(datetime(2026, 2, 13, 17, 30, tzinfo=CHINA.zone), Duration.of("1 working day")) == same.add(
        datetime(2026, 2, 13, 17, 30, tzinfo=CHINA.zone), Duration.of("1 working day")
    )


def test_a_stretch_explains_itself() -> None:
    """Alike days in a row share a line, festivals are named, and the lines add up to the open time."""
    start, end = (local(text, CHINA.zone) for text in ("2026-02-12T16:00", "2026-03-02T10:00"))
    entries = working_entries(CHINA, start, end)

    assert ledger_text(entries).splitlines() == [
        "2026-02-12 16:00 to 2026-02-13 18:00 working time, 9 hours 30 minutes counted",
        "2026-02-14 09:00 to 18:00 shifted working day (Spring Festival), 7 hours 30 minutes counted",
        "2026-02-15 to 2026-02-23 Spring Festival, not counted",
        "2026-02-24 09:00 to 2026-02-27 18:00 working time, 30 hours counted",
        "2026-02-28 09:00 to 18:00 shifted working day (Spring Festival), 7 hours 30 minutes counted",
        "2026-03-01 weekend, not counted",
        "2026-03-02 09:00 to 10:00 working time, 1 hour counted",
    ]
    assert ledger_text(entries, "zh").splitlines()[2:4] == [
        "2026-02-15 至 2026-02-23 春节，不计",
        "2026-02-24 09:00 至 2026-02-27 18:00 工作时间，计 30 小时",
    ]
    assert total(entries) == CHINA.elapsed(start, end).time


def test_instants_compare_rightly_where_the_clocks_go_back() -> None:
    """Two due instants in the repeated hour compare and subtract by real time, which zoned datetimes would not."""
    berlin = CALENDARS["round_the_clock"]
    start = datetime(2026, 10, 25, 2, 40, tzinfo=berlin.zone)
    first, second = (berlin.add(start, Duration.of(text)).at for text in ("10 working minutes", "30 working minutes"))

    assert (first.isoformat(), second.isoformat()) == ("2026-10-25T02:50:00+02:00", "2026-10-25T02:10:00+01:00")
    assert first < second
    assert second - first == timedelta(minutes=20)
