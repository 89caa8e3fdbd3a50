"""The account of a stretch of time: what counted, what did not, and why; it explains every due instant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta

from relflow.calendars.calendar import Calendar
from relflow.calendars.instants import MICROSECOND, shown, to_utc, utc_of
from relflow.calendars.results import Day
from relflow.calendars.tables import DayKind
from relflow.structs import dataclass
from relflow.text import DEFAULT_LANGUAGE, Text
from relflow.values.durations import Duration, DurationKind
from relflow.values.words import Unit

__all__ = ["LedgerEntry", "ledger_text", "total", "working_entries"]

_TO = Text((("en", "{start} to {end}"), ("zh", "{start} 至 {end}")))
_COUNTED = Text((("en", "{span} {why}, {amount} counted"), ("zh", "{span} {why}，计 {amount}")))
_OVERDUE = Text((("en", "{span} {why}, {amount} overdue"), ("zh", "{span} {why}，超时 {amount}")))
_NOT_COUNTED = Text((("en", "{span} {why}, not counted"), ("zh", "{span} {why}，不计")))
_PROVISIONAL = Text(
    (("en", "{line} (provisional: the official list is not published)"), ("zh", "{line}（暂定：官方安排尚未公布）"))
)
_WORKING_TIME = Text((("en", "working time"), ("zh", "工作时间")))
_OUTSIDE = Text((("en", "outside working hours"), ("zh", "非工作时间")))


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line: from `start` to `end` (in the calendar's zone), counted or not, why, and how much time it counted.

    `unit` is the largest in which the words say that time; `overdue` is what counted after a clock's due instant.
    """

    start: datetime
    end: datetime
    counted: bool
    why: Text
    amount: timedelta = timedelta()
    provisional: bool = False
    unit: Unit = Unit.HOUR
    overdue: bool = False

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The line in words: `2026-02-15 to 2026-02-23 Spring Festival, not counted`."""
        whole = Duration(DurationKind.DAYS, time=timedelta(seconds=round(self.amount.total_seconds())), unit=self.unit)
        form = _OVERDUE if self.overdue else _COUNTED if self.counted else _NOT_COUNTED
        line = form.text(lang).format(span=self._span(lang), why=self.why.text(lang), amount=whole.text(lang))
        return _PROVISIONAL.text(lang).format(line=line) if self.provisional else line

    def _span(self, lang: str) -> str:
        """Whole days as dates, anything else with the time of day; what is the same is said once."""
        start, end = self.start.replace(tzinfo=None), self.end.replace(tzinfo=None)
        first, last = f"{start:%Y-%m-%d}", f"{end - timedelta(microseconds=1):%Y-%m-%d}"
        if start.time() == end.time() == time.min:
            return first if first >= last else _TO.text(lang).format(start=first, end=last)
        clock = "24:00" if end.time() == time.min else f"{end:%H:%M}"
        shown = clock if first == last else f"{last} {clock}"
        return _TO.text(lang).format(start=f"{first} {start:%H:%M}", end=shown)


def total(entries: Iterable[LedgerEntry]) -> timedelta:
    """The time that the entries count together."""
    return sum((entry.amount for entry in entries), timedelta())


def ledger_text(entries: Iterable[LedgerEntry], lang: str = DEFAULT_LANGUAGE) -> str:
    """The entries, one a line."""
    return "\n".join(entry.text(lang) for entry in entries)


def working_entries(calendar: Calendar, start: datetime, end: datetime) -> tuple[LedgerEntry, ...]:
    """The account of working time from `start` to `end`: alike days in a row share an entry.

    Nights and lunch breaks between open hours have no entry of their own: an entry that counts says how much.
    """
    entries: list[LedgerEntry] = []
    first, last = to_utc(start), to_utc(end)
    day = shown(first, calendar.zone).date()
    while (midnight := utc_of(day.toordinal(), 0, calendar.zone)) < last:
        entry = _of_day(calendar, calendar.day(day), max(first, midnight), last)
        if entry is not None:
            _append(entries, entry)
        day += timedelta(days=1)
    return tuple(entries)


def _of_day(calendar: Calendar, known: Day, start: int, end: int) -> LedgerEntry | None:
    """What a day adds from `start` on; nothing for a working day of which no open time is left, but the first."""
    end = min(end, utc_of(known.day.toordinal() + 1, 0, calendar.zone))
    opened = calendar.work.opened(start, end)
    why = known.why if known.kind is not DayKind.ORDINARY else _WORKING_TIME
    if opened:
        start = calendar.work.opening(start)
        end = calendar.work.advanced(start, opened, closing=True)
    elif known.works:
        if start == utc_of(known.day.toordinal(), 0, calendar.zone):
            return None
        why = _OUTSIDE
    at, until = shown(start, calendar.zone), shown(end, calendar.zone)
    return LedgerEntry(at, until, bool(opened), why, opened * MICROSECOND, known.provisional)


def _append(entries: list[LedgerEntry], entry: LedgerEntry) -> None:
    """Add an entry, as part of the last one if it says the same."""
    last = entries[-1] if entries else None
    if last and (last.counted, last.why, last.provisional) == (entry.counted, entry.why, entry.provisional):
        entries[-1] = replace(last, end=entry.end, amount=last.amount + entry.amount)
    else:
        entries.append(entry)
