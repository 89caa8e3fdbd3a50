"""Hostile files and words end in one clear message, in bounded time and memory, and never in a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.unit.cli.hostile import FACTS, WORDS, documents

ROOT = Path(__file__).parents[3]
TOO_LARGE = "is larger than any number can be"
TOLD = {
    "an open quote over many lines": "error[unclosed-quote]: this quotation mark is not closed",
    "a number of 100,000 digits": f"error[out-of-bounds]: `999999999999999999999999…` {TOO_LARGE}",
    "a bound of 100,000 digits": "…` is no number, which a bound has to be",
    "a huge exponent": f"error[out-of-bounds]: `1e9999亿` {TOO_LARGE}",
    "a long row of decisions": "error[feel-bounds]: `d100` rests on a row of more than 100 names",
    "a ring of 2,000 decisions": "error[cycle]: `d1999` depends on itself: d1999 → d0 → d1 → … → d1998 → d1999",
    "records within records": "error[too-deep]: with `r1` records stand more than 20 deep within each other",
    "a table of 25,000 rows": "error[too-large]: the table has 25000 rows, more than the 20000",
    "deep lists": "`facts.json`: it is nested too deeply",
    "lists as deep as Python reads": "`facts.json`: it is nested too deeply",
    "deep objects": "`facts.json`: it is nested too deeply",
    "a deep cell of a CSV": "`tags`: it is nested too deeply",
    "an integer of 100,001 digits": f"`facts.json`: `999999999999999999999999…` {TOO_LARGE}",
    "an exponent that no number has": f"`1e9999999999999999999999` {TOO_LARGE}",
    "an exponent of 999999": f"`1e999999` {TOO_LARGE}",
    "not a number": "`amount`: `nan` is not a number",
    "infinity": "`amount`: `Infinity` is not a number",
    "a name twice": "`facts.json`: `amount` stands twice in one object",
    "half a character": "is none of the values that may stand here (oil, gas)",
    "a value that the list lacks": "`segment`: `coal` is none of the values that may stand here (oil, gas)",
    "a day without sense": "`opened`: `2026-02-30` is not a date",
    "a year without sense": "`opened`: `99999-12-31` is not a date",
    "a zone without sense": "`seen`: `2026-01-01T10:00:00@Europe/Nowhere` is not a date and time",
    "a list for a number": "`amount`: a number is expected here",
    "a text for a list": "`orders`: `five` is not a record",
    "a number for a text": "`tags`: a list is expected here",
    "a field of nothing": "`orders`: `amuont` is no field of this record (amount, on) (did you mean `amount`?)",
    "a null character": "`amount`: `\x005` is not a number",
    "nothing": "facts.json:1:1: this is not JSON",
    "a list of numbers": "`facts.json` has to hold objects",
    "a value as long as a file": f"`amount`: `999999999999999999999999…` {TOO_LARGE}",
    "a path as long as a file": "the name is too long",
    "an instant before all time": "`0001-01-01T00:00+14:00` is no day or instant",
    "an instant as long as a file": "…` is no day or instant; write 2026-07-01",
    "a plan to the end of time": "is too late to plan from",
    "a plan at the end of time": "`9999-12-31` is too late to plan from",
    "an expression of brackets": "error[feel-bounds]: this expression is nested more than 50 levels deep",
    "a deep context": "--context: it is nested too deeply",
    "a context with a huge number": f"--context: `999999999999999999999999…` {TOO_LARGE}",
    "a history that is none": "`list.json` has to hold objects",
}
FINE = {"an instant without a zone", "50,000 columns", "an empty list"}
"""What is odd and no mistake: a day for an instant, columns that the policy does not know, nobody to decide about."""


@lru_cache(maxsize=1)
def ended() -> dict[str, tuple[int, str]]:
    """How all cases ended, run once, in a process of their own with limits on memory and processor time."""
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.unit.cli.hostile"],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
            capture_output=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    found: dict[str, tuple[int, str]] = json.loads(done.stdout)
    return found


def test_every_case_says_how_it_ends() -> None:
    """Each hostile file is told of or known to be fine, and nothing is expected of a file that is not there."""
    assert {*documents(), *FACTS, *WORDS} == {*TOLD, *FINE}


@pytest.mark.parametrize("case", TOLD)
def test_hostile_input_ends_in_a_message(case: str) -> None:
    """The message names the place and what is wrong; nothing unforeseen happens and nothing floods the screen."""
    code, said = ended()[case]

    assert TOLD[case] in said
    assert code in (1, 2)
    assert "should not have happened" not in said
    assert "Traceback" not in said
    assert max(map(len, said.split("\n"))) < 1_000


@pytest.mark.parametrize("case", sorted(FINE))
def test_odd_input_is_answered(case: str) -> None:
    """It gives an answer, at most with warnings."""
    code, said = ended()[case]

    assert code in (0, 1)
    assert "error" not in said
