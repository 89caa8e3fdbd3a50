"""What is wrong with a pattern, in both languages."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from relflow.diagnostics import Fragment
from relflow.feel.regex import PatternError, compile_pattern
from relflow.feel.regex.parser import parse

FILE = Path(__file__).parents[3] / "cases" / "builtins" / "refused_patterns.csv"
ROWS = list(csv.DictReader(FILE.read_text("utf-8").splitlines(), delimiter=";", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", ROWS, ids=[row["pattern"] for row in ROWS])
def test_a_refused_pattern_says_why(row: dict[str, str]) -> None:
    """In the words of both languages, with what the author wrote."""
    with pytest.raises(PatternError) as caught:
        parse(row["pattern"], row["flags"])

    fragment = Fragment.of(row["pattern"])
    finding = caught.value.message.at(fragment.at(0, len(row["pattern"])), **caught.value.fields)
    assert (finding.text("en"), finding.text("zh")) == (row["en"], row["zh"])


def test_replacements_and_empty_matches_say_why() -> None:
    """What the pattern or the replacement cannot do."""
    with pytest.raises(PatternError) as empty:
        compile_pattern("x*").replace("abc", "-")
    with pytest.raises(PatternError) as dollar:
        compile_pattern("b").replace("abc", "$")

    assert empty.value.message.text.text("en").startswith("the pattern matches the empty text")
    assert dollar.value.message.text.text("zh") == "替换文字里的 `$` 或 `\\` 没有含义"
