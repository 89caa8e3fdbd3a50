"""How the server goes about the statement that writes steps: what it reads does not grow with the tables."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from relflow_postgres import PostgresStore
from relflow_postgres.link import PsycopgLink, Row, Value

from relflow.testing.postgres import PostgresServer
from relflow.testing.store_samples import sample_step

TIMERS = {"due": timedelta(hours=1)}


@pytest.mark.parametrize("known", [False, True], ids=["not analysed", "analysed"])
def test_a_sweep_reads_no_table_from_end_to_end(
    relflow_postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    """Whether the server has statistics or not: cases and timers of a batch are found by their keys."""
    url = relflow_postgres.url(relflow_postgres.database())
    plans: list[str] = []
    execute = PsycopgLink.execute

    def explained(self: PsycopgLink, sql: str, params: Sequence[Value] = ()) -> tuple[Sequence[Row], int]:
        if sql.startswith("WITH i AS"):
            rows, _ = execute(self, f"EXPLAIN {sql}", params)
            plans.append("\n".join(str(row[0]) for row in rows))
        return execute(self, sql, params)

    cases = [f"K-{number:05d}" for number in range(3000)]
    with closing(PostgresStore(url)) as store:
        with store.unit() as unit:
            assert None not in unit.write_all([sample_step(case, timers=TIMERS) for case in cases])
        if known:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("ANALYZE")
        monkeypatch.setattr(PsycopgLink, "execute", explained)
        with store.unit() as unit:
            assert None not in unit.write_all([sample_step(case, 2, timers=TIMERS) for case in cases[::30]])
    (plan,) = plans
    assert "Index Scan using relflow_cases_pkey" in plan
    for table in ("relflow_cases", "relflow_timers", "relflow_outbox", "relflow_history"):
        assert f"Seq Scan on {table}" not in plan
        assert f"Bitmap Heap Scan on {table}" not in plan
