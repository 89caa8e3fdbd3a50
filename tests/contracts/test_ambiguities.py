"""The page on what the manuals leave in doubt quotes tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.contracts.code import ROOT

QUOTED = re.compile(r"`((?:rules|workflows|docs)[\w/]*)`(?:: |：)((?:\"[^\"]+\"(?:, |、)?)+)")


@pytest.mark.parametrize("page", ["ambiguities.md", "ambiguities.zh.md"])
def test_each_doubt_names_tests_that_exist(page: str) -> None:
    """Every quoted sentence is the `it:` of a test in the folder before it, and each of the eight doubts quotes one."""
    text = (ROOT / "docs" / "explanation" / page).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(r"\| \d\.", line)]

    assert len(rows) == 8
    for row in rows:
        quoted = [(ROOT / folder, it) for folder, its in QUOTED.findall(row) for it in re.findall(r'"([^"]+)"', its)]
        assert quoted
        assert [it for folder, it in quoted if it not in sentences(folder)] == []


def sentences(folder: Path) -> set[str]:
    """What the tests of a folder say that they are about."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.test.yaml"))
    return set(re.findall(r"^  - it: (.+)$", tests, re.MULTILINE))
