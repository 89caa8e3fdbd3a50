"""Due timers fired by `engine.run_due`, beside raw sqlite3 that does the writes of a sweep in batches.

Every case has one clock that fell due and tells its owner. The floor claims 200 timers at a time and, for each, moves
the case's row on with a version check, adds a line of history and an outbox row, and removes the timer: two
transactions a batch, as ours. Ours also reads every case, takes its step (guards, clocks, roles, texts) and chains its
history. Beside both stands what the same timers cost with a transaction each. Peak memory is printed, too.
Usage: `python benchmarks/sweeps.py [--cases 20000] [--folder /dev/shm] [--synchronous NORMAL]`.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from durable_work import PAYLOAD, Tally, tables

from relflow import Engine, load
from relflow.engine.due import Rung, fire
from relflow.stores import SqliteStore

BATCH = 200
LIMIT = 5000
START = datetime(2026, 3, 2, 2, tzinfo=UTC)
LATER = START + timedelta(days=30)
SEED = "K00000000"
POLICY = """
policy: sweeps
version: 1
timezone: UTC
calendar: {country: CN, hours: "09:00-18:00"}
facts: {manager: {type: string}}
roles: {manager: {members: [wang]}}
include: [request.yaml]
"""
WORKFLOW = """
workflow: request
version: 1
roles: [manager]
owner: manager
data: {subject: {type: string}}
initial: waiting
states:
  waiting: {events: {answer: {to: answered}}}
  answered: {final: true}
clocks:
  answer: {from: waiting, until: answered, within: 2 days, steps: [{at: due, do: [{notify: owner}]}]}
