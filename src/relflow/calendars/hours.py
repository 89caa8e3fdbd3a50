"""Opening hours of a week: shifts for each weekday, read from text such as `09:00-12:00, 13:30-18:00`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from relflow.diagnostics import Message, Severity, nearest
from relflow.structs import dataclass
from relflow.values.refusals import Refusal

__all__ = ["ALL_DAY", "WEEKDAYS", "WEEKEND", "Hours", "Shift", "read_hours", "read_shifts"]

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKEND: Final = frozenset({5, 6})
MINUTES_A_DAY: Final = 24 * 60

Shift = tuple[int, int]
"""From and to, in minutes since midnight; the end may be 1440, and is itself no open minute."""

ALL_DAY: Final[tuple[Shift, ...]] = ((0, MINUTES_A_DAY),)


@dataclass(frozen=True, slots=True)
class Hours:
    """The shifts of each weekday from Monday on, and those of a day that works although its weekday does not."""

    week: tuple[tuple[Shift, ...], ...]
    makeup: tuple[Shift, ...]

    @classmethod
    def every_day(cls, shifts: tuple[Shift, ...] = ALL_DAY, weekend: frozenset[int] = WEEKEND) -> Hours:
        """The same shifts on each day that is not of the weekend (weekdays from 0, Monday)."""
        return cls(tuple(() if day in weekend else shifts for day in range(7)), shifts)

    def on(self, weekday: int) -> tuple[Shift, ...]:
        """The shifts of a working day on that weekday (0 is Monday)."""
        return self.week[weekday] or self.makeup


NOT_HOURS = Message.of(
    "not-opening-hours",
    Severity.ERROR,
    "`{text}` is not a time span of a day",
    "`{text}` 不是一天里的时间段",
    'write spans with a comma between them, e.g. `"09:00-12:00, 13:30-18:00"`',
    '时间段之间用逗号分开，例如 `"09:00-12:00, 13:30-18:00"`',
)
CROSSES_MIDNIGHT = Message.of(
    "hours-cross-midnight",
    Severity.ERROR,
    "`{text}` ends before it begins; a shift may not cross midnight",
    "`{text}` 的结束早于开始，时间段不能跨零点",
    "split it at midnight, each part under the day on which it falls: {suggestions}",
    "在零点处拆开，分别写在各自的日期下：{suggestions}",
)
OVERLAPS = Message.of(
    "hours-overlap",
    Severity.ERROR,
    "`{text}` begins before `{before}` ends",
    "`{text}` 在 `{before}` 结束之前就开始了",
    "write the spans of a day in order and apart",
    "同一天的时间段按先后书写，互不重叠",
)
NOT_A_WEEKDAY = Message.of(
    "unknown-weekday",
    Severity.ERROR,
    "`{text}` is not a weekday",
    "`{text}` 不是星期的写法",
    "the names are {suggestions}; a range is `mon-fri`",
    "可用的写法：{suggestions}；范围写成 `mon-fri`",
)
NO_HOURS = Message.of(
    "no-opening-hours",
    Severity.ERROR,
    "no weekday has opening hours, so no working time would ever pass",
    "一周里没有任何工作时间，工作时间永远不会推进",
    'give at least one, e.g. `mon-fri: "09:00-18:00"`',
    '至少写一天，例如 `mon-fri: "09:00-18:00"`',
)

_SPAN = re.compile(r"([0-9]{1,2}):([0-5][0-9])\s*[-–~至到]\s*([0-9]{1,2}):([0-5][0-9])")


_BY_WEEKDAY = re.compile(r"\s*([a-z]+(?:\s*-\s*[a-z]+)?)\s*:?\s+(.*)", re.ASCII | re.IGNORECASE)


def read_shifts(text: str) -> tuple[Shift, ...] | Refusal:
    """The shifts of one day; an empty text is a day off."""
    shifts: list[Shift] = []
    pieces = [piece.strip() for piece in re.split(r"[,，、]", text)] if text.strip() else []
    for piece in pieces:
        found = _SPAN.fullmatch(piece)
        start, end = _minutes(found) if found else (0, MINUTES_A_DAY + 1)
        if end > MINUTES_A_DAY or start >= MINUTES_A_DAY or start == end:
            return Refusal(NOT_HOURS, (("text", piece),))
        if end < start:
            parts = (f"{_clock(start)}-24:00", f"00:00-{_clock(end)}")
            return Refusal(
                CROSSES_MIDNIGHT, (("text", piece), ("suggestions", tuple(f"`{part}`" for part in parts))), parts
            )
        if shifts and start < shifts[-1][1]:
            return Refusal(OVERLAPS, (("text", piece), ("before", pieces[len(shifts) - 1])))
        shifts.append((start, end))
    return tuple(shifts)


def read_hours(spec: str | Mapping[str, str], weekend: frozenset[int] = WEEKEND) -> Hours | Refusal:
    """Opening hours from one text for all working days, or by weekdays, as a mapping or in one text.

    `{"mon-thu": "09:00-18:00", "fri": "09:00-13:00"}` is `mon-thu 09:00-18:00; fri 09:00-13:00`: a weekday left out is
    a day off, and `makeup` (absent: the hours of the first weekday that has any) are those of a shifted working day
    on a day off.
    """
    if isinstance(spec, str):
        parts = [_BY_WEEKDAY.fullmatch(part) for part in re.split("[;；]", spec)]
        if all(parts):
            return read_hours({part[1]: part[2] for part in parts if part}, weekend)
        shifts = read_shifts(spec)
        if isinstance(shifts, Refusal):
            return shifts
        return Hours.every_day(shifts, weekend) if shifts else Refusal(NO_HOURS)
    week: list[tuple[Shift, ...]] = [()] * 7
    makeup: tuple[Shift, ...] = ()
    for name, text in spec.items():
        days, found = _weekdays(name), read_shifts(text)
        if isinstance(days, Refusal):
            return days
        if isinstance(found, Refusal):
            return found
        makeup = makeup if days else found
        for day in days:
            week[day] = found
    if not any(week):
        return Refusal(NO_HOURS)
    return Hours(tuple(week), makeup or next(filter(None, week)))


def _weekdays(name: str) -> tuple[int, ...] | Refusal:
    """The weekdays that a key names; none for `makeup`."""
    if name == "makeup":
        return ()
    ends = [WEEKDAYS.index(part) if part in WEEKDAYS else -1 for part in name.replace(" ", "").lower().split("-")]
    if -1 in ends or len(ends) > 2 or ends[0] > ends[-1]:
        known = nearest(name, (*WEEKDAYS, "makeup"))
        names = tuple(f"`{day}`" for day in (*WEEKDAYS, "makeup"))
        return Refusal(NOT_A_WEEKDAY, (("text", name), ("suggestions", names)), (known,) if known else ())
    return tuple(range(ends[0], ends[-1] + 1))


def _minutes(found: re.Match[str]) -> Shift:
    hours, minutes, end_hours, end_minutes = map(int, found.groups())
    return hours * 60 + minutes, end_hours * 60 + end_minutes


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
