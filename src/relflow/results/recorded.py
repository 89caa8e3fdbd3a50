"""What a store answers and what hooks observe: a step that was written, a level in force, a definition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from relflow.results.cases import Case, HistoryEntry
from relflow.structs import dataclass

__all__ = ["Definition", "Recorded", "StandingRecord"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step as it stands in the store: the case after it, its line of history and that line's hash in the chain.

    `replayed` says that an event id or a key was seen before: nothing was written, and this is what was written then.
    """

    tenant: str
    case: Case
    entry: HistoryEntry
    digest: str
    replayed: bool = False

    @property
    def key(self) -> str:
        """The stable name of the step, `case:seq`; a host that writes its own row can recognise its echo by it."""
        return f"{self.case.id}:{self.entry.seq}"


@dataclass(frozen=True, slots=True)
class StandingRecord:
    """The state of one account under one scheme, as the scheme itself keeps it. `version` counts the changes."""

    account: str
    scheme: str
    state: Mapping[str, object]
    at: datetime
    version: int = 0
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A workflow's canonical source under the hash of its content."""

    digest: str
    id: str
    version: str
    source: str
