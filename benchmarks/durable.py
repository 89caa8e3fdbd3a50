"""One step per transaction on SQLite, beside raw sqlite3 doing the same four writes with the same durability.

The floor is one transaction of: the case's row with a version check, a line of history, an outbox row, a timer row.
Ours writes the same and more (the whole case, the hash chain, every check). Both take turns on the same disk, because
it is the disk that decides. Usage: `python benchmarks/durable.py [--steps 3000] [--cases 1000] [--json]`.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from relflow.results import Actor, Case, ClockRecord, Effect, HistoryEntry, Message, Step, Timer, Trigger
from relflow.stores import SqliteStore
from relflow.text import Text

TABLES = """
CREATE TABLE cases (id BIGINT PRIMARY KEY, tenant INT NOT NULL, state TEXT NOT NULL, version INT NOT NULL,
  updated_at DOUBLE PRECISION NOT NULL);
CREATE TABLE history (case_id BIGINT NOT NULL, seq INT NOT NULL, event TEXT NOT NULL, src TEXT NOT NULL,
  dst TEXT NOT NULL, actor TEXT NOT NULL, at DOUBLE PRECISION NOT NULL, data TEXT NOT NULL, PRIMARY KEY (case_id, seq));
CREATE TABLE outbox (id INTEGER PRIMARY KEY, case_id BIGINT NOT NULL, topic TEXT NOT NULL, payload TEXT NOT NULL,
  at DOUBLE PRECISION NOT NULL);
CREATE TABLE timers (case_id BIGINT NOT NULL, name TEXT NOT NULL, due_at DOUBLE PRECISION NOT NULL,
  status TEXT NOT NULL, claimed_by TEXT, PRIMARY KEY (case_id, name));
CREATE INDEX timers_due ON timers (due_at) WHERE status = 'open';
"""
PAYLOAD = json.dumps({"to": "owner", "text": "complaint moved", "state": "investigating"})
START = datetime(2026, 3, 2, 2, tzinfo=UTC)


def plan(steps: int, cases: int) -> list[tuple[int, int]]:
    """Case and version of each step; every case is touched in turn, in an order that no page cache likes."""
    order = list(range(cases))
    random.Random(1).shuffle(order)
    return [(order[number % cases], 1 + number // cases) for number in range(steps)]


def floor(folder: Path, durability: str, steps: list[tuple[int, int]], cases: int) -> Iterator[Callable[[], None]]:
    """Raw sqlite3: the four writes of each step as a call."""
    with closing(sqlite3.connect(folder / f"floor-{durability}.db", isolation_level=None)) as database:
        database.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {TABLES}")
        database.execute("BEGIN")
        rows = ((case, case % 10, "received", 1, 0.0) for case in range(cases))
        database.executemany("INSERT INTO cases VALUES (?, ?, ?, ?, ?)", rows)
        database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute(f"PRAGMA synchronous = {durability}")
        for case, version in steps:
            yield lambda case=case, version=version: write(database, case, version, time.time())  # type: ignore[misc]


def write(database: sqlite3.Connection, case: int, version: int, now: float) -> None:
    """One transaction of the floor."""
    database.execute("BEGIN IMMEDIATE")
    updated = database.execute(
        "UPDATE cases SET state = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?",
        ("investigating", now, case, version),
    )
    assert updated.rowcount == 1
    line = (case, version, "investigate", "acknowledged", "investigating", "u1", now, "{}")
    database.execute("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?)", line)
    database.execute(
        "INSERT INTO outbox (case_id, topic, payload, at) VALUES (?, ?, ?, ?)", (case, "case.moved", PAYLOAD, now)
    )
    database.execute(
        "INSERT INTO timers (case_id, name, due_at, status) VALUES (?, ?, ?, 'open') "
        "ON CONFLICT (case_id, name) DO UPDATE SET due_at = excluded.due_at, status = 'open'",
        (case, "sla", now + 3600),
    )
    database.execute("COMMIT")


def ours(folder: Path, durability: str, steps: list[tuple[int, int]], cases: int) -> Iterator[Callable[[], None]]:
    """Our store: each step in a unit of its own as a call."""
    path = folder / f"ours-{durability}.db"
    with closing(SqliteStore(path, synchronous="OFF")) as store, store.unit() as unit:
        for case in range(cases):
            unit.write(step(case, 1))
    with closing(SqliteStore(path, synchronous=durability)) as store:
        for case, version in steps:
            planned = step(case, version + 1)
            yield lambda planned=planned: commit(store, planned)  # type: ignore[misc]


def commit(store: SqliteStore, planned: Step) -> None:
    """One unit of work with one step."""
    with store.unit() as unit:
        unit.write(planned)


def step(case: int, version: int) -> Step:
    """The same writes as the floor's, as a step: a message to somebody, a clock that runs, a line of history."""
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


def measure(durability: str, steps: int, cases: int) -> dict[str, float | str]:
    """Both, turn about; seconds of each in total."""
    work = plan(steps, cases)
    spent = {"floor": 0.0, "ours": 0.0}
    with tempfile.TemporaryDirectory() as name:
        runs = (floor(Path(name), durability, work, cases), ours(Path(name), durability, work, cases))
        for calls in zip(*runs, strict=True):
            for kind, call in zip(spent, calls, strict=True):
                began = time.perf_counter()
                call()
                spent[kind] += time.perf_counter() - began
    return {
        "durability": durability,
        "floor_per_s": round(steps / spent["floor"]),
        "ours_per_s": round(steps / spent["ours"]),
        "of_floor": round(spent["floor"] / spent["ours"], 3),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    for durability in ("FULL", "NORMAL"):
        found = measure(durability, asked.steps, asked.cases)
        if asked.json:
            print(json.dumps(found))
            continue
        print(f"SQLite, synchronous={durability}, one step a transaction:")
        print(f"  raw sqlite3  {found['floor_per_s']:>7} steps/s")
        print(f"  relflow      {found['ours_per_s']:>7} steps/s   {float(found['of_floor']):.0%} of the floor")


if __name__ == "__main__":
    main()
