"""Two processes that fire at one case from the same version, again and again: each time one of them wins.

python -m tests.faults.race --rounds 10000
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from relflow.errors import ConflictError
from tests.faults.backends import BACKENDS
from tests.faults.stage import CLERK, Customers, Stage

__all__ = ["main", "race"]


def race(stage: Stage, rounds: int) -> Counter[str]:
    """So many rounds; how many had one winner and one loser, and whatever else came about."""
    context = multiprocessing.get_context("fork")
    with stage.opened([_quiet()]) as engine:
        case = engine.open("complaint", account="C-0", data={"description": "x"}, actor=CLERK, key="race").id
    barrier = context.Barrier(2)
    pipes, runners = [], []
    for side in range(2):
        mine, theirs = context.Pipe(duplex=False)
        runner = context.Process(target=_run, args=(stage, case, side, rounds, barrier, theirs))
        runner.start()
        pipes.append(mine)
        runners.append(runner)
    said: list[list[str]] = [pipe.recv() for pipe in pipes]
    for runner in runners:
        runner.join()
    outcome: Counter[str] = Counter()
    with stage.opened([_quiet()]) as engine:
        history = engine.history(case)[1:]
        outcome["chain broken"] = len(engine.verify(case))
    for number, (one, other) in enumerate(zip(*said, strict=True)):
        outcome["races"] += 1
        outcome["one winner"] += sorted((one, other)) == ["lost", "won"]
        winner = [f"race-{side}-{number}" for side, answer in enumerate((one, other)) if answer == "won"]
        outcome["history agrees"] += [history[number].trigger.event_id] == winner
        outcome[f"{one} and {other}"] += 1
    outcome["steps beyond the races"] = len(history) - rounds
    return outcome


def _quiet() -> Customers:
    """Customers that always answer."""
    return Customers(random.Random(0), 0)


def _run(stage: Stage, case: str, side: int, rounds: int, barrier: Barrier, said: Connection) -> None:
    answers = []
    with stage.opened([_quiet()]) as engine:
        for number in range(rounds):
            barrier.wait(60)
            try:
                engine.fire(case, "note", actor=CLERK, event_id=f"race-{side}-{number}", expected_version=number + 1)
                answers.append("won")
            except ConflictError:
                answers.append("lost")
            except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer to a race
                answers.append(type(error).__name__)
    said.send(answers)


def main(arguments: list[str] | None = None) -> int:
    """Race and print; 1 unless each race had one winner."""
    parser = argparse.ArgumentParser(prog="tests.faults.race")
    parser.add_argument("--rounds", type=int, default=10_000)
    parser.add_argument("--store", choices=sorted(BACKENDS), default="sqlite")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, BACKENDS[chosen.store](Path(folder)) as backend:
        stage = Stage(Path(folder), backend.url, 0, 0, time.time(), plugins=backend.plugins)
        began = time.monotonic()
        outcome = race(stage, chosen.rounds)
    print(f"two writers on one case, {chosen.store}, {time.monotonic() - began:.0f} s")
    for what, count in outcome.items():
        print(f"{what:30}{count:>10,}")
    fine = outcome["one winner"] == outcome["history agrees"] == chosen.rounds
    return 0 if fine and not outcome["chain broken"] and not outcome["steps beyond the races"] else 1


if __name__ == "__main__":
    sys.exit(main())
