"""Where each character of each scalar stands."""

from __future__ import annotations

import pytest

from relflow.diagnostics import Fragment, Source
from relflow.reader.cells import bare, lines, split
from relflow.reader.compose import MappingNode, ScalarNode, compose
from relflow.reader.csvcells import csv_lines
from relflow.reader.document import Document


def scalar(text: str) -> Fragment:
    """The value of the one key of a document."""
    root = compose(text)
    assert isinstance(root, MappingNode)
    (_, value), *_ = root.value
    assert isinstance(value, ScalarNode)
    return Document(Source("doc", text), text, root).fragment(value)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "value", "word", "line", "column"),
    [
        ("a: one two\n", "one two", "two", 1, 8),
        ("a:    客户 经理\n", "客户 经理", "经理", 1, 10),
        ("a: '𠮷 two'\n", "𠮷 two", "two", 1, 7),
        ("a: 'it''s so'\n", "it's so", "so", 1, 11),
        ('a: "x \\"in\\" y"\n', 'x "in" y', "in", 1, 9),
        ('a: "\\u4e2d\\x41 y"\n', "中A y", "y", 1, 16),
        ("a: one\n   two\n", "one two", "two", 2, 4),
        ('a: "one\n   two"\n', "one two", "two", 2, 4),
        ('a: "one\\\n   two"\n', "onetwo", "two", 2, 4),
        ("a: >\n  one\n  two\n\n  three\n", "one two\nthree\n", "three", 5, 3),
        ("a: |\n  one\n    two\n", "one\n  two\n", "two", 3, 5),
        ("a: |2-\n    one\n\n   two\n", "  one\n\n two", "two", 4, 4),
        ("a: |+\n\n  one\n\n", "\none\n\n", "one", 3, 3),
        ("a: &x   one\n", "one", "one", 1, 9),
        ("a: &x\n  |\n  one\n", "one\n", "one", 3, 3),
        ("? a\n: one\n", "one", "one", 2, 3),
    ],
)
def test_a_word_is_where_it_stands(text: str, value: str, word: str, line: int, column: int, end: str) -> None:
    """Plain, quoted, folded and literal scalars, with either line end, tell the line and column of a word in them."""
    fragment = scalar(text.replace("\n", end))
    at = fragment.text.index(word)
    span = fragment.at(at, at + len(word))

    assert fragment.text == value
    assert (span.line, span.column, span.text) == (line, column, word)


def test_a_cell_knows_its_place_behind_escaped_bars() -> None:
    r"""A `\\|` is one character of text and two of source."""
    row = split(Fragment.of('| a \\| b | "c|d" || e |'))

    assert [cell.text for cell in row.left] == ["a | b", '"c|d"']
    assert [cell.text for cell in row.right] == ["e"]
    assert row.left[0].at(4, 5).column == 8


@pytest.mark.parametrize(
    ("line", "inputs", "left", "right"),
    [
        ("| a || b |", None, ["a"], ["b"]),
        ("|| b |", None, [], ["b"]),
        ("|  | 2 || b |", 2, ["", "2"], ["b"]),
        ("| 1 || 2 || b |", 3, ["1", "", "2"], ["b"]),
        ("| 1 || b || c |", 1, ["1"], ["b", "", "c"]),
        ('| "a" || "b |', 1, ['"a"'], ['"b']),
    ],
)
def test_the_heading_tells_which_double_bar_divides(
    line: str, inputs: int | None, left: list[str], right: list[str]
) -> None:
    """An empty cell written as `||` is not taken for the divider where the heading has it elsewhere."""
    row = split(Fragment.of(line), inputs)

    assert [cell.text for cell in row.left] == left
    assert [cell.text for cell in row.right] == right


def test_layout_of_a_row_is_evened_out() -> None:
    """What is stored of a row does not depend on its alignment."""
    assert bare('  |  a|| "b |  c"  |   | d \\| e |') == '| a || "b |  c" |  | d \\| e |'


def test_lines_of_a_block_skip_empty_ones() -> None:
    """A ruler is told from rows, blank lines do not count."""
    found = [
        (line.text, line.span.line, ruler) for line, ruler in lines(Fragment.of("| a || b |\n\n|--||:-:|\n| 1 || - |"))
    ]

    assert found == [("| a || b |", 1, False), ("|--||:-:|", 3, True), ("| 1 || - |", 4, False)]


def test_csv_cells_know_their_places() -> None:
    """Quoted cells, doubled quotation marks and blanks keep every character's column."""
    found: list[str] = []

    def report(message: object, span: object, help: object = None, **fields: object) -> None:
        found.append(str(message))

    heading, row = csv_lines(Source("t.csv", 'a,||,b\r\n"""x"", y",,  z \r\n'), report)

    assert [cell.text for cell in heading.left + heading.right] == ["a", "b"]
    assert row.left[0].text == '"x", y'
    assert row.left[0].at(5, 6).column == 9
    assert (row.right[0].text, row.right[0].span.column) == ("z", 15)
    assert found == []
