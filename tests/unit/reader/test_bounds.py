"""Hostile files are refused in bounded time and memory, and never by a traceback."""

from __future__ import annotations

import gc
import time
import tracemalloc

import pytest

from relflow.reader import read_text
from relflow.reader.compose import uncollected

BOMB = "policy: x\nx_0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n" + "".join(
    f"x_{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20)
)
CHAIN = "policy: x\nx_0: &a0 [1]\n" + "".join(f"x_{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 100))
HOSTILE = {
    "alias bomb": (BOMB, "too-large"),
    "alias bomb in notes of an element": (
        "policy: x\nroles:\n  r:\n" + "".join(f"    {line}\n" for line in BOMB.split("\n")[1:] if line),
        "too-large",
    ),
    "deep through aliases": (CHAIN, "too-deep"),
    "deep list": ("policy: x\nx_a: " + "[" * 100_000 + "\n", "too-deep"),
    "deep list, closed": ("policy: x\nx_a: " + "[" * 90_000 + "]" * 90_000 + "\n", "too-deep"),
    "deep mapping": ("policy: x\nx_a: " + "{a: " * 40_000 + "\n", "too-deep"),
    "deep dashes": ("policy: x\nx_a:\n  " + "- " * 90_000 + "a\n", "too-deep"),
    "deep question marks": ("policy: x\nx_a:\n  " + "? " * 90_000 + "a\n", "too-deep"),
    "deep indentation": ("policy: x\nx_a:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 600)), "too-deep"),
    "huge line": ("policy: x\nlabel: " + "a" * 300_000 + "\n", "too-large"),
    "huge file": ("policy: x\n" + "#" * 80 + "\n" + "# a\n" * 1_200_000, "too-large"),
    "too many values": ("policy: x\nx_a:\n" + "- a\n" * 300_000, "too-large"),
    "itself": ("policy: x\nx_a: &a {b: *a}\n", "alias"),
    "itself, further down": ("policy: x\nx_a: &a [[[[*a]]]]\n", "alias"),
    "many anchors": ("policy: x\nx_a: [" + ", ".join(f"&a{n} 1" for n in range(9_000)) + "]\n", None),
    "python object": ("policy: x\nlabel: !!python/object/apply:os.system ['false']\n", "tag"),
    "lone surrogate": ("policy: x\nlabel: \ud800\n", "control-character"),
    "many broken lines": ("policy: x\n" + "a b\n" * 40_000, "missing-colon"),
    "many open quotes": ("policy: x\n" + 'a: "\n' * 40_001, "unclosed-quote"),
    "many open braces": ("policy: x\n" + "a: {\n" * 30, "unclosed-bracket"),
    "an expression of brackets": ("policy: x\nindicators:\n  i: {when: " + "(" * 50_000 + "}\n", "needs-quotes"),
    "commas without end": ("policy: x\nindicators:\n  i: {when: f(" + "a, " * 20_000 + ", kind: b}\n", "yaml"),
    "a row of bars": (
        "policy: x\ndecisions:\n  d:\n    output: {type: string}\n    table: |\n      | a || b |\n      "
        + "|" * 90_000
        + "\n",
        "row-length",
    ),
    "a row of quotation marks": (
        "policy: x\ndecisions:\n  d:\n    output: {type: string}\n    table: |\n      | a || b |\n      |"
        + '"\\' * 40_000
        + "|\n",
        "table-line",
    ),
    "wide blanks": ("policy: x\n" + "\u3000" * 1_000 + "a: b\n", "indentation"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_quickly(name: str) -> None:
    """Whatever is thrown at the reader, it answers within seconds, and in words."""
    text, expected = HOSTILE[name]
    begin = time.perf_counter()
    _, found = read_text(text)
    # a bound against what grows with the square of the text, generous enough for a busy machine
    assert time.perf_counter() - begin < 10

    assert (expected in {finding.name for finding in found}) if expected else (found == ())


def test_aliases_do_not_fill_the_memory() -> None:
    """A kilobyte that stands for 10^18 values costs no more than a few megabytes."""
    tracemalloc.start()
    try:
        read_text(BOMB)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 20_000_000


def test_aliases_may_be_used_in_moderation() -> None:
    """An anchor and its aliases say the same thing twice, each time in its own place of the model."""
    model, found = read_text("policy: x\nroles:\n  a: &r {members: [b, c]}\n  d: *r\n")

    assert found == ()
    assert model is not None
    assert [member.text for member in model.roles[1].members] == ["b", "c"]


def test_garbage_collection_is_paused_for_large_texts_only() -> None:
    """It is back on afterwards, also if reading fails, and stays off where the host has it off."""
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), uncollected("x" * 100_000):
        _ = 1 / gc.isenabled()
    assert gc.isenabled()
    with uncollected("x"):
        assert gc.isenabled()
    gc.disable()
    try:
        with uncollected("x" * 100_000):
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
