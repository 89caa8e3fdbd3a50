"""Findings as lines on a screen."""

from __future__ import annotations

import pytest

from relflow.diagnostics import Message, Severity, Source, Span, render, width

NOTHING = Message.of("some-name", Severity.ERROR, "wrong", "有误")
HELPED = Message.of("some-name", Severity.WARNING, "`{x}` is wrong", "`{x}` 有误", "write `y`", "写成 `y`")


def shown(line: str, start: int, end: int, lang: str = "en", number: int = 1) -> list[str]:
    """A finding at columns `start` to before `end` of a line, rendered."""
    source = Source("f.yaml", "\n" * (number - 1) + line + "\n")
    return render(NOTHING.at(Span(source, number, start, number, end)), lang).split("\n")


def test_a_finding_shows_place_text_line_and_remedy() -> None:
    """The place comes first, the remedy last, the underline stands below the place."""
    source = Source("tiers.yaml", "a\n  b: x\n")
    text = render(HELPED.at(Span(source, 2, 6, 2, 7), x="x"))

    assert text.split("\n") == [
        "tiers.yaml:2:6: warning[some-name]: `x` is wrong",
        "2 |   b: x",
        "  |      ^",
        "   help: write `y`",
    ]


def test_chinese_has_its_own_punctuation() -> None:
    """The same finding in Chinese, with full-width colons and the Chinese remedy."""
    source = Source("tiers.yaml", "x\n")
    text = render(HELPED.at(Span(source, 1, 1, 1, 2), x="x"), "zh")

    assert text.split("\n")[0] == "tiers.yaml:1:1: 警告[some-name]：`x` 有误"
    assert text.split("\n")[-1] == "   改法：写成 `y`"


def test_wide_characters_move_the_underline() -> None:
    """A Chinese character takes two cells before the place and within it."""
    assert shown("级别: 战略", 5, 7)[1:] == ["1 | 级别: 战略", "  |       ^^^^"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [("a\tb", "1 | a b"), ("a\x1b[31mb", "1 | a\ufffd[31mb"), ("a\x00b\x7f", "1 | a\ufffdb\ufffd")],
)
def test_nothing_in_a_file_steers_the_terminal(line: str, expected: str) -> None:
    """Control characters of a source line are shown as such, one cell each."""
    assert shown(line, 1, 2)[1] == expected


@pytest.mark.parametrize("column", [1, 80, 500, 999])
def test_of_a_long_line_the_part_around_the_place_is_shown(column: int) -> None:
    """However long a line, what is shown fits a screen and the underline stands below the character meant."""
    line = "".join(chr(ord("a") + index % 26) for index in range(1000))
    snippet, underline = shown(line, column, column + 1)[1:]

    assert len(snippet) <= 170
    assert snippet[underline.index("^")] == line[column - 1]


def test_a_place_without_text_has_no_snippet() -> None:
    """A finding about a file as a whole, or about an empty line, shows no line."""
    assert shown("", 1, 1) == ["f.yaml:1:1: error[some-name]: wrong"]


def test_a_place_over_several_lines_is_underlined_to_the_end_of_the_first() -> None:
    """The first line of the place stands for it."""
    source = Source("f.yaml", "key: |\n  text\n")

    assert render(NOTHING.at(Span(source, 1, 6, 2, 7))).split("\n")[2] == "  |      ^"


def test_colour_is_only_the_severity() -> None:
    """With colours the severity's word is bold, everything else is as it was."""
    source = Source("f.yaml", "x\n")
    finding = NOTHING.at(Span(source, 1, 1, 1, 2))
    coloured = render(finding, colour=True)

    assert "\x1b[1;31merror\x1b[0m" in coloured
    assert coloured.replace("\x1b[1;31m", "").replace("\x1b[0m", "") == render(finding)


@pytest.mark.parametrize(
    ("text", "cells"), [("", 0), ("abc", 3), ("战略", 4), ("e\u0301", 1), ("a\nb", 2), ("\x1b", 0)]
)
def test_width_counts_terminal_cells(text: str, cells: int) -> None:
    """Wide characters count two, combining and unprintable ones none."""
    assert width(text) == cells
