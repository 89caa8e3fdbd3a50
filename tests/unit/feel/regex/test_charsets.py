"""Sets of characters."""

from __future__ import annotations

import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from relflow.feel.regex.charsets import ANY, CharSet, case_variants
from relflow.feel.regex.unicode import escape_set, property_set

CHARS = st.sampled_from("abcdefABC \n_-€战😀K")
SETS = st.lists(st.tuples(CHARS, CHARS).map(lambda pair: tuple(sorted(map(ord, pair)))), max_size=4).map(CharSet.of)


@given(SETS, SETS, CHARS)
def test_operations_are_those_of_sets(first: CharSet, second: CharSet, char: str) -> None:
    """Union, difference, section and opposite, character by character."""
    a, b = char in first, char in second

    assert (char in first | second) is (a or b)
    assert (char in first & second) is (a and b)
    assert (char in first - second) is (a and not b)
    assert (char in ~first) is (not a)
    assert first.overlaps(second) is bool(first & second)
    assert ~~first == first


@given(st.characters(exclude_categories=["Cs"]))
def test_categories_are_those_of_unicode(char: str) -> None:
    """The category itself and its group hold the character; the groups of others do not."""
    category = unicodedata.category(char)

    for name in (category, category[0]):
        found = property_set(name)
        assert found is not None
        assert char in found
    other = property_set("N" if category[0] != "N" else "L")
    assert other is not None
    assert char not in other


@given(st.characters())
def test_escapes_and_their_opposites_share_nothing(char: str) -> None:
    """And together hold everything."""
    for letter in "sdwic":
        mine, opposite = escape_set(letter), escape_set(letter.upper())
        assert mine is not None
        assert opposite is not None
        assert (char in mine) is not (char in opposite)
    digits = escape_set("d")
    assert digits is not None
    assert (char in digits) is char.isdecimal()


def test_case_variants() -> None:
    """Those of equal lower or upper case, the Kelvin sign among them."""
    assert set(case_variants("k")) == {"K", "\u212a"}
    assert set(case_variants("s")) == {"S", "ſ"}
    assert case_variants("1") == ()
    assert CharSet.chars("k").both_cases() == CharSet.chars("kK\u212a")


def test_unknown_properties_and_escapes() -> None:
    """There is no set for them."""
    for name in ("", "X", "Lx", "Luu", "Cs", "IsNowhere", "lu"):
        assert property_set(name) is None
    assert escape_set("z") is None


def test_everything() -> None:
    """All characters, up to the last."""
    assert chr(sys.maxunicode) in ANY
    assert not ~ANY
