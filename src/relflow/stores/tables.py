"""Tables in memory that can be rolled back: every change leaves behind how to undo it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from relflow.results import Definition, StandingRecord, Timer
from relflow.stores.protocols import Kind, Line, Status

__all__ = ["CaseRow", "OutboxRow", "Tables", "TimerRow"]

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as text, so that reading it gives what any other store would give."""

    document: str
    head: str
    version: int
    next_timer: datetime | None


@dataclass(frozen=True, slots=True)
class TimerRow:
    """An open timer and who holds it."""

    timer: Timer
    leased_until: datetime | None = None
    fence: int = 0


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message or performance on its way."""

    kind: Kind
    body: str
    key: str
    ordinal: int
    lane: tuple[str, str]
    seq: int
    status: Status
    due_at: datetime
    attempts: int = 0
    leased_until: datetime | None = None
    fence: int = 0
    error: str | None = None
    receipt: str | None = None

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in its lane."""
        return (self.seq, self.ordinal)


class Tables:
    """Everything a store holds; keys begin with the tenant and values never change in place."""

    def __init__(self) -> None:
        self.cases: dict[tuple[str, str], CaseRow] = {}
        self.keys: dict[tuple[str, str, str], str] = {}
        self.subjects: dict[tuple[str, str, str], str] = {}
        self.history: dict[tuple[str, str, int], Line] = {}
        self.events: dict[tuple[str, str], tuple[str, int, str]] = {}
        self.signals: dict[tuple[str, str], str] = {}
        self.vault: dict[tuple[str, str], Mapping[str, str]] = {}
        self.timers: dict[tuple[str, str], tuple[TimerRow, ...]] = {}
        self.outbox: dict[tuple[str, str], OutboxRow] = {}
        self.standings: dict[tuple[str, str, str], tuple[StandingRecord, ...]] = {}
        self.definitions: dict[tuple[str, str, str], Definition] = {}
        self.policies: dict[tuple[str, str], str] = {}
        self._undo: list[Callable[[], object]] = []

    def put(self, table: dict[Key, Value], key: Key, value: Value) -> None:
        """Set a row."""
        if key in table:
            before = table[key]
            self._undo.append(lambda: table.__setitem__(key, before))
        else:
            self._undo.append(lambda: table.pop(key))
        table[key] = value

    def drop(self, table: dict[Key, Value], key: Key) -> None:
        """Remove a row, if it is there."""
        if key in table:
            before = table.pop(key)
            self._undo.append(lambda: table.__setitem__(key, before))

    def mark(self) -> int:
        """Where the changes stand now."""
        return len(self._undo)

    def undo(self, mark: int) -> None:
        """Take back every change since `mark`."""
        while len(self._undo) > mark:
            self._undo.pop()()

    def forget(self) -> None:
        """Keep what was done."""
        self._undo.clear()
