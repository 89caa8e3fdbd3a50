"""A fuzz target: texts that resemble expressions, over values that resemble facts.

    python -m tests.fuzz.feel --seconds 60 --seed 1

For each text: nothing but FeelError is raised, printing reads back the same tree, evaluation ends soon and within its
bounds, the recording twin gives the same value, and pickling changes nothing. Ends with 1 at the first text that breaks
a promise, which it prints.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from relflow import feel
from relflow.errors import FeelError
from relflow.feel import Scope
from relflow.values import TooMuchError, identical

SLOW = 20.0
"""Seconds that one text may take on a busy machine before it counts as hanging."""

_KIT = Path(__file__).parents[1] / "tck" / "cases.jsonl"
_WORDS = r"""
( ) [ ] { } , : . .. + - * / ** = != < <= > >= ? @ | ' \ # ! ~ ; ， ” 万 亿 % _ // /* */ (< 5) ]1..2[ 1..3
if then else for in return some every satisfies between and or instance of not( true false null item partial
function(x) function(x: number) list<number> external date and time( string length( sort( x y 年 a b 🐎
0 1 -1 .5 1e3 1_000 5万 80% 99999999999999999999999999999999999 0.1 10**20 [1,2] {a:1} {a:null}
"a" "\u00e9" "\" @"P1D" @"2026-01-01" date(2026,1,1) duration(
"""
_PIECES = (*_WORDS.split(), "\x00", "\ufeff", "\u3000", " ", "\n")
_NUMBERS: tuple[Any, ...] = (0, -1, 10**40, 0.1, float("nan"))
_VALUES = (*_NUMBERS, None, "a", "", True, [], [1, None], {"a": 1}, {"x": [{"y": 2}]})


def texts(rng: random.Random, seeds: list[str]) -> str:
    """A new text: pieces in a row, or a known expression with some of it changed."""
    if rng.random() < 0.4:
        return rng.choice(("", " ")).join(rng.choices(_PIECES, k=rng.randint(1, 14)))
    text = rng.choice(seeds)
    for _ in range(rng.randint(1, 4)):
        start = rng.randint(0, len(text))
        end = min(len(text), start + rng.randint(0, 6))
        choice = rng.random()
        if choice < 0.4:
            text = text[:start] + rng.choice(_PIECES) + text[end:]
        elif choice < 0.6:
            text = text[:start] + text[end:]
        elif choice < 0.8:
            other = rng.choice(seeds)
            cut = rng.randint(0, len(other))
            text = text[:start] + other[cut : cut + rng.randint(1, 20)] + text[start:]
        else:
            text = text[:start] + text[start:end] * rng.randint(2, 5) + text[end:]
    return text


def _same(first: Any, second: Any) -> bool:
    """Whether two results are one; functions are new each time, and what is too large to compare counts as one."""
    try:
        return isinstance(first, feel.Function) or "function" in repr(first).lower() or identical(first, second)
    except (TooMuchError, RecursionError):
        return True


def promise(text: str, context: dict[str, Any]) -> str | None:
    """The promise that a text breaks, or None."""
    scope = Scope.of(dict.fromkeys(context, feel.ANY), open=True)
    try:
        expression = feel.parse(text, scope)
    except FeelError as error:
        error.text("zh")
        return None
    if feel.parse(str(expression), scope) != expression:
        return f"printed as {expression}, which reads back differently"
    value = expression.evaluate(context)
    copy = pickle.loads(pickle.dumps(expression))
    if not _same(copy.evaluate(context), value):
        return "pickled, it gives another value"
    recording = feel.record(feel.check_expression(text, scope), context)
    if not _same(recording.value, value):
        return f"recorded, it gives {recording.value!r} instead of {value!r}"
    with suppress(FeelError):
        feel.unary_test(text, 5, context)
    return None


def main(arguments: list[str] | None = None) -> int:
    """Try texts until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args(arguments)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    rng = random.Random(seed)
    cases = (json.loads(line) for line in _KIT.read_text("utf-8").splitlines())
    seeds = sorted({case["expression"] for case in cases if case["kind"] == "feel"})
    ends, count = time.monotonic() + options.seconds, 0
    while time.monotonic() < ends:
        text = texts(rng, seeds)
        context = {name: rng.choice(_VALUES) for name in ("x", "a", "年", "in stock") if rng.random() < 0.7}
        started = time.monotonic()
        try:
            broken = promise(text, context)
        except Exception as error:  # noqa: BLE001 - anything that escapes is what we look for
            broken = f"{type(error).__name__}: {error}"
        if broken is None and time.monotonic() - started > SLOW:
            broken = f"took {time.monotonic() - started:.1f} s"
        if broken is not None:
            print(f"seed {seed}, text {count}: {text!r} over {context!r}\n  {broken}", file=sys.stderr)
            return 1
        count += 1
    print(f"seed {seed}: {count} texts, no promise broken")
    return 0


if __name__ == "__main__":
    sys.exit(main())
