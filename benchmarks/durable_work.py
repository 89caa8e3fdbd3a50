"""The work of the durable benchmarks: a step of a case, once as rows of the floor and once as relflow's `Step`.

The floor's tables and writes are those of a plain program: the case's row with a version check, a line of history, an
outbox row, a timer row. Ours holds the same and more (the whole case, the hash chain, leases, every check). Both begin
with cases that were received and nothing else: no message went out and no clock runs (ours has their first lines).
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from relflow.results import Actor, Case, ClockRecord, Effect, HistoryEntry, Message, Step, Timer, Trigger
from relflow.text import Text

__all__ = ["PAYLOAD", "START", "Tally", "chunks", "opening", "plan", "step", "tables", "turns"]

PAYLOAD = json.dumps({"to": "owner", "text": "complaint moved", "state": "investigating"})
START = datetime(2026, 3, 2, 2, tzinfo=UTC)
Pairs = Sequence[tuple[int, int]]

_TABLES = """
CREATE TABLE cases (id BIGINT PRIMARY KEY, tenant INT NOT NULL, state TEXT NOT NULL, version INT NOT NULL,
  updated_at DOUBLE PRECISION NOT NULL);
CREATE TABLE history (case_id BIGINT NOT NULL, seq INT NOT NULL, event TEXT NOT NULL, src TEXT NOT NULL,
  dst TEXT NOT NULL, actor TEXT NOT NULL, at DOUBLE PRECISION NOT NULL, data TEXT NOT NULL, PRIMARY KEY (case_id, seq));
CREATE TABLE outbox (id {serial} PRIMARY KEY, case_id BIGINT NOT NULL, topic TEXT NOT NULL, payload TEXT NOT NULL,
  at DOUBLE PRECISION NOT NULL);
CREATE TABLE timers (case_id BIGINT NOT NULL, name TEXT NOT NULL, due_at DOUBLE PRECISION NOT NULL,
  status TEXT NOT NULL, claimed_by TEXT, PRIMARY KEY (case_id, name));
CREATE INDEX timers_due ON timers (due_at) WHERE status = 'open';
"""


def tables(serial: str) -> str:
    """The floor's tables; `serial` is the type of a column that counts by itself."""
    return _TABLES.format(serial=serial)


def plan(steps: int, cases: int) -> list[tuple[int, int]]:
    """Case and version of each step; every case is touched in turn, in an order that no page cache likes."""
    order = list(range(cases))
    random.Random(1).shuffle(order)
    return [(order[number % cases], 1 + number // cases) for number in range(steps)]


def chunks(pairs: Pairs, size: int) -> list[Pairs]:
    """The steps in batches; `size` divides the number of cases, so that a batch has no case twice."""
    return [pairs[start : start + size] for start in range(0, len(pairs), size)]


def opening(case: int) -> Step:
    """How a case comes to be there: its row and its first line of history."""
    made = step(case, 1)
    return replace(made, case=replace(made.case, state="received", clocks={}), messages=(), timers=())


def step(case: int, version: int) -> Step:
    """The same writes as the floor's: a message to somebody, a clock that runs, a line of history."""
    name, now = f"K{case:08d}", START + timedelta(seconds=version)
    due = now + timedelta(hours=1)
    clock = ClockRecord("sla", 1, True, False, {"consumed": 0, "running_since": now.isoformat()}, START, due)
    subject = Case(
        name, "complaint", "1", "d" * 64, "investigating", version, START, now, account="C-17", owner="u1",
        data={"description": "leak"}, clocks={"sla": clock}, fired_by={"investigate": ("u1",)},
    )  # fmt: skip
    trigger = Trigger("event" if version > 1 else "open", "investigate", None, Actor("u1", ("clerk",)))
    entry = HistoryEntry(
        name, version, now, trigger, "acknowledged" if version > 1 else None, "investigating",
        effects=(Effect("notify", "owner", {"recipients": ["u1"]}),), policy="p" * 64,
    )  # fmt: skip
    text = Text((("en", "complaint moved"),))
    message = Message(f"{name}:{version}:1", name, 1, "u1", "moved", text, {"state": "investigating"})
    made = Step(subject, entry, (message,), timers=(Timer(name, "sla", 1, "due", due),))
    return made if version == 1 else replace(made, expected_version=version - 1)


@dataclass
class Tally:
    """What one way of doing the work took."""

    name: str
    seconds: float = 0.0
    steps: int = 0

    @property
    def per_second(self) -> float:
        """Steps in a second."""
        return self.steps / self.seconds

    def line(self, floor: Tally | None = None) -> str:
        """A line of the table; with a floor, its share of the floor's speed."""
        share = "" if floor is None else f"  {self.per_second / floor.per_second:6.0%} of the floor"
        return f"  {self.name:34} {self.per_second:>9,.0f} steps/s{share}"


def turns(ways: Iterable[tuple[str, Callable[[Any], None]]], work: Iterable[tuple[Any, ...]], size: int) -> list[Tally]:
    """Do the work in every way, turn about, because it is the machine that decides; each item has an argument a way."""
    made = [(Tally(name), act) for name, act in ways]
    for arguments in work:
        for (tally, act), argument in zip(made, arguments, strict=True):
            began = time.perf_counter()
            act(argument)
            tally.seconds += time.perf_counter() - began
            tally.steps += size
    return [tally for tally, _ in made]
