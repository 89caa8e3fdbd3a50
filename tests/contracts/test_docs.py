"""The documentation: links lead somewhere, generated pages are what the program says."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from tests.contracts.code import ROOT

PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("plugins/*/*.md"), *ROOT.glob("demo/*.md")]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Each relative link of a page names a file that is there."""
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_generated_pages_are_current(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `make pages` would write is what stands in docs/reference."""
    monkeypatch.setenv("COLUMNS", "100")
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)

    assert [path.name for path in generate.stale()] == []


def test_an_example_runs_without_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a worker is given only the last example of a page, those above it run first."""
    spec = importlib.util.spec_from_file_location("examples", ROOT / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    conftest = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(conftest)
    monkeypatch.chdir(ROOT)
    *_, last = conftest.EXAMPLES.parse(ROOT / "docs" / "tutorials" / "developer.md").examples()

    last.evaluate()

    assert "relflow" in last.namespace
