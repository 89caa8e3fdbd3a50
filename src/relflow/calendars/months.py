"""Months and years by the calendar: always counted from the anchor, so that a clamped day never drifts."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

__all__ = ["add_months", "months_between", "part_of_months"]


def add_months(anchor: date, months: int) -> date:
    """The same day `months` later (or earlier), or the last of that month where it has no such day.

    31 January and one month is 28 or 29 February; and two months, counted from 31 January again, 31 March. Raises
    OverflowError beyond the years 1 to 9999.
    """
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"{anchor} and {months} months is beyond the calendar")
    day = anchor.day
    return date(year, month + 1, day if day <= 28 else min(day, monthrange(year, month + 1)[1]))


def part_of_months(anchor: date, months: Fraction) -> date:
    """As `add_months`, for part of a month too: so much of the way, in days, to the anchor's next whole month."""
    whole = int(months // 1)
    before, part = add_months(anchor, whole), months - whole
    if not part:
        return before
    return before + timedelta(days=int((add_months(anchor, whole + 1) - before).days * part))


def months_between(start: date, end: date) -> int:
    """Whole months from `start` to `end`, such that adding them to `start` does not pass `end`; negative if earlier."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1
