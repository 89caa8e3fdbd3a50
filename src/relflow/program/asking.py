"""What tables, scorecards and schemes ask of the run that they are part of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol

from relflow.calendars import Calendar
from relflow.program.code import Broken, Code
from relflow.program.nodes import Outcome

__all__ = ["Asking"]


class Asking(Protocol):
    """A run, as the parts of a program see it.

    `provisional` is set once something rests on a calendar year whose official list is not published.
    """

    now: datetime | date | None
    state: Mapping[str, Any]
    provisional: bool

    @property
    def day(self) -> date | None:
        """The day of the instant."""
        ...

    @property
    def calendar(self) -> Calendar:
        """The policy's working time."""
        ...

    def outcome(self, name: str) -> Outcome:
        """What a name answers."""
        ...

    def assume(self, name: str, outcome: Outcome) -> None:
        """Let a name answer that until it is worked out."""
        ...

    def call(self, code: Code, *first: Any) -> Any:
        """The value of an expression or, with its input as `first`, of a cell."""
        ...

    def strict(self, code: Code, *first: Any) -> Any:
        """The value of a condition or, with its input as `first`, of a cell: null where a null leaves it open."""
        ...

    def marked(self, code: Code | Broken) -> bool:
        """Whether something that an expression reads is missing."""
        ...

    def saw_row(self, name: str, index: int, result: bool | None, cells: Any) -> None:
        """Told of each row that was looked at."""
        ...

    def saw_criterion(self, name: str, index: int, value: Any, low: Any, high: Any) -> None:
        """Told of each criterion."""
        ...
