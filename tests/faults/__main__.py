"""The fault harness.

    python -m tests.faults --minutes 5 --seed 1
    python -m tests.faults --minutes 5 --store postgresql

Several workers and clients work on one store while they are killed at random, their clocks jump and disagree, and what
they call fails, raises, hangs and talks nonsense. Then everything is judged from the store and from what the processes
wrote down. Prints a table; ends with 1 if anything happened that may never happen.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.backends import BACKENDS
from tests.faults.court import judged, standing
from tests.faults.stage import Stage
from tests.faults.storm import finish, storm
from tests.faults.verdict import MUST_BE_NONE, Verdict

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run and judge; 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="tests.faults")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--store", choices=sorted(BACKENDS), default="sqlite")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--clients", type=int, default=3)
    parser.add_argument("--kill-every", type=float, default=0.5, help="seconds between two kills")
    parser.add_argument("--rate", type=float, default=1800.0, help="how much faster the clocks run")
    parser.add_argument("--keep", type=Path, help="keep the store and the journals in this folder")
    chosen = parser.parse_args(arguments)
    if chosen.keep is not None:
        chosen.keep.mkdir(parents=True, exist_ok=True)
        return _run(chosen, chosen.keep)
    with tempfile.TemporaryDirectory() as folder:
        return _run(chosen, Path(folder))


def _run(chosen: argparse.Namespace, folder: Path) -> int:
    with BACKENDS[chosen.store](folder) as backend:
        stage = Stage(
            folder,
            backend.url,
            chosen.seed,
            chosen.minutes * 60,
            time.time(),
            chosen.rate,
            plugins=backend.plugins,
        )
        print(f"seed {chosen.seed}, {chosen.minutes:g} minutes on {chosen.store}", flush=True)
        kills = storm(stage, chosen.workers, chosen.clients, chosen.kill_every, backend.sabotage)
        torn = standing(stage)
        finish(stage)
        verdict = judged(stage, kills)
        for what, places in torn.broken.items():
            verdict.broken[what] += places
    return _print(verdict)


def _print(verdict: Verdict) -> int:
    width = max(map(len, (*verdict.counts, *MUST_BE_NONE.values()))) + 2
    for what, count in sorted(verdict.counts.items()):
        print(f"{what:{width}}{count:>10,}")
    print("-" * (width + 10))
    for what, words in MUST_BE_NONE.items():
        print(f"{words:{width}}{len(verdict.broken.get(what, ())):>10,}")
    for what, places in verdict.broken.items():
        for place in places[:5]:
            print(f"{what}: {place}", file=sys.stderr)
    return 1 if verdict.broken else 0


if __name__ == "__main__":
    sys.exit(main())
