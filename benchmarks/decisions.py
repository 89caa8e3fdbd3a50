"""Decisions: relflow beside the same policy by hand and in other engines, in one run, as ratios to the floor."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from rules.peers import peers

import relflow
from rules import floor

POLICY = Path(__file__).parent / "rules" / "policy.yaml"
SIZES = (10, 100, 1000, 10_000)
Call = Callable[..., Any]


class Lap(NamedTuple):
    """What one line of a block times: a call over records."""

    name: str
    call: Call
    records: Sequence[floor.Record]


def once(lap: Lap) -> float:
    """Microseconds a call, over one pass."""
    start = time.perf_counter()
    for record in lap.records:
        lap.call(record)
    return (time.perf_counter() - start) / len(lap.records) * 1e6


def report(title: str, laps: Sequence[Lap], rounds: int) -> None:
    """A block of figures; the first line is the floor.

    The lines take turns, and each ratio is the median of the ratios of its rounds: so it holds although the machine
    has other things to do now and then.
    """
    for lap in laps:
        for record in lap.records[:200]:
            lap.call(record)
    times = [[once(lap) for lap in laps] for _ in range(rounds)]
    print(f"\n{title:52}{'us':>10}{'x floor':>10}")
    for place, lap in enumerate(laps):
        own = median(line[place] for line in times)
        ratio = median(line[place] / line[0] for line in times)
        print(f"  {lap.name:50}{own:10.2f}{ratio:10.1f}")


def agree(name: str, call: Call, expected: Call, records: list[floor.Record]) -> None:
    """Stop if an engine answers anything else than the hand-written policy: a wrong answer has no speed."""
    wrong = sum(call(record) != expected(record) for record in records)
    if wrong:
        raise SystemExit(f"{name}: {wrong} of {len(records)} answers are wrong")


def small(policy: relflow.Policy, records: list[floor.Record], rounds: int) -> None:
    """One table, and all decisions."""
    decimals = [{name: _exact(value) for name, value in record.items()} for record in records]
    some = records[:300]
    tier = [
        Lap("by hand", floor.tier, records),
        Lap("relflow, policy.decide(...)", lambda r: policy.decide("tier", r), records),
        Lap("relflow, all numbers Decimal", lambda r: policy.decide("tier", r), decimals),
    ]
    full = [
        Lap("by hand", floor.full, records),
        Lap("relflow, policy.decide(...)", lambda r: policy.decide("full", r), records),
        Lap("relflow, all numbers Decimal", lambda r: policy.decide("full", r), decimals),
        Lap("relflow, with the trace recorded", lambda r: policy.decide("full", r).trace(), records),
        Lap("  every cell of that trace as JSON", lambda r: policy.decide("full", r).trace().to_dict(), records[:20]),
        Lap("  explained as text", lambda r: policy.explain("full", r).text(), records[:20]),
    ]
    agree("relflow", lambda r: policy.decide("tier", r).value, floor.tier, records)
    agree("relflow", lambda r: policy.decide("full", r).value, floor.full, records)
    for peer in peers():
        agree(peer.name, peer.tier, floor.tier, records[:500])
        tier.append(Lap(peer.name, peer.tier, some))
        if peer.full:
            agree(peer.name, peer.full, floor.full, records[:500])
            full.append(Lap(peer.name, peer.full, some))
    report("a tier: 6 inputs, 12 rows", tier, rounds)
    report("tier, score, risks, cadence", full, rounds)


def _exact(value: Any) -> Any:
    """A number as hosts with decimal columns have it."""
    return Decimal(repr(value)) if value.__class__ in (int, float) else value


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
            laps = [
                Lap("by hand", by_hand, records),
                Lap("relflow, compiled", partial(_compiled, policy.decider("answer")), records),
                Lap("relflow, policy.decide(...)", partial(policy.decide, "answer"), records),
            ]
            if count == 1000:
                laps += [Lap(peer.name, peer.big(count), records[:300]) for peer in others if peer.big]
            report(f"{count:,} rows, from YAML in {ready:.0f} ms", laps, rounds)


def _compiled(entry: Call, record: floor.Record) -> Any:
    return entry(record, None, None, None)


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