"""


@contextmanager
def engine_over(folder: Path, durability: str) -> Iterator[Engine]:
    """An engine whose clock stands where every timer has fallen due."""
    (folder / "policy.yaml").write_text(POLICY, "utf-8")
    (folder / "request.yaml").write_text(WORKFLOW, "utf-8")
    store = SqliteStore(folder / "cases.db", synchronous=durability)
    with Engine(load(folder), store=store, clock=lambda: LATER) as engine:
        yield engine


def fill(folder: Path, cases: int) -> None:
    """Copy one opened case as often as is asked for: what a sweep reads is the same, and a million take seconds."""
    with closing(sqlite3.connect(folder / "cases.db")) as database, database:
        (seed,) = database.execute("SELECT id FROM relflow_cases").fetchone()
        database.execute("CREATE TEMP TABLE numbers (copy TEXT)")
        names = ((f"K{number:0{len(seed) - 1}d}",) for number in range(cases))
        database.executemany("INSERT INTO numbers VALUES (?)", names)
        for table, own in (("relflow_cases", "id"), ("relflow_history", "case_id"), ("relflow_timers", "case_id")):
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            copied = ", ".join(_copied(column, own) for column in columns)
            database.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {copied} FROM {table}, numbers WHERE {own} = :seed",
                {"seed": seed},
            )
            database.execute(f"DELETE FROM {table} WHERE {own} = ?", (seed,))


def _copied(column: str, own: str) -> str:
    if column == own:
        return "copy"
    return f"replace({column}, :seed, copy)" if column in {"document", "body"} else column


def floor(folder: Path, durability: str, cases: int) -> Tally:
    """The writes of the same sweep by hand."""
    database = sqlite3.connect(folder / "floor.db", isolation_level=None)
    with closing(database):
        database.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {tables('INTEGER')}")
        database.execute("BEGIN")
        opened = ((case, 0, "waiting", 1, 0.0) for case in range(cases))
        database.executemany("INSERT INTO cases VALUES (?, ?, ?, ?, ?)", opened)
        database.executemany("INSERT INTO timers VALUES (?, 'answer', 0, 'open', NULL)", ((n,) for n in range(cases)))
        database.execute("COMMIT")
        database.execute(f"PRAGMA synchronous = {durability}")
        tally = Tally("raw sqlite3, in batches", steps=cases)
        began = time.perf_counter()
        while found := _claimed(database):
            database.execute("BEGIN IMMEDIATE")
            for (case,) in found:
                _step(database, case)
            database.execute("COMMIT")
        tally.seconds = time.perf_counter() - began
        (left,) = database.execute("SELECT count(*) FROM timers").fetchone()
        assert left == 0
    return tally


def _claimed(database: sqlite3.Connection) -> list[tuple[int]]:
    database.execute("BEGIN IMMEDIATE")
    found = database.execute("SELECT case_id FROM timers WHERE status = 'open' ORDER BY due_at LIMIT ?", (BATCH,))
    rows: list[tuple[int]] = found.fetchall()
    database.executemany("UPDATE timers SET status = 'claimed', claimed_by = 'w' WHERE case_id = ?", rows)
    database.execute("COMMIT")
    return rows


def _step(database: sqlite3.Connection, case: int) -> None:
    now = time.time()
    moved = "UPDATE cases SET version = version + 1, updated_at = ? WHERE id = ? AND version = 1"
    assert database.execute(moved, (now, case)).rowcount == 1
    line = (case, 2, "answer:due", "waiting", "waiting", "", now, "{}")
    database.execute("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?)", line)
    told = (case, "case.late", PAYLOAD, now)
    database.execute("INSERT INTO outbox (case_id, topic, payload, at) VALUES (?, ?, ?, ?)", told)
    database.execute("DELETE FROM timers WHERE case_id = ? AND name = 'answer'", (case,))


def swept(engine: Engine, cases: int) -> tuple[Tally, list[float]]:
    """All timers by `run_due`, in runs as a worker makes them, and the peak of memory after each run."""
    tally, peaks, more = Tally("relflow, run_due", steps=cases), [], True
    began = time.perf_counter()
    fired = 0
    while more:
        report = engine.run_due(limit=LIMIT)
        assert not report.errors
        fired, more = fired + report.fired, report.more
        peaks.append(_peak())
    tally.seconds = time.perf_counter() - began
    assert fired == cases
    return tally, peaks


def one_by_one(engine: Engine, cases: int) -> Tally:
    """The same timers, a transaction each."""
    tally, done = Tally("relflow, a transaction each", steps=cases), Rung()
    core = engine._core  # noqa: SLF001 - the way that a batch falls back to has no door of its own
    began = time.perf_counter()
    while True:
        with engine.store.unit() as unit:
            claims = unit.due(LATER, BATCH, timedelta(minutes=5))
        if not claims:
            break
        for claim in claims:
            fire(core, "", claim, LATER, done)
    tally.seconds = time.perf_counter() - began
    assert done.fired == cases
    return tally


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--folder", help="where the files are: in memory (/dev/shm) the disk does not count")
    parser.add_argument("--synchronous", default="NORMAL")
    asked = parser.parse_args()
    few = min(asked.cases, 5000)
    ours, peaks, alone = Tally(""), [0.0], Tally("")
    for way, cases in (("alone", few), ("swept", asked.cases)):
        with tempfile.TemporaryDirectory(dir=asked.folder) as name:
            folder = Path(name)
            with engine_over(folder, asked.synchronous) as engine:
                engine.open("request", at=START)
                fill(folder, cases)
                if way == "alone":
                    alone = one_by_one(engine, cases)
                else:
                    ours, peaks = swept(engine, cases)
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        by_hand = floor(Path(name), asked.synchronous, min(asked.cases, 200_000))
    print(f"SQLite, synchronous={asked.synchronous}, {asked.cases:,} cases with a timer that is due:")
    for line in (by_hand.line(), ours.line(by_hand), alone.line(by_hand)):
        print(line.replace("steps", "timers"))
    print(
        f"  {len(peaks)} runs of {LIMIT:,}; peak memory {peaks[0]:.0f} MB after the first, {peaks[-1]:.0f} at the end"
    )


if __name__ == "__main__":
    main()
