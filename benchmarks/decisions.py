"""Decisions: relflow beside the same policy by hand and in other engines, in one run, as ratios to the floor."""

from __future__ import annotations

import argparse
import sys
import time
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from rules.laps import Call, Lap, report
from rules.peers import peers

import relflow
from rules import floor

POLICY = Path(__file__).parent / "rules" / "policy.yaml"
SIZES = (10, 100, 1000, 10_000)


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


def big_cells(count: int) -> list[tuple[str, ...]]:
    """The cells of the large table."""
    return [
        (industry, region, f"[{low}..{high})", f">= {orders}", str(answer))
        for industry, region, low, high, orders, answer in floor.big_rows(count)
    ]


def hard_cells(count: int) -> list[tuple[str, ...]]:
    """The cells of the large table whose rows overlap."""
    return [
        (
            industry or "-",
            region or "-",
            f"[{amounts[0]}..{amounts[1]})" if amounts else "-",
            f">= {orders}" if orders is not None else "-",
            str(answer),
        )
        for industry, region, amounts, orders, answer in floor.hard_rows(count)
    ]


def big_policy(cells: list[tuple[str, ...]]) -> str:
    """A large table as the YAML of an analyst."""
    rows = [f"      | {' | '.join(row[:-1])} || {row[-1]} |" for row in cells]
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
            f"      | - | - | - | - || {len(rows)} |",
            "",
        ]
    )


def big(records: list[floor.Record], rounds: int) -> None:
    """Tables of many rows: how long until ready, and how long a decision takes."""
    others = list(peers())
    for count in SIZES:
        laps = big_laps(big_policy(big_cells(count)), floor.big_floor(count), records)
        if count == 1000:
            laps += [Lap(peer.name, peer.big(count), records[:300]) for peer in others if peer.big]
        report(f"{count:,} rows", laps, rounds)
    for count in SIZES:
        some = records[: max(20, 20_000 // count)]
        title = f"{count:,} rows with overlaps and a third of the cells open"
        report(title, big_laps(big_policy(hard_cells(count)), floor.hard_floor(count), some), rounds)


def big_laps(text: str, by_hand: Call, records: list[floor.Record]) -> list[Lap]:
    """By hand, and in relflow, once read."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "big.yaml"
        file.write_text(text, encoding="utf-8")
        start = time.perf_counter()
        policy = relflow.load(file)
        print(f"\nread, compiled and checked in {(time.perf_counter() - start) * 1000:.0f} ms")
    agree("relflow", partial(_value, policy), by_hand, records[:1000])
    return [
        Lap("by hand", by_hand, records),
        Lap("relflow, compiled", partial(_compiled, policy.decider("answer")), records),
        Lap("relflow, policy.decide(...)", partial(policy.decide, "answer"), records),
    ]


def _value(policy: relflow.Policy, record: floor.Record) -> Any:
    return policy.decide("answer", record).value


def _compiled(entry: Call, record: floor.Record) -> Any:
    return entry(record, None, None, None)


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
