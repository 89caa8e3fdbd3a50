"""Tables are aligned, and nothing else is touched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from relflow.reader import aligned, read_text
from relflow.review import compare

BEFORE = """\
decisions:
  tier:   # stays   as it is
    table: |
      | amount | years || tier | because |
      |--|---|||---|--|
      | >= 5000万 | - || 战略 | 规模大且合作久 |
      | "a | b" | \\| || key | |
"""
AFTER = """\
decisions:
  tier:   # stays   as it is
    table: |
      | amount    | years || tier | because        |
      |-----------|-------||------|----------------|
      | >= 5000万 | -     || 战略 | 规模大且合作久 |
      | "a | b"   | \\|    || key  |                |
"""


def test_columns_are_aligned_with_wide_characters():
    """A Chinese character takes two cells; bars in quotes and escaped ones are text."""
    assert aligned(BEFORE.replace("|--|---|||---|--|", "|--|---||---|--|")) == AFTER


def test_aligned_text_stays():
    """Aligning twice is aligning once."""
    assert aligned(AFTER) == AFTER


def test_a_table_with_a_mistake_is_left_alone():
    """A row of another length is for the reader to report."""
    broken = AFTER.replace("| key  |                |", "| key  |")

    assert aligned(broken) == broken


def test_text_blocks_that_are_no_tables_are_left_alone():
    """A block of prose, a block of code."""
    prose = "note: |\n  | not a table\n  anything\nother: >\n   folded\n"

    assert aligned(prose) == prose


CELLS = st.text(st.sampled_from("ab 1>=万，（x-"), min_size=1, max_size=8).map(str.strip).filter(bool)


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4), gap=st.integers(0, 3))
def test_the_meaning_never_changes(rows, gap):
    """Whatever the cells and their spacing: the model before and after says the same."""
    space = " " * gap
    lines = [f"      |{space}{a} |{b}{space}||{space}{c}{space}|" for a, b, c in rows]
    text = "policy: p\nversion: 1\ndecisions:\n  d:\n    table: |\n      | x | y || out |\n" + "\n".join(lines) + "\n"

    before, _ = read_text(text, name="p.yaml")
    after, _ = read_text(aligned(text), name="p.yaml")

    assert compare(before, after) == ()
