"""The account of a stretch of time: what counted, what did not, and why; it explains every due instant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from relflow.text import DEFAULT_LANGUAGE, Text
from relflow.values.durations import Duration, DurationKind
from relflow.values.words import Unit

__all__ = ["LedgerEntry", "ledger_text", "total"]

_TO = Text((("en", "{start} to {end}"), ("zh", "{start} 至 {end}")))
_COUNTED = Text((("en", "{span} {why}, {amount} counted"), ("zh", "{span} {why}，计 {amount}")))
_NOT_COUNTED = Text((("en", "{span} {why}, not counted"), ("zh", "{span} {why}，不计")))
_PROVISIONAL = Text(
    (("en", "{line} (provisional: the official list is not published)"), ("zh", "{line}（暂定：官方安排尚未公布）"))
)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line: from `start` to `end` (in the calendar's zone), counted or not, why, and how much time it counted."""

    start: datetime
    end: datetime
    counted: bool
    why: Text
    amount: timedelta = timedelta()
    provisional: bool = False

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The line in words: `2026-02-15 to 2026-02-23 Spring Festival, not counted`."""
        whole = Duration(DurationKind.DAYS, time=timedelta(seconds=round(self.amount.total_seconds())), unit=Unit.HOUR)
        form = _COUNTED if self.counted else _NOT_COUNTED
        line = form.text(lang).format(span=self._span(lang), why=self.why.text(lang), amount=whole.text(lang))
        return _PROVISIONAL.text(lang).format(line=line) if self.provisional else line

    def _span(self, lang: str) -> str:
        """Whole days as dates, anything else with the time of day; what is the same is said once."""
        start, end = self.start.replace(tzinfo=None), self.end.replace(tzinfo=None)
        first, last = f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}"
        if not (start.hour or start.minute or end.hour or end.minute):
            last = f"{end - timedelta(microseconds=1):%Y-%m-%d}"
            return first if first >= last else _TO.text(lang).format(start=first, end=last)
        shown = f"{end:%H:%M}" if first == last else f"{end:%Y-%m-%d %H:%M}"
        return _TO.text(lang).format(start=f"{start:%Y-%m-%d %H:%M}", end=shown)


def total(entries: Iterable[LedgerEntry]) -> timedelta:
    """The time that the entries count together."""
    return sum((entry.amount for entry in entries), timedelta())


def ledger_text(entries: Iterable[LedgerEntry], lang: str = DEFAULT_LANGUAGE) -> str:
    """The entries, one a line."""
    return "\n".join(entry.text(lang) for entry in entries)
