"""The pages about the expression language: up to date, and true."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relflow import feel
from relflow.feel.reference import main, rewritten
from relflow.values import identical, literal

DOCS = Path(__file__).parents[3] / "docs"
PAGES = [DOCS / "reference" / "feel.md", DOCS / "reference" / "feel.zh.md"]
GUIDES = [DOCS / "explanation" / "feel-for-excel-users.md", DOCS / "explanation" / "feel-for-excel-users.zh.md"]
NOW = datetime(2026, 11, 21, 20, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def examples(page: Path) -> list[object]:
    """The lines of all blocks of the expression language in a page."""
    found: list[object] = []
    inside = False
    for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
        if line.startswith("```"):
            inside = line == "```feel"
        elif inside:
            expression, _, result = line.rpartition("  // => ")
            found.append(pytest.param(expression, result, id=f"{page.stem}:{number}"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_page_is_up_to_date(page: Path) -> None:
    """What the definitions say is what the page says; else run `python -m relflow.feel.reference` on it."""
    text = page.read_text("utf-8")

    assert rewritten(text, "zh" if page.name.endswith(".zh.md") else "en") == text


@pytest.mark.parametrize(("expression", "result"), [case for page in (*PAGES, *GUIDES) for case in examples(page)])
def test_example_is_true(expression: str, result: str) -> None:
    """The value that the page shows is the value."""
    value = feel.evaluate(expression, now=NOW)

    assert identical(value, feel.evaluate(result, now=NOW)), literal(value)


def test_both_languages_show_the_same() -> None:
    """The pages have the same headings, tables and examples, apart from words."""
    for english, chinese in (PAGES, GUIDES):
        counts = [
            [line.split(" ")[0] for line in page.read_text("utf-8").splitlines() if line.startswith(("#", "```", "| "))]
            for page in (english, chinese)
        ]
        assert counts[0] == counts[1]


def test_a_page_without_the_section_is_refused(tmp_path: Path) -> None:
    """Rather than written over."""
    page = tmp_path / "page.md"
    page.write_text("# Something else\n", "utf-8")

    with pytest.raises(ValueError, match="no section"):
        main([str(page)])

    assert page.read_text("utf-8") == "# Something else\n"


def test_pages_are_written_where_they_lie(tmp_path: Path) -> None:
    """The language is that of the file's name."""
    page = tmp_path / "feel.zh.md"
    page.write_text(PAGES[1].read_text("utf-8").replace("#### abs", "#### sba"), "utf-8")

    main([str(page)])

    assert page.read_text("utf-8") == PAGES[1].read_text("utf-8")
