"""Localized text."""

from __future__ import annotations

import pytest

from relflow.text import Text, fallbacks, join, spaced

BOTH = Text((("en", "tier"), ("zh", "级别")))


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", ("en", "en", "zh")),
        ("de-AT", ("de", "en", "zh")),
        ("", ("en", "zh")),
        ("zh", ("zh", "zh_TW", "en")),
        ("zh_CN.UTF-8", ("zh", "zh_TW", "en")),
        ("zh-hans", ("zh", "zh_TW", "en")),
        ("zh-Hant-HK", ("zh_TW", "zh", "en")),
        ("ZH_tw", ("zh_TW", "zh", "en")),
    ],
)
def test_any_spelling_of_a_language_is_understood(lang: str, expected: tuple[str, ...]) -> None:
    """Languages come as browsers, systems and people write them."""
    assert fallbacks(lang) == expected


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        (BOTH, "zh_TW", "级别"),
        (BOTH, "fr", "tier"),
        (Text((("zh", "级别"),)), "en", "级别"),
        (Text((("fr", "niveau"),)), "en", "niveau"),
        (Text.of("tier"), "zh", "tier"),
        (Text(()), "zh", ""),
    ],
)
def test_a_text_is_given_in_the_nearest_language(text: Text, lang: str, expected: str) -> None:
    """What is asked for, else the nearest, else whatever there is; never an error."""
    assert text.text(lang) == expected


def test_a_text_is_made_from_what_yaml_has() -> None:
    """A string is the same in all languages, a mapping one for each, a text itself."""
    assert Text.of("a").pairs == (("", "a"),)
    assert Text.of({"en": "a", "zh": "甲"}).languages().__next__() == "en"
    assert Text.of(BOTH) is BOTH


def test_an_empty_text_is_false() -> None:
    """A text is true if it says something in any language."""
    assert [bool(text) for text in (BOTH, Text(()), Text((("en", ""), ("zh", ""))))] == [True, False, False]


def test_items_are_joined_as_the_language_writes_them() -> None:
    """English has a comma and a blank, Chinese its own comma."""
    assert (join(["a", "b"]), join(["a", "b"], "zh_TW")) == ("a, b", "a、b")


@pytest.mark.parametrize(
    ("parts", "run"),
    [
        (("成为", "VIP 客户", "（第 1 行）"), "成为 VIP 客户（第 1 行）"),
        (("成为", "战略客户"), "成为战略客户"),
        (("第", "3", "行"), "第 3 行"),
        (("“", "A", "”"), "“A”"),
        (("a", "b"), "ab"),
        (("", "A"), "A"),
    ],
)
def test_chinese_and_latin_stand_apart(parts: tuple[str, ...], run: str) -> None:
    """A space stands where Chinese meets Latin letters or digits, and nowhere beside punctuation."""
    assert spaced(*parts) == run
