"""What a store is to the engine (`Store`, `StoreUnit`) and what a SQL host lends us (`Link`)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

from relflow.results import (
    Case,
    Definition,
    HistoryEntry,
    Message,
    Outcome,
    Performance,
    Recorded,
    StandingRecord,
    Step,
    Timer,
)
from relflow.stores.codec import Vault, restore
from relflow.stores.documents import entry_of
from relflow.stores.survey import Surveyed

__all__ = [
    "KINDS",
    "CaseFilter",
    "Held",
    "Inspection",
    "Kind",
    "Line",
    "Link",
    "Notice",
    "OutboxClaim",
    "Reading",
    "Row",
    "SqlValue",
    "Status",
    "Store",
    "StoreUnit",
    "TimerClaim",
]

Kind = Literal["message", "performance"]
# a row that is dead waits for an administrator, who has it tried again or discards it
Status = Literal["ready", "sent", "dead", "discarded"]
KINDS: Final[tuple[Kind, ...]] = ("message", "performance")
SqlValue = int | str | bytes | None
Row = Sequence[SqlValue]


class Link(Protocol):
    """A connection of the host (or ours) as the SQL store sees it; statements mark parameters with `?`."""

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""

    def identity(self) -> object:
        """The connection itself: two Links on one connection are one unit of work."""

    def execute(self, sql: str, params: Sequence[SqlValue] = ()) -> tuple[Sequence[Row], int]:
        """Run one statement; its rows and the number of rows it changed."""

    def in_transaction(self) -> bool:
        """Whether the host has a transaction open."""

    def savepoint(self) -> AbstractContextManager[None]:
        """A savepoint by the host's own means: released at the end, rolled back when an exception leaves it."""

    def after_commit(self, call: Callable[[], None]) -> bool:
        """Call after the outermost commit; False where the connection cannot tell."""

    def is_conflict(self, error: BaseException) -> bool:
        """Whether the driver's error says that another writer came first (a unique key, not a deadlock)."""


@dataclass(frozen=True, slots=True)
class Held:
    """A case as the store holds it, with the head of its chain and when its next timer falls due."""

    case: Case
    digest: str
    next_timer: datetime | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """A case's row for verification: its text as it stands, and the columns that say something else than it does."""

    document: str
    digest: str
    version: int
    strays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What `StoreUnit.read` found: cases by id, by (workflow, key), and the step that an event id led to."""

    cases: Mapping[str, Held] = field(default_factory=dict)
    keys: Mapping[tuple[str, str], Held] = field(default_factory=dict)
    seen: Recorded | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of history: its text as it stands, its hash, and the hash of the case as the step left it."""

    case: str
    seq: int
    body: str
    digest: str
    case_digest: str
    vault: Vault = field(default_factory=dict)

    @property
    def entry(self) -> HistoryEntry:
        """The line read. Raises StoreError where its text is damaged."""
        return restore(self.body, entry_of, self.vault)


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases `find` returns, in order of id; `after` is the last id of the page before.

    Cases whose workflow begins with `~` only carry something out; they are found by ids or by that workflow.
    """

    ids: Collection[str] | None = None
    account: str | None = None
    workflow: str | None = None
    parent: str | None = None
    open_only: bool = False
    after: str | None = None
    limit: int = 1000

    def passes(self, case: Case) -> bool:
        """Whether the case is wanted, apart from its id."""
        same = ((self.account, case.account), (self.workflow, case.workflow), (self.parent, case.parent))
        return (
            all(asked is None or asked == value for asked, value in same)
            and (self.ids is not None or self.workflow is not None or not case.workflow.startswith("~"))
            and (self.after is None or case.id > self.after)
            and not (self.open_only and case.closed)
        )


@dataclass(frozen=True, slots=True)
class TimerClaim:
    """A due timer that this worker may fire until the lease ends; `fence` grows with every claim."""

    timer: Timer
    fence: int
    leased_until: datetime


@dataclass(frozen=True, slots=True)
class OutboxClaim:
    """A message or performance that this worker may carry out until the lease ends; `attempt` counts from 1."""

    item: Message | Performance
    fence: int
    attempt: int
    leased_until: datetime

    @property
    def key(self) -> str:
        """The item's stable key."""
        return self.item.key


@dataclass(frozen=True, slots=True)
class Notice:
    """An outbox row as administrators see it."""

    item: Message | Performance
    status: Status
    attempts: int
    due_at: datetime
    error: str | None = None
    receipt: str | None = None


