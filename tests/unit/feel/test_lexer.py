"""Where names begin and end, over all of Unicode."""

from __future__ import annotations

import pytest

from relflow.diagnostics import Fragment
from relflow.feel.lexer import NotFeelError, tokenize

# rules 28 and 29 of the standard's grammar: what a name may begin with, and what else it may hold
FIRST = (
    *((0x3F, 0x3F), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF)),
    *((0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF)),
    *((0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF)),
)
MORE = ((0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))
# read as white space or refused as punctuation of full width, although the standard takes them for letters
OURS = {0x1680, 0x180E, *(ord(sign) for sign in "　、。「」『』【】〔〕…—–×÷≥≤≠¥￥“”"), *range(0xFF01, 0xFF5F)}


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def _codes(first: int, last: int) -> list[int]:
    """Every character at the edge of a class, and each hundred-and-first within."""
    edges = {code + by for pair in (*FIRST, *MORE) for code in pair for by in (-1, 0, 1)}
    return [code for code in range(first, last) if code not in OURS and (code in edges or code % 101 == 0)]


def _one_name(text: str) -> bool:
    try:
        tokens = tokenize(Fragment.of(text))
    except NotFeelError:
        return False
    return [(token.kind, token.text) for token in tokens[:-1]] == [("name", text)]


@pytest.mark.parametrize("block", range(0, 0x110000, 0x11000))
def test_names_hold_the_characters_of_the_standard(block: int) -> None:
    """Each character of a block begins a name if the standard says so, and stands inside one if it says so."""
    for code in _codes(block, block + 0x11000):
        first = _within(code, FIRST)
        assert _one_name(chr(code) + "a") is first, hex(code)
        assert _one_name("a" + chr(code)) is (first or _within(code, MORE)), hex(code)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("5万", ["number"]),
        ("5万 or", ["number", "name"]),
        ("5万9", ["number", "name"]),
        ("5万元", ["number", "name"]),
        ("50%", ["number"]),
        ("50%x", ["number", "symbol", "name"]),
        ("5万·", None),
        ("5亿,2", ["number", "symbol", "number"]),
    ],
)
def test_a_scale_ends_where_no_name_goes_on(text: str, kinds: list[str] | None) -> None:
    """`万`, `亿` and `%` belong to the number unless a letter or a digit follows them."""
    if kinds is None:
        with pytest.raises(NotFeelError):
            tokenize(Fragment.of(text))
    else:
        assert [token.kind for token in tokenize(Fragment.of(text))[:-1]] == kinds
