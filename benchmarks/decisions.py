"""Decisions: relflow beside the same policy by hand and in other engines, in one run, as ratios to the floor."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from rules.peers import peers

import relflow
from rules import floor

POLICY = Path(__file__).parent / "rules" / "policy.yaml"
SIZES = (10, 100, 1000, 10_000)
Call = Callable[[floor.Record], Any]


def microseconds(call: Call, records: list[floor.Record], rounds: int) -> float:
    """Median time of a call, over rounds of a pass through the records."""
    for record in records[:200]:
        call(record)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for record in records:
            call(record)
        times.append((time.perf_counter() - start) / len(records) * 1e6)
    return median(times)


def agree(name: str, call: Call, expected: Call, records: list[floor.Record]) -> None:
    """Stop if an engine answers anything else than the hand-written policy: a wrong answer has no speed."""
    wrong = sum(call(record) != expected(record) for record in records)
    if wrong:
        raise SystemExit(f"{name}: {wrong} of {len(records)} answers are wrong")


def report(title: str, lines: list[tuple[str, float]]) -> None:
    """A block of figures; the first line is what the ratios refer to."""
    print(f"\n{title:52}{'us':>10}{'x floor':>10}")
    for name, value in lines:
        print(f"  {name:50}{value:10.2f}{value / lines[0][1]:10.1f}")


def small(policy: relflow.Policy, records: list[floor.Record], rounds: int) -> None:
    """One table, and all decisions."""
    tier: list[tuple[str, Call]] = [
        ("by hand", floor.tier),
        ("relflow, policy.decide(...)", lambda r: policy.decide("tier", r)),
    ]
    full: list[tuple[str, Call]] = [
        ("by hand", floor.full),
        ("relflow, policy.decide(...)", lambda r: policy.decide("full", r)),
        ("relflow, decided and traced", lambda r: policy.decide("full", r).trace()),
    ]
    agree("relflow", lambda r: policy.decide("tier", r).value, floor.tier, records)
    agree("relflow", lambda r: policy.decide("full", r).value, floor.full, records)
    for peer in peers():
        agree(peer.name, peer.tier, floor.tier, records[:500])
        tier.append((peer.name, peer.tier))
        if peer.full:
            agree(peer.name, peer.full, floor.full, records[:500])
            full.append((peer.name, peer.full))
    report("a tier: 6 inputs, 12 rows", [(name, microseconds(call, records, rounds)) for name, call in tier])
    report("tier, score, risks, cadence", [(name, microseconds(call, records, rounds)) for name, call in full])


def big_policy(count: int) -> str:
    """The large table as the YAML of an analyst."""
    rows = [
        f"      | {industry} | {region} | [{low}..{high}) | >= {orders} || {answer} |"
        for industry, region, low, high, orders, answer in floor.big_rows(count)
    ]
    heading = f"      | {' | '.join(floor.BIG_COLUMNS)} || answer |"
    return "\n".join(
        [
            "policy: big",
            "version: 1",
            "facts:",
            "  industry: {type: string, one_of: [" + ", ".join(floor.INDUSTRIES) + "]}",
            "  region: {type: string, one_of: [" + ", ".join(floor.REGIONS) + "]}",
            "  annual_amount_cny: {type: number}",
            "  orders_per_year: {type: number}",
            "decisions:",
            "  answer:",
            "    hit_policy: first",
            "    when_missing: no_match",
            "    output: {type: number}",
            "    table: |",
            heading,
            *rows,
            f"      | - | - | - | - || {count - 1} |",
            "",
        ]
    )


def big(records: list[floor.Record], rounds: int) -> None:
    """Tables of many rows: how long until ready, and how long a decision takes."""
    others = list(peers())
    with TemporaryDirectory() as folder:
        for count in SIZES:
            file = Path(folder) / f"big{count}.yaml"
            file.write_text(big_policy(count), encoding="utf-8")
            start = time.perf_counter()
            policy = relflow.load(file)
            ready = (time.perf_counter() - start) * 1000
            by_hand = floor.big_floor(count)
            agree("relflow", partial(_value, policy), by_hand, records[:1000])
            lines = [
                ("by hand", microseconds(by_hand, records, rounds)),
                ("relflow, policy.decide(...)", microseconds(partial(policy.decide, "answer"), records, rounds)),
            ]
            if count == 1000:
                lines += [
                    (peer.name, microseconds(peer.big(count), records[:500], rounds)) for peer in others if peer.big
                ]
            report(f"{count:,} rows, from YAML in {ready:.0f} ms", lines)


def _value(policy: relflow.Policy, record: floor.Record) -> Any:
    return policy.decide("answer", record).value


def main() -> None:
    """Print all blocks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    rounds = parser.parse_args().runs
    start = time.perf_counter()
    policy = relflow.load(POLICY)
    print(f"policy read, compiled and checked in {(time.perf_counter() - start) * 1000:.0f} ms")
    records = floor.records(2000)
    small(policy, records, rounds)
    big(records, rounds)


if __name__ == "__main__":
    main()