class StoreUnit(Surveyed, Protocol):
    """One transaction of one tenant. Whatever raises leaves nothing half done: roll the unit or its savepoint back."""

    @property
    def tenant(self) -> str:
        """Whose cases these are; another tenant's are not found."""

    @property
    def link(self) -> Link | None:
        """The connection, for loaders and projections; None where the store has none."""

    def savepoint(self) -> AbstractContextManager[None]:
        """A part of the unit that is undone alone when an exception leaves it."""

    def now(self) -> datetime:
        """The store's own clock."""

    def read(
        self, ids: Sequence[str] = (), keys: Sequence[tuple[str, str]] = (), event_id: str | None = None
    ) -> Reading:
        """Cases by id and by (workflow, key), and the step that `event_id` led to, if it was seen."""

    def write(self, step: Step, personal: frozenset[str] = frozenset()) -> Recorded:
        """Write one step whole; a known event id, key or open (element, subject) returns what was written then.

        `personal` names data and facts whose values are kept where they can be erased. Raises ConflictError if the
        case is not at `step.expected_version`.
        """

    def write_all(self, steps: Sequence[Step], personal: frozenset[str] = frozenset()) -> list[Recorded | None]:
        """Write steps of different cases at once; None for each whose place is taken, of which nothing is written.

        Taken is a case that is not at the expected version, a known event id, key or open (element, subject). Raises
        ConflictError where a racing writer was noticed too late to leave only one step out: nothing may be kept then.
        """

    def inspect(self, case: str) -> Inspection | None:
        """A case's row with every column compared, for verification."""

    def find(self, wanted: CaseFilter) -> list[Case]:
        """The cases that the filter lets through, in order of id."""

    def history(self, case: str, after: int = 0, limit: int = 1000) -> list[Line]:
        """The case's lines of history behind `after`, in order."""

    def timers(self, case: str) -> list[Timer]:
        """The case's open timers, earliest first."""

    def due(self, now: datetime, limit: int, lease: timedelta) -> list[TimerClaim]:
        """Claim timers that are due and not leased, earliest first."""

    def drop(self, claim: TimerClaim) -> bool:
        """Remove a claimed timer that the case no longer has; False: the fence is stale."""

    def messages(
        self, now: datetime, limit: int, lease: timedelta, kinds: Collection[Kind] = KINDS
    ) -> list[OutboxClaim]:
        """Claim outbox rows that are due: for each case and recipient only the first that is not sent or dead."""

    def settle(self, claim: OutboxClaim, outcome: Outcome, now: datetime, retry_at: datetime | None = None) -> bool:
        """Note how an attempt ended; a failure without `retry_at` is dead. False: the fence is stale."""

    def release(self, claim: OutboxClaim, until: datetime | None = None) -> bool:
        """Give back a row that was not tried: the claim counts as no attempt. False: the fence is stale.

        With `until` it is not due before then.
        """

    def outbox(self, *, case: str | None = None, status: Status | None = None, limit: int = 1000) -> list[Notice]:
        """Outbox rows of a case or of a status, in order of key."""

    def revive(self, key: str, now: datetime) -> bool:
        """Make a dead row ready again, with its attempts forgotten."""

    def next_due(self, kinds: Collection[Kind] = KINDS) -> datetime | None:
        """When the next timer, or the next outbox row of these kinds, can be claimed."""

    def account_standings(self, account: str) -> dict[str, StandingRecord]:
        """The states of one account under every scheme that it has one for."""

    def standings(self, scheme: str, accounts: Sequence[str]) -> dict[str, StandingRecord]:
        """The states of these accounts under a scheme; an account without one is absent."""

    def stand(self, record: StandingRecord) -> StandingRecord:
        """Write a state; `record.version` is the version it was computed from. Raises ConflictError if it moved."""

    def standing_history(self, account: str, scheme: str) -> list[StandingRecord]:
        """Every state that the account had under the scheme, oldest first."""

    def erase(self, cases: Sequence[str], now: datetime) -> tuple[int, int]:
        """Forget the personal values of these cases and give up their messages that were not sent; how many of each.

        Documents and hashes stay as they are; what was personal reads as null.
        """

    def mark(self, event_id: str, at: datetime, result: Mapping[str, object]) -> Mapping[str, object] | None:
        """Remember a signal's event id with its result; the earlier result if it was seen, and nothing is written."""

    def remark(self, event_id: str, result: Mapping[str, object]) -> None:
        """Replace the result of a signal that this unit marked: what it led to is known only afterwards."""

    def define(self, definition: Definition) -> None:
        """Keep a definition. Raises StoreError if its id and version are known with other content."""

    def definition(self, digest: str) -> Definition | None:
        """The definition with this content."""

    def in_force(self, policy: str, digest: str | None = None) -> str | None:
        """The digest in force for a policy, after putting `digest` in force if one is given."""


class Store(Protocol):
    """Where cases live. A store opens nothing before its first use and may be shared by threads."""

    def unit(self, tenant: str = "", *, write: bool = True) -> AbstractContextManager[StoreUnit]:
        """A transaction of our own: committed at the end, rolled back when an exception leaves it."""

    def join(self, link: Link, tenant: str = "") -> StoreUnit:
        """A unit inside the host's transaction; raises StoreError where the store cannot."""

    def version(self) -> int:
        """The schema's version in the store, 0 where there is none."""

    def migrate(self) -> int:
        """Bring the schema to the version that this relflow writes, and return it."""

    def tidy(self) -> None:
        """After an erasure: leave no erased byte behind in logs and free pages, as far as the store can."""

    def close(self) -> None:
        """Let go of every connection; the store cannot be used afterwards."""
