"""Claims of due timers among 1,000,000 open ones, beside raw SQL that claims the same number of rows.

1,000 at a time until 200,000 are claimed, on SQLite (WAL, NORMAL) and on PostgreSQL (its own durability). The floor
marks rows in a table with one partial index; ours takes a lease and a fence, and gives back timers. The growth of this
process while it claims is printed, too. Usage: `python benchmarks/timers.py [--open 1000000] [--due 200000]`.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from durable_work import Tally, turns

from relflow.stores import SqliteStore, Store
from relflow.testing.postgres import PostgresServer, find_binaries, running

BATCH = 1000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LEASE = timedelta(minutes=5)
FLOOR = """CREATE TABLE timers (case_id BIGINT NOT NULL, name TEXT NOT NULL, due_at DOUBLE PRECISION NOT NULL,
  status TEXT NOT NULL, claimed_by TEXT, PRIMARY KEY (case_id, name))"""
INDEX = "CREATE INDEX timers_due ON timers (due_at) WHERE status = 'open'"
PICK = "SELECT case_id, name FROM timers WHERE status = 'open' AND due_at <= {due} ORDER BY due_at LIMIT 1000"
OURS = "tenant, case_id, clock, lap, step, due_at, leased_until, fence"


def places(count: int) -> Iterator[tuple[int, int]]:
    """A number for each timer and the microsecond at which it is due, in no order that an index likes."""
    return ((number, (number * 7_919) % count) for number in range(count))


def sqlite_floor(path: Path, count: int) -> sqlite3.Connection:
    """A million rows for sqlite3."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    database.execute(FLOOR)
    database.execute("BEGIN")
    rows = ((number, float(at)) for number, at in places(count))
    database.executemany("INSERT INTO timers VALUES (?, 'sla', ?, 'open', NULL)", rows)
    database.execute("COMMIT")
    database.execute(INDEX)
    return database


def sqlite_claim(database: sqlite3.Connection, due: int) -> None:
    """One batch by hand."""
    database.execute("BEGIN IMMEDIATE")
    rows = database.execute(PICK.format(due="?"), (float(due),)).fetchall()
    database.executemany("UPDATE timers SET status = 'claimed', claimed_by = 'w' WHERE case_id = ? AND name = ?", rows)
    database.execute("COMMIT")
    assert len(rows) == BATCH


def sqlite_ours(path: Path, count: int) -> SqliteStore:
    """A million timers in relflow's tables."""
    store = SqliteStore(path, synchronous="NORMAL")
    store.migrate()
    with closing(sqlite3.connect(path)) as database, database:
        rows = ((f"K{number:08d}", at) for number, at in places(count))
        database.executemany(f"INSERT INTO relflow_timers ({OURS}) VALUES ('', ?, 'sla', 1, 'due', ?, 0, 0)", rows)
    return store


def claim(store: Store, due: int) -> None:
    """One batch of ours."""
    with store.unit() as unit:
        assert len(unit.due(EPOCH + timedelta(microseconds=due), BATCH, LEASE)) == BATCH


def on_sqlite(count: int, due: int) -> list[Tally]:
    """Both on SQLite."""
    with tempfile.TemporaryDirectory() as name:
        floor, ours = sqlite_floor(Path(name, "floor.db"), count), sqlite_ours(Path(name, "ours.db"), count)
        with closing(floor), closing(ours):
            ways = (("raw sqlite3", lambda at: sqlite_claim(floor, at)), ("relflow", lambda at: claim(ours, at)))
            return turns(ways, [(due, due)] * (due // BATCH), BATCH)


def on_postgres(server: PostgresServer, count: int, due: int) -> list[Tally]:
    """Both on PostgreSQL."""
    import psycopg  # noqa: PLC0415 - only where there is a server
    from relflow_postgres import PostgresStore  # noqa: PLC0415 - as above

    url = server.fresh()
    store = PostgresStore(url)
    store.migrate()
    taken = PICK.format(due="%s") + " FOR UPDATE SKIP LOCKED"
    sql = f"""UPDATE timers SET status = 'claimed', claimed_by = 'w'
        WHERE (case_id, name) IN ({taken}) RETURNING case_id, name"""
    with closing(store), psycopg.connect(url, autocommit=True) as floor:
        floor.prepare_threshold = 0
        floor.execute((FLOOR + " WITH (fillfactor = 80)").encode())
        with floor.cursor() as cursor, cursor.copy("COPY timers (case_id, name, due_at, status) FROM STDIN") as copy:
            for number, at in places(count):
                copy.write_row((number, "sla", float(at), "open"))
        floor.execute(INDEX)
        with floor.cursor() as cursor, cursor.copy(f"COPY relflow_timers ({OURS}) FROM STDIN".encode()) as copy:
            for number, at in places(count):
                copy.write_row(("", f"K{number:08d}", "sla", 1, "due", at, 0, 0))
        floor.execute("VACUUM ANALYZE")
        floor.execute("CHECKPOINT")

        def by_hand(at: int) -> None:
            assert len(floor.execute(sql.encode(), (float(at),)).fetchall()) == BATCH

        ways: tuple[tuple[str, Callable[[Any], None]], ...] = (
            ("one statement, SKIP LOCKED", by_hand),
            ("relflow", lambda at: claim(store, at)),
        )
        return turns(ways, [(due, due)] * (due // BATCH), BATCH)


def report(name: str, found: list[Tally], grown: int) -> None:
    """The table of one database."""
    floor, ours = found
    print(f"{name}:")
    print(floor.line().replace("steps", "timers"), ours.line(floor).replace("steps", "timers"), sep="\n")
    print(f"  this process grew by {grown / 1024:.1f} MB while both claimed")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=200_000)
    asked = parser.parse_args()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = on_sqlite(asked.open, asked.due)
    report(f"SQLite, {asked.open:,} open timers", found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    if find_binaries() is None:
        print("PostgreSQL skipped: its server is not installed here")
        return
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with running(durable=True) as server:
        found = on_postgres(server, asked.open, asked.due)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    report(f"PostgreSQL, {asked.open:,} open timers", found, grown)


if __name__ == "__main__":
    main()
