"""`relflow diff --facts` on a million accounts, beside a hand-written loop over the same file.

The accounts are the CDNOW customers of the demo, each many times with another amount; the two versions of the policy
differ by three thresholds and one rhythm. The file is read as a stream, so the memory does not grow with it.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

POLICY = """\
policy: shop
version: 1
timezone: Asia/Shanghai
facts:
  purchases_count: {type: number}
  amount_usd: {type: number, unit: USD, min: 0}
  last_bought_on: {type: date}
  opted_in: {type: boolean}
decisions:
  by_value:
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | amount_usd | purchases_count || tier     |
      | >= KEY     | >= 3            || key      |
      | >= 100     | -               || key      |
      | >= 30      | -               || general  |
      | -          | -               || prospect |
  by_silence:
    hit_policy: first
    output: {levels_of: risk}
    table: |
      | today() - last_bought_on || risk   |
      | > days(365)              || high   |
      | > days(QUIET)            || medium |
      | -                        || low    |
tiers:
  tier: {from: by_value, levels: [key, general, prospect]}
risks:
  risk: {from: by_silence, levels: [high, medium, low]}
cadences:
  contact:
    touchpoints:
      visit: {channel: visit}
      mail: {channel: email}
    plan: |
      | tier    | risk | opted_in || touchpoint | target   |
      | key     | high | -        || visit      | RHYTHM   |
      | key     | -    | -        || visit      | 3 months |
      | general | high | -        || visit      | 6 months |
      | -       | -    | true     || mail       | 30 days  |
"""
OLD = {"KEY": "40", "QUIET": "180", "RHYTHM": "1 month"}
NEW = {"KEY": "60", "QUIET": "150", "RHYTHM": "2 weeks"}
TODAY = date(2026, 7, 1)
CDNOW = Path(__file__).parents[1] / "demo" / "cdnow.csv"


def write_accounts(path: Path, count: int) -> None:
    """So many accounts made of the real customers."""
    seen: dict[str, list[tuple[str, float]]] = defaultdict(list)
    with CDNOW.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            seen[row["customer_id"]].append((row["date"], float(row["amount_usd"])))
    customers = [(len(all_), sum(amount for _, amount in all_), max(all_)[0]) for all_ in seen.values()]
    chance = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(["id", "name", "purchases_count", "amount_usd", "last_bought_on", "opted_in"])
        for number in range(count):
            times, amount, last = customers[number % len(customers)]
            day = f"{int(last[:4]) + 28}{last[4:]}"
            rows.writerow(
                [
                    f"A{number:07}",
                    "CDNOW",
                    times,
                    f"{amount * chance.uniform(0.5, 2):.2f}",
                    day,
                    str(number % 3 > 0).lower(),
                ]
            )


def write_policy(folder: Path, figures: dict[str, str]) -> None:
    """One version of the policy."""
    text = POLICY
    for name, value in figures.items():
        text = text.replace(name, value)
    folder.mkdir()
    (folder / "policy.yaml").write_text(text, "utf-8")


def by_hand(path: Path) -> Counter[tuple[str, ...]]:
    """The matrices, as a script for this one question would count them."""
    found: Counter[tuple[str, ...]] = Counter()
    quiet = [TODAY - timedelta(days=days) for days in (365, 180, 150)]
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        for _, _, times, amount, last, _ in rows:
            spent, count, day = float(amount), int(times), date.fromisoformat(last)
            tiers = [
                "key" if (spent >= key and count >= 3) or spent >= 100 else "general" if spent >= 30 else "prospect"
                for key in (40, 60)
            ]
            risks = ["high" if day < quiet[0] else "medium" if day < soon else "low" for soon in quiet[1:]]
            found["tier", tiers[0], tiers[1]] += 1
            found["risk", risks[0], risks[1]] += 1
    return found


def main() -> None:
    """Print the seconds of both, the ratio, and how much memory the command took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    count = parser.parse_args().accounts
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_accounts(folder / "accounts.csv", count)
        write_policy(folder / "old", OLD)
        write_policy(folder / "new", NEW)
        start = time.perf_counter()
        counted = by_hand(folder / "accounts.csv")
        hand = time.perf_counter() - start
        command = [sys.executable, "-m", "relflow", "diff", "old", "new", "--facts", "accounts.csv", "--at", str(TODAY)]
        start = time.perf_counter()
        printed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
        taken = time.perf_counter() - start
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
    moved = sum(times for (what, old, new), times in counted.items() if what == "tier" and old != new)
    if f"tier: {moved:,} of {count:,} accounts move" not in printed:
        raise SystemExit("the command counts other moves than the script by hand")
    print(f"{count:,} accounts, two versions, {moved:,} change their tier")
    print(f"{'by hand, one question':32}{hand:8.1f} s")
    print(f"{'relflow diff':32}{taken:8.1f} s   {taken / hand:.1f}x   (limit 60 s for a million)")
    print(f"{'  of it on the processor':32}{used.ru_utime + used.ru_stime:8.1f} s")
    print(f"{'  memory at most':32}{used.ru_maxrss / 1024:8.0f} MB")


if __name__ == "__main__":
    main()
