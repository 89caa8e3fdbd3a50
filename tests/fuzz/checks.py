"""A fuzz target: small policies and workflows with words exchanged, read, compiled, checked and asked.

    python -m tests.fuzz.checks --seconds 60 --seed 1

For each text: no exception, an answer soon, each finding shown in both languages with a remedy; and a policy without
errors decides about an account of whom nothing is known, explains it, and is written as a handbook. Ends with 1 at the
first text that breaks a promise, which it prints.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml

import relflow
from relflow.diagnostics import Severity, render
from relflow.policy import check, load
from relflow.report.handbook import handbook
from tests.strategies.trying import try_texts

SLOW = 20.0
"""Seconds that one text may take on a busy machine before it counts as hanging."""

_ROOT = Path(__file__).parents[2]
_WORD = re.compile(r"[\w.%]+|[<>=!]+|\"[^\"\n]*\"|[{}\[\]|:,-]")
_MORE = "null true 0 -1 1e9 2026-02-30 P1M unknown today() not() count all any [] {} '' \"\" 50万 = > .. - | x x.y [x]"


def seeds() -> list[str]:
    """The small policies and workflows of examples, pages of findings and rejected documents."""
    found = [path.read_text("utf-8") for path in sorted((_ROOT / "docs/examples").rglob("policy.yaml"))]
    for path in sorted((_ROOT / "docs/findings").glob("*.yaml")):
        found += _texts(yaml.safe_load(path.read_text("utf-8")))
    for path in sorted((_ROOT / "tests/rejects").rglob("*.yaml")):
        found += _texts(yaml.safe_load(path.read_text("utf-8")))
    return [text for text in found if text.startswith(("policy:", "workflow:"))]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def changed(rng: random.Random, text: str, words: list[str]) -> str:
    """The text with a few words or lines changed."""
    for _ in range(rng.choice((1, 1, 1, 1, 1, 2, 4))):
        lines, spots = text.split("\n"), list(_WORD.finditer(text))
        choice = rng.random()
        if choice < 0.6 and spots:
            spot = rng.choice(spots)
            word = rng.choice(spots)[0] if rng.random() < 0.5 else rng.choice(words)
            text = text[: spot.start()] + word + text[spot.end() :]
        elif choice < 0.8:
            del lines[rng.randrange(len(lines))]
            text = "\n".join(lines)
        else:
            place = rng.randrange(len(lines))
            lines.insert(rng.randrange(len(lines)), lines[place])
            text = "\n".join(lines)
    return text


def broken(path: Path) -> str | None:
    """Which promise the file breaks, None if it breaks none."""
    begin = time.perf_counter()
    found = check(path)
    if time.perf_counter() - begin > SLOW:
        return "too slow"
    for finding in found:
        for lang, remedy in (("en", "help: "), ("zh", "改法：")):
            shown = render(finding, lang)
            if remedy not in shown:
                return f"a finding without a remedy: {shown}"
    if any(finding.severity is Severity.ERROR for finding in found) or not path.read_text("utf-8").startswith(
        "policy:"
    ):
        return None
    policy = load(path)
    for name in policy.program.decisions:
        try:
            policy.explain(name, {}, date(2026, 3, 2)).text("zh")
        except relflow.RelflowError as error:
            error.text("zh")
    handbook(policy.program, "zh", {}, {})
    return None


def _loads(path: Path, text: str) -> bool:
    path.write_text(text, "utf-8")
    return not any(finding.severity is Severity.ERROR for finding in check(path))


def main() -> int:
    """Try texts until the time is over or one breaks a promise."""
    known = seeds()
    words = [*_MORE.split(), *sorted({word for text in known for word in _WORD.findall(text)})]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "policy.yaml")
        good = [text for text in known if _loads(path, text)]

        def make(rng: random.Random) -> str:
            return changed(rng, rng.choice(good if rng.random() < 0.7 else known), words)

        def judged(text: str) -> str | None:
            path.write_text(text, "utf-8")
            return broken(path)

        return try_texts(__doc__, make, judged)


if __name__ == "__main__":
    sys.exit(main())
