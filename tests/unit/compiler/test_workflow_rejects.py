"""Workflows with mistakes: every finding, word for word, in both languages (tests/rejects/workflows)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from relflow.checks import check_program
from relflow.compiler import compile_model
from relflow.diagnostics import render, sort_key
from relflow.reader import read_texts

FOLDER = Path(__file__).parents[2] / "rejects" / "workflows"
CASES = [
    (f"{path.stem}: {case['note']}", case)
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_findings(case: dict[str, Any], lang: str) -> None:
    """A bad workflow gives exactly these findings, in the order of the file, and nothing is raised."""
    model, found = read_texts(case["files"], next(iter(case["files"])))
    assert model is not None
    program, more = compile_model(model)
    everything = sorted((*found, *more, *check_program(program)), key=sort_key)

    assert "\n".join(render(one, lang) for one in everything).split("\n") == case[lang].rstrip("\n").split("\n")
