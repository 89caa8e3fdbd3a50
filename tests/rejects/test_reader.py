"""Every bad file of the corpus, with the whole of what its author is told, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from relflow.diagnostics import render
from relflow.reader import read_texts

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['note']}")
    for path in sorted(Path(__file__).parent.glob("reader/*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_bad_file_is_explained(case: dict[str, object], lang: str) -> None:
    """All mistakes of all files are told at once, each with its place and its remedy."""
    files = case["files"]
    overlay = case.get("overlay")
    assert isinstance(files, dict)

    _, found = read_texts(files, next(iter(files)), overlay=overlay if isinstance(overlay, str) else None)

    assert "\n".join(render(finding, lang) for finding in found) + "\n" == case[lang]
