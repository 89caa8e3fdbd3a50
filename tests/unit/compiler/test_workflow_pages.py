"""The examples of the workflow pages are workflows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from relflow.policy import check

PAGES = sorted((Path(__file__).parents[3] / "docs" / "reference").glob("workflows*.md"))


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_example_is_free_of_findings(page: Path, tmp_path: Path) -> None:
    """What a page shows can be saved and checked, and nothing is found."""
    examples = re.findall(r"^```yaml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert examples
    for number, example in enumerate(examples):
        file = tmp_path / f"example{number}.yaml"
        file.write_text(example, encoding="utf-8")
        assert [one.text() for one in check(file)] == []
