"""A trigger for one case, and what has to hold before its step is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from relflow.engine import troubles
from relflow.results import Case, Recorded, Timer, Trigger
from relflow.stores import Held, Reading

__all__ = ["Firing", "present", "replayed", "ringing"]


@dataclass(frozen=True, slots=True)
class Firing:
    """A trigger for one case: what, by whom, from which version, and when.

    `exact` says that the caller named the instant; the engine's own clock may lag behind what is already recorded.
    """

    case: str
    trigger: Trigger
    at: datetime
    expected_version: int | None = None
    exact: bool = False

    def instant(self, case: Case) -> datetime:
        """When it happens: never before the case's last step by a clock that lags."""
        return self.at if self.exact else max(self.at, case.updated_at)


def ringing(timer: Timer, now: datetime) -> Firing:
    """The trigger of a timer."""
    data: Mapping[str, object] = {"lap": timer.lap, "due_at": timer.due_at}
    return Firing(timer.case, Trigger("timer", f"{timer.clock}:{timer.step}", data=data), now)


def replayed(firing: Firing, reading: Reading) -> Recorded | None:
    """What the event id led to when it was first seen. Raises ConflictError if it was something else."""
    seen = reading.seen
    if seen is None:
        return None
    if seen.case.id != firing.case or seen.entry.trigger.name != firing.trigger.name:
        raise troubles.other_event(firing.trigger.event_id or "", firing.case)
    return seen


def present(firing: Firing, reading: Reading) -> Held:
    """The case as it stands. Raises NotFoundError, or ConflictError if the caller saw another version."""
    held = reading.cases.get(firing.case)
    if held is None:
        raise troubles.no_case(firing.case)
    if firing.expected_version is not None and firing.expected_version != held.case.version:
        raise troubles.stale(firing.case, firing.expected_version, held.case.version)
    return held
