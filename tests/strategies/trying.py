"""Texts tried one after another until the time is over or one breaks a promise: what the fuzz targets share."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable

__all__ = ["try_texts"]


def try_texts(
    description: str | None, make: Callable[[random.Random], str], broken: Callable[[str], str | None]
) -> int:
    """Run a target from the command line; 1 at the first text that breaks a promise, which is printed."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng, count = random.Random(options.seed), 0
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        text = make(rng)
        count += 1
        try:
            problem = broken(text)
        except Exception as error:  # noqa: BLE001 - any exception is what is looked for
            problem = f"{type(error).__name__}: {error}"
        if problem is not None:
            print(f"{problem}\n{text!r}")
            return 1
    print(f"{count} texts, seed {options.seed}: no promise broken")
    return 0
