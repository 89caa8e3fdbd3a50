"""A fuzz target: policies, workflows and tests with slips of the hand.

    python -m tests.fuzz.reader --seconds 60 --seed 1

For each text: no exception, an answer soon, a model or findings, each finding at a place that exists and shown in both
languages; and what reads without findings is stored as a text that reads as the same. Ends with 1 at the first text
that breaks a promise, which it prints.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from relflow import shipped
from relflow.diagnostics import render
from relflow.reader import read_text
from tests.strategies.trying import try_texts

SLOW = 20.0
"""Seconds that one text may take on a busy machine before it counts as hanging."""

_CASES = Path(__file__).parents[1] / "cases" / "reader"
_WORDS = r"""
" ' [ ] { } : - # | || > >= < &a *a !t << ? = \ ` @ % , --- ... ~ null true ： ，｜ “ ” 、 x_a x_a: because: ''
= a} {a: [a, |- >- |2 %YAML "\u 2026-13-01 50,000 (a not( ]) }} - - - ? ? end if 中 é 𠮷
"""
_PIECES = (
    *_WORDS.split(),
    ": ",
    " #",
    "\n",
    "\n\n",
    "  ",
    "\t",
    "\r",
    "\r\n",
    "\x00",
    "\u3000",
    "\xa0",
    "\u2028",
    "\ufeff",
)


def texts(rng: random.Random, seeds: list[str]) -> str:
    """A good file with some of it changed, or a part of one, or parts of two."""
    text = rng.choice(seeds)
    lines = text.split("\n")
    if rng.random() < 0.3:
        start = rng.randrange(len(lines))
        other = rng.choice(seeds).split("\n")
        cut = rng.randrange(len(other))
        text = "\n".join(lines[:start] + other[cut : cut + rng.randint(0, 9)] + lines[start + rng.randint(0, 3) :])
    for _ in range(rng.choice((0, 1, 1, 1, 2, 4, 9))):
        start = rng.randint(0, len(text))
        choice = rng.random()
        if choice < 0.6:
            text = text[:start] + rng.choice(_PIECES) + text[start + rng.choice((0, 0, 1)) :]
        elif choice < 0.9:
            text = text[:start] + text[start + rng.randint(1, 4) :]
        else:
            text = text[:start] + text[start : start + 9] * rng.randint(2, 5) + text[start + 9 :]
    return text


def broken(text: str) -> str | None:
    """Which promise the text breaks, None if it breaks none."""
    begin = time.perf_counter()
    model, found = read_text(text)
    if time.perf_counter() - begin > SLOW:
        return "too slow"
    if model is None and not found:
        return "neither a model nor a finding"
    for finding in found:
        span = finding.span
        if not all(render(finding, lang).startswith(str(span)) for lang in ("en", "zh")):
            return "a finding without its place"
        line = span.source.line(span.line)
        if span.line < 1 or not 1 <= span.column <= len(line) + 2:
            return f"a place that does not exist: {span}"
    if model is not None and not found:
        for workflow in model.workflows:
            again, problems = read_text(workflow.canonical)
            if problems or again is None or again.workflows[0].digest != workflow.digest:
                return "what is stored of the workflow is not the workflow"
    return None


def main() -> int:
    """Try texts until the time is over or one breaks a promise."""
    folders = (_CASES, shipped.folder("rules"), shipped.folder("workflows"))
    seeds = [path.read_text("utf-8") for folder in folders for path in sorted(folder.rglob("*.yaml"))]
    return try_texts(__doc__, lambda rng: texts(rng, seeds), broken)


if __name__ == "__main__":
    sys.exit(main())
