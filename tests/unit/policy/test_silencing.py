"""Comments that allow a finding: where they hold, and what is wrong with them."""

from __future__ import annotations

import pytest

from relflow.diagnostics import Source
from relflow.errors import PolicyError
from relflow.policy import build
from relflow.reader import read_text
from relflow.reader.allowing import allowances

HEAD = """policy: x
version: 1
facts:
  amount: {type: number, min: 0}
"""
GAP = """decisions:
  size:{size}
    hit_policy: first
    output: {type: string, one_of: [large, small, huge]}
    table: |{table}
      | amount  || size  |
      | >= 100  || large |
      | >= 1000 || huge  |
"""


def names(text: str) -> list[tuple[int, str]]:
    """The findings of a policy with their lines."""
    model, found = read_text(text)
    try:
        found = build(model, found).diagnostics
    except PolicyError as error:
        found = error.diagnostics
    return [(one.span.line, one.name) for one in found]


def table(size: str = "", cells: str = "", before: str = "") -> str:
    """The policy with a gap and a dead row, with comments at the decision, at its table and before both."""
    text = HEAD + GAP.replace("{size}", size).replace("{table}", cells)
    return text.replace("  size:", f"{before}  size:", 1)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (table(), [(6, "gap"), (12, "dead-row")]),
        (table(size="  # relflow: allow gap because of old ones"), [(12, "dead-row")]),
        (table(before="  # relflow: allow gap because of old ones\n"), [(13, "dead-row")]),
        (table(before="  # relflow: allow gap because of old ones\n\n  # and so on\n"), [(15, "dead-row")]),
        (table(cells="  # relflow: allow dead-row because of old ones"), [(6, "gap")]),
        (
            table(size="  # relflow: allow dead-row because of old ones"),
            [(6, "gap"), (6, "needless-allow"), (12, "dead-row")],
        ),
        (table(cells="  # relflow: allow dead-row"), [(6, "gap"), (9, "allow-without-reason")]),
        (table(size="  # relflow: alow gap because"), [(6, "gap"), (6, "misread-allow"), (12, "dead-row")]),
        (
            table(size="  # relflow：allow gap because of old ones"),
            [(6, "gap"), (6, "misread-allow"), (12, "dead-row")],
        ),
        (table(size="  # a remark on relflow: none"), [(6, "gap"), (12, "dead-row")]),
    ],
)
def test_a_comment_holds_for_its_line_or_the_next_one(text: str, left: list[tuple[int, str]]) -> None:
    """And for the whole of a table that begins there; findings of other names and places stay."""
    assert names(text) == left


def test_two_comments_stand_above_one_line() -> None:
    """Each allows its own finding."""
    text = HEAD + "  # relflow: allow unused-fact because a\n  # relflow: allow missing-translation because b\n"
    text += "  old: {type: number, label: {en: Old}}\n"
    text += "  one: {type: number, label: {en: One, zh: 一}}\n  two: {type: number, label: {en: Two, zh: 二}}\n"
    text += "decisions:\n  all: {expression: amount + one + two, output: {type: number}}\n"

    assert names(text) == []


def test_an_error_is_not_allowed() -> None:
    """It stays, and the comment is a finding; others are not called needless while there are errors."""
    text = HEAD + "decisions:\n  # relflow: allow gap because I say so\n"
    text += "  a: {expression: amuont, output: {type: number}}  # relflow: allow unknown-name because I say so\n"

    assert names(text) == [(7, "unknown-name"), (7, "needless-allow")]


@pytest.mark.parametrize(
    "text",
    [
        'x: "# relflow: allow gap because"',
        "x: 'it is # relflow: allow gap because'",
        "x: |\n  # relflow: allow gap because\n",
        "x: >-\n\n  a\n   # relflow: allow gap because\n  b\n",
        "x:\n  - |2\n      deep\n    # relflow: allow gap because\n",
        "x: a# relflow: allow gap because",
        'x: "two\n  # relflow: allow gap because\n  lines"',
        "x: [unclosed # relflow: allow gap because",
    ],
)
def test_what_stands_in_a_text_is_no_comment(text: str) -> None:
    """Quoted texts, blocks and words with `#` inside are what they say; broken YAML allows nothing."""
    assert allowances(Source("x.yaml", text)) == ((), ())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x: |  # relflow: allow gap because a\n  one\n  two\n\ny: 1\n", (1, 3)),
        ("x: |\n  one\n# relflow: allow gap because a\ny: 1\n", (4, 4)),
        ("x: {a: 1,  # relflow: allow gap because a\n  b: 2}\n", (1, 1)),
        ("# relflow: allow gap because a", (1, 1)),
        ("x:\n  - a: 'b'  # relflow: allow gap because it's so\n", (2, 2)),
    ],
)
def test_the_lines_for_which_a_comment_holds(text: str, lines: tuple[int, int]) -> None:
    """Its own line, or the next one with something on it; with a block, to the block's last line."""
    found, wrong = allowances(Source("x.yaml", text))

    assert [(one.name, one.first, one.last) for one in found] == [("gap", *lines)]
    assert wrong == ()
