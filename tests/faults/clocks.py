"""Clocks that run fast, jump, and disagree: one that the store goes by, and one for each process."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Self

from relflow.engine import instants
from relflow.stores.sql import SqlUnit

__all__ = ["Course", "jumps", "keep_time"]

Jump = tuple[float, timedelta]


@dataclass(slots=True)
class Course:
    """An instant that runs `rate` times as fast as real time from `began` on, and jumps on the way.

    `last` is the latest reading since `forget`: what a decision can have rested on.
    """

    began: float
    start: datetime
    rate: float
    jumps: tuple[Jump, ...] = ()
    offset: timedelta = timedelta()
    last: datetime | None = field(default=None, compare=False)

    def __call__(self) -> datetime:
        """The reading now."""
        elapsed = time.time() - self.began
        jumped = sum((by for after, by in self.jumps if after <= elapsed), timedelta())
        now = self.start + timedelta(seconds=elapsed * self.rate) + jumped + self.offset
        self.last = now if self.last is None else max(self.last, now)
        return now

    def latest(self) -> datetime:
        """The latest reading since `forget`; a first one where there was none."""
        return self.last or self()

    def forget(self) -> None:
        """Begin a new decision."""
        self.last = None

    def later(self, by: timedelta) -> Self:
        """The same course, so much ahead."""
        return type(self)(self.began, self.start, self.rate, self.jumps, self.offset + by)


def jumps(chance: random.Random, seconds: float, every: float, most: timedelta) -> tuple[Jump, ...]:
    """Jumps in both directions, one each `every` seconds or so."""
    found: list[Jump] = []
    after = 0.0
    while (after := after + chance.uniform(0.3, 1.7) * every) < seconds:
        found.append((after, chance.uniform(-1, 1) * most))
    return tuple(found)


def keep_time(machine: Course, store: Course) -> None:
    """Let this process's engine read `machine` for its own clock, and `store` for the clock of its store."""

    class Machine(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return machine().astimezone(tz)

    class Count:
        @staticmethod
        def monotonic() -> float:
            return time.monotonic() * store.rate

    instants.datetime = Machine  # type: ignore[misc,attr-defined]
    instants.time = Count  # type: ignore[assignment,attr-defined]
    SqlUnit.now = lambda self: store().astimezone(UTC)  # type: ignore[method-assign]
