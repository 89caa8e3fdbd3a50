"""What holds for every file that is read."""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from relflow.diagnostics import Source, render
from relflow.reader import read_text
from relflow.reader.canonical import canonical
from relflow.reader.compose import MappingNode, ScalarNode, compose
from relflow.reader.document import Document
from tests.strategies.reader import Layout, Written, scalars, tables

FULL = Path("tests/cases/reader/full/rules.yaml").read_text("utf-8")


@given(tables())
def test_every_cell_is_where_it_stands(layout: Layout) -> None:
    """The place of a cell covers its text and nothing else, and each character of it stands where it says."""
    model, found = read_text(layout.text)
    assert found == ()
    assert model is not None
    table = model.decisions[0].table
    assert table is not None
    assert len(table.rows) == len(layout.left)

    for row, left, right in zip(table.rows, layout.left, layout.right, strict=True):
        for cell, written in zip(row.inputs, left, strict=True):
            assert cell.span.text == written
            assert cell.text == written.replace("\\|", "|")
            assert "".join(cell.at(n, n + 1).text for n in range(len(cell.text))) == cell.text
        for value, written in zip(row.outputs, right, strict=True):
            shown = written.removeprefix("=").lstrip() if value.formula else written
            assert value.span.text == shown


@given(scalars())
def test_every_character_of_a_scalar_is_where_it_stands(written: Written) -> None:
    """Whatever the style, the value is what was meant and its characters are found in the source."""
    root = compose(written.text)
    assert isinstance(root, MappingNode)
    node = root.value[0][1]
    assert isinstance(node, ScalarNode)
    fragment = Document(Source("doc", written.text), written.text, root).fragment(node)

    assert fragment.text == written.value
    assert fragment.exact
    for number, character in enumerate(fragment.text):
        if character not in " \n\\\"'":
            assert fragment.at(number, number + 1).text == character


@given(tables())
def test_layout_does_not_change_the_digest(layout: Layout) -> None:
    """What is stored of a file reads as the same file, and is stored as the same text again."""
    model, _ = read_text(layout.text)
    stored = canonical(compose(layout.text))
    again, found = read_text(stored)

    assert found == ()
    assert model is not None
    assert again is not None
    assert again.digest == model.digest
    first, second = model.decisions[0].table, again.decisions[0].table
    assert first is not None
    assert second is not None
    assert [[cell.text for cell in row.inputs] for row in first.rows] == [
        [cell.text for cell in row.inputs] for row in second.rows
    ]


@given(st.text(max_size=200))
@example("policy: x\n---\n...\n")
@example("? {a: 1}\n: b\n")
@example("- policy: x\n")
@example('"a\\\n  b": c')
@example("\U0010fffd: x\n")
def test_no_text_is_a_traceback(text: str) -> None:
    """Any text is a policy or has findings that can be shown."""
    model, found = read_text(text)

    assert model is not None or found
    for finding in found:
        for lang in ("en", "zh"):
            assert render(finding, lang)


@given(
    st.integers(0, len(FULL)),
    st.integers(0, 3),
    st.sampled_from(
        ["", '"', "'", "[", "{", "}", ": ", "\n", "\t", "：", "- ", "#", "|", "||", "&a ", "*a", "!x ", "\u3000", ","]
    ),
)
def test_a_slip_of_the_hand_has_a_place_in_the_file(at: int, removed: int, typed: str) -> None:
    """A character too many or too few anywhere is explained at a line and column that exist."""
    text = FULL[:at] + typed + FULL[at + removed :]
    _, found = read_text("policy: x\n" + text)

    lines = ("policy: x\n" + text).split("\n")
    for finding in found:
        span = finding.span
        if span.source.name == "policy.yaml":
            assert 1 <= span.line <= len(lines)
            assert 1 <= span.column <= len(lines[span.line - 1]) + 1
