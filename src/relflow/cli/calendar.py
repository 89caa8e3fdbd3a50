"""`relflow calendar`: a year, a month or a day, and arithmetic with working time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.failures import FINE
from relflow.cli.screen import Table, data, note
from relflow.cli.session import Problem, current, say
from relflow.cli.words import argument, option
from relflow.cli.words import command as make
from relflow.text import join

if TYPE_CHECKING:
    from relflow.calendars import Calendar, Day

__all__ = ["command"]

_WEEKDAYS = {"en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], "zh": list("一二三四五六日")}
_PERIOD = re.compile(r"(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?")


@make(
    "calendar",
    en="Show working days and do working-time arithmetic.\n"
    "PERIOD is a year, a month or a day: 2026, 2026-02, 2026-02-14. Without it: this month.",
    zh="查看工作日，计算工作时间。\nPERIOD 为年、月或日：2026、2026-02、2026-02-14，不写则为本月。",
)
@argument("period", required=False, en="A year, a month or a day.", zh="年、月或日。")
@option("--policy", "policy", metavar="PATH", en="Take the policy's calendar.", zh="使用该制度的日历。")
@option(
    "--country",
    metavar="CODE",
    en="Take this country's, e.g. CN, DE-BY; default: CN.",
    zh="使用该国日历，如 CN、DE-BY，默认 CN。",
)
@option(
    "--hours",
    metavar="TEXT",
    en='Opening hours, e.g. "09:00-12:00, 13:30-18:00".',
    zh='营业时间，如 "09:00-12:00, 13:30-18:00"。',
)
@option(
    "--timezone", default="Asia/Shanghai", metavar="ZONE", en="Time zone without a policy.", zh="未给制度时的时区。"
)
@option("--from", "start", metavar="WHEN", en="Start of the arithmetic.", zh="计算的起点。")
@option(
    "--add",
    "length",
    metavar="DURATION",
    en='What to add, e.g. "4 working hours".',
    zh="要加的时长，如“4 个工作小时”。",
)
@option("--to", "end", metavar="WHEN", en="End, to measure from --from.", zh="终点，计算与起点之间的工作时间。")
@options.lang_option
def command(
    period: str | None,
    policy: str | None,
    country: str | None,
    hours: str | None,
    timezone: str,
    start: str | None,
    length: str | None,
    end: str | None,
) -> int:
    """Choose between looking and counting."""
    calendar = _calendar(policy, country, hours, timezone)
    if start or length or end:
        _count(calendar, start, length, end)
        return FINE
    days = list(_days(calendar, period))
    if len(days) == 1:
        _show_day(days[0])
    elif len(days) > 31:
        _show_year(days)
    else:
        _show_month(days)
    if any(day.provisional for day in days):
        year = next(day.day.year for day in days if day.provisional)
        note(
            say(
                "provisional: the official list of {year} is not known yet",
                "暂定：尚无 {year} 年的官方放假安排",
                year=year,
            )
        )
    return FINE


def _calendar(policy: str | None, country: str | None, hours: str | None, timezone: str) -> Calendar:
    if policy or (not country and Path("policy.yaml").exists()):
        from relflow.policy import load

        found: Calendar = load(options.policy_source(policy or ".")).program.calendar
        return found
    from relflow.calendars import build_calendar

    return build_calendar(country=country or "CN", hours=hours, timezone=timezone)


def _days(calendar: Calendar, period: str | None) -> Iterator[Day]:
    """Every day of the period."""
    found = _PERIOD.fullmatch(period or f"{datetime.now(calendar.zone):%Y-%m}")
    try:
        if not found:
            raise ValueError(period)
        year, month, day = (int(part) if part else None for part in found.groups())
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        raise Problem(say("`{text}` is no year, month or day", "`{text}` 不是年、月或日", text=period)) from None
    for ordinal in range(first.toordinal(), date.max.toordinal() + 1):
        on = date.fromordinal(ordinal)
        if (on.year, on.month if month else None, on.day if day else None) != (year, month, day):
            return
        yield calendar.day(on)


def _show_day(day: Day) -> None:
    lang = current().lang
    weekday = _weekday(day.day)
    works = say("works", "上班") if day.works else say("closed", "休息")
    data(f"{day.day}  {weekday}  {works}  {day.why.text(lang)}")


def _show_month(days: list[Day]) -> None:
    """A grid of weeks, what is out of the ordinary marked and listed below."""
    data(f"{days[0].day:%Y-%m}")
    table = Table(*(name + " " for name in _weekdays()), right=range(7))
    cells = [""] * days[0].day.weekday() + [f"{day.day.day}{_mark(day)}" for day in days]
    for week in range(0, len(cells), 7):
        table.add(*cells[week : week + 7])
    table.show("  ")
    data(
        say(
            "{count} working days   * closed   + worked weekend",
            "{count} 个工作日   * 休息   + 周末上班",
            count=sum(day.works for day in days),
        )
    )
    for line in _special(days):
        data("  " + line)


def _mark(day: Day) -> str:
    if day.works == (day.day.weekday() < 5):
        return " "
    return "+" if day.works else "*"


def _show_year(days: list[Day]) -> None:
    """A line a month."""
    table = Table(
        say("month", "月份"), say("working days", "工作日"), say("out of the ordinary", "特殊安排"), right=[1]
    )
    for month, group in groupby(days, key=lambda day: f"{day.day:%Y-%m}"):
        listed = list(group)
        table.add(month, sum(day.works for day in listed), join(list(_special(listed)), current().lang))
    table.add(say("year", "全年"), sum(day.works for day in days))
    table.show()


def _special(days: list[Day]) -> Iterator[str]:
    """Holidays and worked weekends: runs of days with the same reason in one piece."""
    lang = current().lang
    marked = [day for day in days if _mark(day) != " "]
    for _, group in groupby(enumerate(marked), key=lambda pair: (pair[1].why, _mark(pair[1]))):
        run = [day for _, day in group]
        first, last = run[0].day, run[-1].day
        span = f"{first:%m-%d}" if first == last else f"{first:%m-%d}–{last:%m-%d}"
        yield f"{span} {run[0].why.text(lang)}"


def _weekday(day: date) -> str:
    name = _weekdays()[day.weekday()]
    return say(name, f"周{name}")


def _weekdays() -> list[str]:
    return _WEEKDAYS["zh" if current().lang.startswith("zh") else "en"]


def _count(calendar: Calendar, start: str | None, length: str | None, end: str | None) -> None:
    """From an instant: what a duration later is, or how much working time lies up to another."""
    if not start or bool(length) == bool(end):
        raise Problem(say("give --from with --add, or --from with --to", "请给出 --from 和 --add，或 --from 和 --to"))
    at = _instant(start, calendar)
    lang = current().lang
    if end:
        elapsed = calendar.elapsed(at, _instant(end, calendar))
        data(_length(elapsed.time))
        provisional = elapsed.provisional
    else:
        from relflow.values.durations import Duration

        reached = calendar.add(at, Duration.of(length or ""))
        data(f"{reached.at:%Y-%m-%d %H:%M} {_weekday(reached.at)}")
        provisional = reached.provisional
        day = calendar.day(reached.at.date())
        if _mark(day) != " ":
            note(day.why.text(lang))
    if provisional:
        note(say("provisional: the official list is not known yet", "暂定：尚无官方放假安排"))


def _instant(text: str, calendar: Calendar) -> datetime:
    found = options.moment(text, calendar.zone)
    if isinstance(found, datetime):
        return found
    return datetime(found.year, found.month, found.day, tzinfo=calendar.zone)


def _length(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    return say("{hours} h {minutes:02} min", "{hours} 小时 {minutes:02} 分", hours=minutes // 60, minutes=minutes % 60)
