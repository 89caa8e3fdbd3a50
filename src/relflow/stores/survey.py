"""What an administrator asks of a store: how much waits, what runs under which definition, what is to be given up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

__all__ = ["HELD", "Gauges", "Population", "Surveyed"]


# a row that was given up with an error that begins so waits for somebody of the role that follows
HELD: Final = "held for "


@dataclass(frozen=True, slots=True)
class Population:
    """How many open cases run under one definition of a workflow."""

    workflow: str
    version: str
    definition: str
    count: int


@dataclass(frozen=True, slots=True)
class Gauges:
    """What waits in a tenant's part of a store.

    `oldest_due` is the instant of the earliest timer that is due and not fired, `oldest_ready` that of the earliest
    outbox row that could be carried out now. `dead` rows were given up, `held` ones wait for approval. `provisional`
    counts open cases with a clock whose due rests on a calendar that is not published yet.
    """

    open_cases: int = 0
    timers: int = 0
    due: int = 0
    oldest_due: datetime | None = None
    ready: int = 0
    oldest_ready: datetime | None = None
    dead: int = 0
    held: int = 0
    provisional: int = 0


class Surveyed(Protocol):
    """The administrators' part of a unit."""

    def gauges(self, now: datetime) -> Gauges:
        """What waits at `now`; cases that only carry an obligation out are not counted as open."""

    def census(self) -> list[Population]:
        """Open cases by workflow and definition, in order of workflow and version."""

    def every(self, after: str | None = None, limit: int = 1000, account: str | None = None) -> list[str]:
        """The ids of all cases in order, of an account or of everybody, those that carry obligations out included.

        No document is read: a damaged one does not hide its case.
        """

    def discard(self, key: str, now: datetime, because: str) -> bool:
        """Give up a dead outbox row for good: nobody is asked about it any more. False: there is no such dead row."""

    def forget(self, case: str, surrogates: Collection[str], now: datetime) -> int:
        """Forget some of a case's personal values, and their unsent messages with them; how many values were there.

        As `erase`, for part of a case: documents and hashes stay as they are, the values read as null.
        """
