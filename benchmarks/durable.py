"""Steps on SQLite, beside raw sqlite3 doing the same four writes with the same durability.

The floor is one transaction of: the case's row with a version check, a line of history, an outbox row, a timer row.
Ours writes the same and more (the whole case, the hash chain, every check), one by one and in batches. Between them
stands who writes exactly our rows by hand, made beforehand and checked by nobody: what the content costs, and what the
code. All take turns on the same disk, because it is the disk that decides; ours lets 64 MB gather in SQLite's log
before they go into the file, where SQLite by itself takes 4. Usage: `python benchmarks/durable.py [--steps 5000]
[--cases 20000] [--json]`.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from durable_work import PAYLOAD, Pairs, Tally, chunks, opening, plan, step, tables, turns

from relflow.results import Step
from relflow.stores import SqliteStore
from relflow.stores.rows import StepRows, rows_of


class Floor:
    """sqlite3 by hand."""

    def __init__(self, path: Path, durability: str, cases: int) -> None:
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {tables('INTEGER')}")
        self.database.execute("BEGIN")
        rows = ((case, case % 10, "received", 1, 0.0) for case in range(cases))
        self.database.executemany("INSERT INTO cases VALUES (?, ?, ?, ?, ?)", rows)
        self.database.execute("COMMIT")
        self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.database.execute(f"PRAGMA synchronous = {durability}")

    def many(self, pairs: Pairs) -> None:
        """The steps of one transaction."""
        self.database.execute("BEGIN IMMEDIATE")
        for case, version in pairs:
            self._write(case, version, time.time())
        self.database.execute("COMMIT")

    def _write(self, case: int, version: int, now: float) -> None:
        updated = self.database.execute(
            "UPDATE cases SET state = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?",
            ("investigating", now, case, version),
        )
        assert updated.rowcount == 1
        line = (case, version, "investigate", "acknowledged", "investigating", "u1", now, "{}")
        self.database.execute("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?)", line)
        self.database.execute(
            "INSERT INTO outbox (case_id, topic, payload, at) VALUES (?, ?, ?, ?)", (case, "case.moved", PAYLOAD, now)
        )
        self.database.execute(
            "INSERT INTO timers (case_id, name, due_at, status) VALUES (?, ?, ?, 'open') "
            "ON CONFLICT (case_id, name) DO UPDATE SET due_at = excluded.due_at, status = 'open'",
            (case, "sla", now + 3600),
        )


class Content:
    """Our rows by sqlite3 by hand."""

    def __init__(self, path: Path, durability: str, cases: int) -> None:
        _filled(path, cases)
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.execute(f"PRAGMA synchronous = {durability}")

    def many(self, planned: Sequence[StepRows]) -> None:
        """The rows of one transaction, a kind of row at a time."""
        run = self.database.executemany
        self.database.execute("BEGIN IMMEDIATE")
        run(
            "UPDATE relflow_cases SET state = ?, version = ?, next_timer = ?, head = ?, document = ? WHERE id = ?"
            " AND tenant = '' AND version = ?",
            [
                (one.step.case.state, one.step.case.version, one.next_timer, one.case_digest, one.document, one.case,
                 one.step.expected_version)
                for one in planned
            ],
        )  # fmt: skip
        run(
            "INSERT INTO relflow_history VALUES ('', ?, ?, ?, ?, ?)",
            [(one.case, one.step.entry.seq, one.body, one.case_digest, one.case_digest) for one in planned],
        )
        run(
            "INSERT INTO relflow_timers VALUES ('', ?, ?, ?, ?, ?, 0, 0)"
            " ON CONFLICT (tenant, case_id, clock, lap, step) DO UPDATE SET due_at = excluded.due_at",
            [(one.case, *timer) for one in planned for timer in one.timers],
        )
        run(
            "INSERT INTO relflow_outbox VALUES ('', ?, ?, ?, ?, ?, ?, 'ready', 0, ?, 0, 0, NULL, NULL, ?)",
            [(mail[0], one.case, *mail[1:5], one.at, mail[5]) for one in planned for mail in one.outbox],
        )
        self.database.execute("COMMIT")


def _filled(path: Path, cases: int) -> None:
    """Our tables with open cases."""
    with closing(SqliteStore(path, synchronous="OFF")) as store:
        with store.unit() as unit:
            for start in range(0, cases, 500):
                unit.write_all([opening(case) for case in range(start, start + 500)])
        store.tidy()


class Ours:
    """relflow's store."""

    def __init__(self, path: Path, durability: str, cases: int) -> None:
        _filled(path, cases)
        self.store = SqliteStore(path, synchronous=durability)

    def many(self, planned: Sequence[Step]) -> None:
        """The steps of one unit of work."""
        with self.store.unit() as unit:
            if len(planned) == 1:
                unit.write(planned[0])
            else:
                assert None not in unit.write_all(planned)


def measure(folder: str | None, durability: str, steps: int, cases: int, batch: int) -> list[Tally]:
    """Floor and ours, turn about."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        floor = Floor(Path(name, "floor.db"), durability, cases)
        content = Content(Path(name, "content.db"), durability, cases)
        ours = Ours(Path(name, "ours.db"), durability, cases)
        ways = (("raw sqlite3", floor.many), ("our rows by raw sqlite3", content.many), ("relflow", ours.many))
        with closing(floor.database), closing(content.database), closing(ours.store):
            return turns(ways, map(_work, chunks(plan(steps, cases), batch)), batch)


def _work(pairs: Pairs) -> tuple[Pairs, Sequence[StepRows], Sequence[Step]]:
    """A transaction's steps in the three ways."""
    planned = [step(case, version + 1) for case, version in pairs]
    return pairs, [rows_of(one, "", None) for one in planned], planned


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--folder", help="where the files are: in memory (/dev/shm) the disk does not count")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    for durability, batch in (("FULL", 1), ("NORMAL", 1), ("NORMAL", 100), ("NORMAL", 1000)):
        floor, content, ours = measure(asked.folder, durability, max(asked.steps, 5 * batch), asked.cases, batch)
        if asked.json:
            share = round(ours.per_second / floor.per_second, 3)
            found = {"durability": durability, "batch": batch, "floor": floor.per_second, "ours": ours.per_second}
            print(json.dumps({**found, "content": content.per_second, "of_floor": share}))
            continue
        print(f"SQLite, synchronous={durability}, {batch} a transaction:")
        print(floor.line(), content.line(floor), ours.line(floor), sep="\n")


if __name__ == "__main__":
    main()
