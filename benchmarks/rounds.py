"""A daily round over 100,000 accounts: how fast, how much memory, and that it stops and goes on at any size.

`python benchmarks/rounds.py [ACCOUNTS]`. The round runs on SQLite in runs of 5,000 subjects; its speed stands beside a
floor in the same process: the same accounts listed, loaded in pages and compared by hand-written code.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from relflow import Engine, load
from relflow.hooks import hookimpl

POLICY = """
policy: rounds
version: 1
timezone: UTC
calendar: {country: CN, hours: "09:00-18:00"}
facts: {overdue: {type: number}, amount: {type: number}}
roles: {boss: {members: [wang]}}
messages: {late: {text: {en: late, zh: 逾期}}}
obligations:
  dunning: {of: account, becomes: overdue > 30, do: [{notify: boss, message: late}]}
  survey: {of: account, every: 6 months, when: amount > 100, do: [{notify: boss, message: late}]}
"""
DAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


class Host:
    """Accounts that exist only as numbers, so that the memory measured is ours."""

    def __init__(self, count: int) -> None:
        self.count = count

    @hookimpl
    def relflow_accounts(self, after: str | None, limit: int) -> list[str]:
        """A page of ids."""
        first = 0 if after is None else int(after[2:]) + 1
        return [f"C-{number:08}" for number in range(first, min(first + limit, self.count))]

    @hookimpl
    def relflow_load_accounts(
        self, accounts: Sequence[str], facts: Sequence[str]
    ) -> Mapping[str, Mapping[str, object]]:
        """One account in a hundred is overdue."""
        del facts
        return {one: {"overdue": 40 if int(one[2:]) % 100 == 0 else 0, "amount": 5} for one in accounts}


def floor(host: Host) -> float:
    """Seconds for the same pages and comparisons by hand."""
    begin, after, found = time.perf_counter(), None, 0
    while page := host.relflow_accounts(after, 200):
        table = host.relflow_load_accounts(page, ())
        found += sum(row["overdue"] > 30 for row in table.values())  # type: ignore[operator]
        after = page[-1]
    assert found == (host.count + 99) // 100
    return time.perf_counter() - begin


def main(count: int) -> None:
    """Measure and print."""
    host = Host(count)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "policy.yaml").write_text(POLICY, "utf-8")
        now = [DAY]
        with Engine(load(place), store=f"sqlite:///{place}/cases.db", plugins=[host], clock=lambda: now[0]) as engine:
            for day in (2, 3):
                now[0] = DAY.replace(day=day)
                begin, runs, peaks = time.perf_counter(), 1, [_peak()]
                while engine.run_due(limit=5000).more:
                    runs += 1
                    peaks.append(_peak())
                took = time.perf_counter() - begin
                print(
                    f"day {day}: {count:,} accounts in {took:.1f} s ({count / took:,.0f} a second), {runs} runs, "
                    f"peak memory {peaks[0]:.0f} MB at the start, {_peak():.0f} MB at the end"
                )
    print(f"floor, in memory and by hand: {floor(host):.2f} s")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
