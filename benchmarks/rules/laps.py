"""Timing lines of a block in turn, so that each ratio to the first line holds on a busy machine too."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, NamedTuple

__all__ = ["Call", "Lap", "report"]

Call = Callable[..., Any]


class Lap(NamedTuple):
    """What one line of a block times: a call over records; `parts` is how many answers one call gives."""

    name: str
    call: Call
    records: Sequence[Any]
    parts: int = 1


def once(lap: Lap) -> float:
    """Microseconds an answer, over one pass."""
    start = time.perf_counter()
    for record in lap.records:
        lap.call(record)
    return (time.perf_counter() - start) / len(lap.records) / lap.parts * 1e6


def report(title: str, laps: Sequence[Lap], rounds: int) -> None:
    """A block of figures; the first line is the floor, and each ratio the median of the ratios of its rounds."""
    for lap in laps:
        for record in lap.records[:200]:
            lap.call(record)
    times = [[once(lap) for lap in laps] for _ in range(rounds)]
    print(f"\n{title:52}{'us':>10}{'x floor':>10}")
    for place, lap in enumerate(laps):
        own = median(line[place] for line in times)
        ratio = median(line[place] / line[0] for line in times)
        print(f"  {lap.name:50}{own:10.3f}{ratio:10.1f}")
