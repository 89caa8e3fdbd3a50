"""Places in source text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from relflow.diagnostics import Fragment, Source, Span


def test_lines_are_counted_from_one_and_never_raise() -> None:
    """A line is its text without its end; beyond the file there is nothing."""
    source = Source("f", "a\r\nb\n")

    assert [source.line(number) for number in (0, 1, 2, 3, 9)] == ["", "a", "b", "", ""]


def test_a_span_is_its_text_and_its_place() -> None:
    """A span gives the characters it covers, and prints as an editor opens it."""
    source = Source("f.yaml", "key: value\n")
    key, value = Span(source, 1, 1, 1, 4), Span(source, 1, 6, 1, 11)

    assert (key.text, value.text, key.to(value).text, str(value)) == ("key", "value", "key: value", "f.yaml:1:6")


def test_a_fragment_cut_from_a_file_knows_its_lines() -> None:
    """Anchors say where each piece of a text stood, so that a place in it is a place in the file."""
    source = Source("f.yaml", "a: |\n  one\n  two\n")
    fragment = Fragment("one\ntwo", Span(source, 2, 3, 3, 6), ((0, 2, 3), (4, 3, 3)))

    assert str(fragment.at(4, 7)) == "f.yaml:3:3"
    assert fragment.at(5, 7).text == "wo"
    assert fragment.cut(4, 7).at(1, 2).text == "w"


def test_an_inexact_fragment_points_at_its_whole() -> None:
    """Where characters cannot be traced back every place inside is the whole."""
    source = Source("f.yaml", 'a: "x\\ty"\n')
    fragment = Fragment("x\ty", Span(source, 1, 4, 1, 10), exact=False)

    assert fragment.at(2, 3) == fragment.span
    assert fragment.cut(1, 2).span == fragment.span


@given(text=st.text(st.characters(exclude_characters="\r"), max_size=60), data=st.data())
def test_any_place_of_a_text_is_that_text(text: str, data: st.DataObject) -> None:
    """For a text that is its own source each character's place holds that character, also in a cut."""
    fragment = Fragment.of(text)
    index = data.draw(st.integers(0, max(len(text) - 1, 0)))
    start = data.draw(st.integers(0, index))

    if text and text[index] != "\n":
        assert fragment.at(index, index + 1).text == text[index]
        assert fragment.cut(start, len(text)).at(index - start, index - start + 1).text == text[index]
