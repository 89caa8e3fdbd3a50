"""A case's clock read from its record: the rule, where it stands, and the instants of its steps, each found once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from relflow.calendars import DUE as AT_DUE
from relflow.calendars import Calendar, ClockRule, ClockState, Reached, StepAt
from relflow.results import ClockRecord
from relflow.values import Duration

__all__ = ["DUE", "Limit", "Reckoning"]

DUE = "due"
"""The step at the due instant, as records and timers name it."""

Limit = Duration | date | datetime | None
"""What a clock runs for, or until when; None where nobody has said."""


class Reckoning:
    """The arithmetic of one clock. `stored` is what a record keeps of it; without one it is written anew."""

    __slots__ = ("_reached", "rule", "state", "stored")

    def __init__(self, rule: ClockRule, state: ClockState, stored: Mapping[str, object] | None = None) -> None:
        self.rule = rule
        self.state = state
        self.stored = {"within": _written(rule.within), "clock": state.to_data()} if stored is None else stored
        self._reached: dict[str, Reached | None] = {}

    @classmethod
    def of(cls, record: ClockRecord, calendar: Calendar) -> Reckoning:
        """That of a record, by the calendar of today."""
        stored = record.state
        clock = stored["clock"]
        assert isinstance(clock, Mapping)
        return cls(ClockRule(_read(stored["within"]), calendar), ClockState.from_data(clock), stored)

    def due(self) -> Reached | None:
        """When the clock is due; None while it is unset, or rests before its time is up."""
        return self.reached(DUE, AT_DUE)

    def reached(self, text: str, at: StepAt) -> Reached | None:
        """When a step falls due, as `due`; `text` is the step's name."""
        if text not in self._reached:
            self._reached[text] = self.rule.step(self.state, at)
        return self._reached[text]


@lru_cache(maxsize=4096)
def _duration(text: str) -> Duration:
    """A duration from its words; the same few are read at every step."""
    return Duration.of(text)


@lru_cache(maxsize=4096)
def _words(duration: Duration) -> str:
    return duration.text("en")


def _written(limit: Limit) -> str | None:
    if limit is None:
        return None
    return _words(limit) if isinstance(limit, Duration) else limit.isoformat()


def _read(text: object) -> Limit:
    if not isinstance(text, str):
        return None
    if text[:4].isdigit() and text[4:5] == "-":
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    return _duration(text)
