"""What a calendar answers: a day, an instant or a time, each with whether it rests on an unpublished year."""

from __future__ import annotations

import enum
from datetime import date, datetime, timedelta
from typing import NoReturn

from relflow.calendars.tables import DayKind
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["Day", "Elapsed", "Reached", "ReachedDay", "Working"]


class Working(enum.Enum):
    """Whether a day works, as far as is published; it has no truth value, since PROVISIONAL is neither."""

    YES = "yes"
    NO = "no"
    PROVISIONAL = "provisional"

    def __bool__(self) -> NoReturn:
        raise TypeError("a working status is yes, no or provisional: compare it, or ask Calendar.day(day).works")


_MAKEUP_FOR = Text((("en", "shifted working day ({})"), ("zh", "{}调休上班")))
_WHY = {
    DayKind.ORDINARY: Text((("en", "working day"), ("zh", "工作日"))),
    DayKind.WEEKEND: Text((("en", "weekend"), ("zh", "周末"))),
    DayKind.MAKEUP: Text((("en", "shifted working day"), ("zh", "调休上班"))),
}
_DAY_OFF = Text((("en", "weekly day off"), ("zh", "每周休息日")))


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar; `name` is that of the holiday or the company's own day which made it what it is."""

    day: date
    works: bool
    provisional: bool
    kind: DayKind
    name: Text | None = None

    @property
    def why(self) -> Text:
        """Why it works or not: `weekend`, `Spring Festival`, `shifted working day (Spring Festival)`."""
        if not self.name:
            return _DAY_OFF if self.kind is DayKind.WEEKEND and self.day.weekday() < 5 else _WHY[self.kind]
        if self.kind is not DayKind.MAKEUP:
            return self.name
        return Text(tuple((lang, _MAKEUP_FOR.text(lang).format(self.name.text(lang))) for lang in ("en", "zh")))


@dataclass(frozen=True, slots=True)
class Reached:
    """An instant, in the calendar's zone."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class ReachedDay:
    """A day."""

    day: date
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A length of open time."""

    time: timedelta
    provisional: bool = False
