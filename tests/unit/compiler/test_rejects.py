"""Policies that do not compile say why: every finding, whole, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from relflow.diagnostics import render
from relflow.errors import PolicyError
from relflow.policy import build
from relflow.reader import read_text

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['note']}")
    for path in sorted(Path("tests/rejects/compiler").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_every_finding_is_shown_whole_in_both_languages(case: dict[str, Any]) -> None:
    """Place, message, underline and remedy are those that the case states, and there are no others."""
    model, diagnostics = read_text(case["policy"], name="policy.yaml")
    try:
        found = build(model, diagnostics).diagnostics
    except PolicyError as error:
        found = error.diagnostics

    for lang in ("en", "zh"):
        assert [render(one, lang) for one in found] == case[lang].rstrip("\n").split("\n\n")
