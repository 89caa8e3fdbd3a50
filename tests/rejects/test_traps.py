"""The traps that analysts fall into: each has its case, with the whole message in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from relflow.diagnostics import render
from relflow.errors import PolicyError
from relflow.policy import build
from relflow.reader import read_policy

TRAPS = (
    "thousands commas",
    "a comparison turned round",
    "two tests joined by and",
    "a bare date in a cell",
    "full-width signs",
    "full-width blanks as indentation",
    "no-break blanks as indentation",
    "tabs",
    "a file in GBK",
    "an expression in braces cut by a comma",
    "a value cut by a comment sign",
    "an empty condition",
    "a bare text where a name is meant",
    "a raised threshold that opens a hole which a catch-all row hides",
    "a tier added in one list and forgotten in four others",
)
CASES = {case["trap"]: case for case in yaml.safe_load(Path(__file__).with_name("traps.yaml").read_text("utf-8"))}


def test_every_trap_has_its_case() -> None:
    """The table of traps and the cases are the same, in the same order."""
    assert tuple(CASES) == TRAPS


@pytest.mark.parametrize("trap", TRAPS)
def test_trap_is_told_whole_in_both_languages(trap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with the trap in it, on disk as its author saved it, gives these findings and no others."""
    case: dict[str, Any] = CASES[trap]
    monkeypatch.chdir(tmp_path)
    Path("policy.yaml").write_bytes(case["policy"].encode(case.get("encoding", "utf-8")))

    model, diagnostics = read_policy("policy.yaml")
    try:
        found = build(model, diagnostics).diagnostics
    except PolicyError as error:
        found = error.diagnostics

    for lang in ("en", "zh"):
        assert [render(one, lang) for one in found] == case[lang].rstrip("\n").split("\n\n")
