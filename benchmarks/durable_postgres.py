"""Steps on PostgreSQL, beside one data-modifying statement of psycopg that does the floor's four writes.

One by one and in batches, at the durability that PostgreSQL has by itself (`fsync`, `synchronous_commit` on), on a
server that the benchmark starts. Usage: `python benchmarks/durable_postgres.py [--steps 5000] [--cases 20000]
[--json]`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from contextlib import closing

import psycopg
from durable_work import PAYLOAD, Pairs, Tally, chunks, opening, plan, step, tables, turns
from relflow_postgres import PostgresStore

from relflow.results import Step
from relflow.testing.postgres import find_binaries, running

ONE = """WITH c AS (UPDATE cases SET state = %(dst)s, version = version + 1, updated_at = %(at)s
    WHERE id = %(id)s AND version = %(v)s RETURNING id),
 h AS (INSERT INTO history SELECT id, %(v)s, %(ev)s, %(src)s, %(dst)s, %(actor)s, %(at)s, '{}' FROM c),
 o AS (INSERT INTO outbox (case_id, topic, payload, at) SELECT id, 'case.moved', %(p)s, %(at)s FROM c),
 t AS (INSERT INTO timers (case_id, name, due_at, status) SELECT id, 'sla', %(due)s, 'open' FROM c
   ON CONFLICT (case_id, name) DO UPDATE SET due_at = excluded.due_at, status = 'open')
SELECT count(*) FROM c"""
MANY = """WITH i AS (SELECT * FROM unnest(%s::bigint[], %s::int[]) AS i(id, v)),
 c AS (UPDATE cases SET state = 'investigating', version = cases.version + 1, updated_at = %s FROM i
   WHERE cases.id = i.id AND cases.version = i.v RETURNING cases.id, i.v),
 h AS (INSERT INTO history SELECT id, v, 'investigate', 'acknowledged', 'investigating', 'u1', %s, '{}' FROM c),
 o AS (INSERT INTO outbox (case_id, topic, payload, at) SELECT id, 'case.moved', %s, %s FROM c),
 t AS (INSERT INTO timers (case_id, name, due_at, status) SELECT id, 'sla', %s, 'open' FROM c
   ON CONFLICT (case_id, name) DO UPDATE SET due_at = excluded.due_at, status = 'open')
SELECT count(*) FROM c"""

# the policy in force, which the engine has looked at with every step
POLICY = ("complaints", "p" * 64)


class Floor:
    """psycopg by hand."""

    def __init__(self, url: str, cases: int) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.connection.prepare_threshold = 1
        self.connection.execute("DROP TABLE IF EXISTS cases, history, outbox, timers")
        for statement in tables("BIGSERIAL").split(";"):
            if statement.strip():
                self.connection.execute(statement.encode())
        with self.connection.cursor() as cursor, cursor.copy("COPY cases FROM STDIN") as copy:
            for case in range(cases):
                copy.write_row((case, case % 10, "received", 1, 0.0))

    def one(self, pair: tuple[int, int]) -> None:
        """One step as one statement, which is one transaction."""
        now = time.time()
        case, version = pair
        values = {
            "id": case, "v": version, "dst": "investigating", "src": "acknowledged", "ev": "investigate",
            "actor": "u1", "at": now, "due": now + 3600, "p": PAYLOAD,
        }  # fmt: skip
        assert self.connection.execute(ONE, values).fetchone() == (1,)

    def many(self, pairs: Pairs) -> None:
        """A batch as one statement."""
        now = time.time()
        ids, versions = [case for case, _ in pairs], [version for _, version in pairs]
        done = self.connection.execute(MANY, (ids, versions, now, now, PAYLOAD, now, now + 3600))
        assert done.fetchone() == (len(pairs),)


class Ours:
    """relflow's store."""

    def __init__(self, url: str, cases: int) -> None:
        self.store = PostgresStore(url)
        for start in range(0, cases, 500):
            with self.store.unit() as unit:
                unit.in_force(*POLICY)
                unit.write_all([opening(case) for case in range(start, min(start + 500, cases))])

    def one(self, planned: Step) -> None:
        """One step as the unit of work that the engine makes of a call: all that its transaction holds."""
        with self.store.unit() as unit:
            assert unit.write_alone(planned, under=POLICY) is not None

    def many(self, planned: Sequence[Step]) -> None:
        """A batch in one unit of work."""
        with self.store.unit() as unit:
            assert None not in unit.write_all(planned)


def measure(url: tuple[str, str], steps: int, cases: int, batch: int) -> list[Tally]:
    """Floor and ours, turn about."""
    floor, ours = Floor(url[0], cases), Ours(url[1], cases)
    for place in url:
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
    work = plan(steps, cases)
    with closing(floor.connection), closing(ours.store):
        if batch == 1:
            ways = (("one statement of psycopg", floor.one), ("relflow", ours.one))
            return turns(ways, ((pair, step(pair[0], pair[1] + 1)) for pair in work), 1)
        many = (("one statement for the batch", floor.many), ("relflow", ours.many))
        batches = ((pairs, [step(case, version + 1) for case, version in pairs]) for pairs in chunks(work, batch))
        return turns(many, batches, batch)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if find_binaries() is None:
        print("skipped: PostgreSQL's server is not installed here")
        return
    with running(durable=True) as server:
        for batch in (1, 100, 1000):
            steps = asked.steps if batch == 1 else max(asked.steps, 5 * batch)
            floor, ours = measure((server.url(), server.fresh()), steps, asked.cases, batch)
            if asked.json:
                share = round(ours.per_second / floor.per_second, 3)
                print(json.dumps({"batch": batch, "floor": floor.per_second, "ours": ours.per_second, "share": share}))
                continue
            print(f"PostgreSQL, {batch} a transaction:")
            print(floor.line(), ours.line(floor), sep="\n")


if __name__ == "__main__":
    main()
