"""Localized text: what a label, a reason or a message is in each language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from relflow.structs import dataclass

__all__ = ["DEFAULT_LANGUAGE", "LANGUAGES", "Text", "fallbacks", "is_chinese", "join", "spaced"]

DEFAULT_LANGUAGE = "en"
LANGUAGES = ("en", "zh", "zh_TW")

_TRADITIONAL = frozenset({"tw", "hk", "mo", "hant"})


@lru_cache(maxsize=64)
def fallbacks(lang: str) -> tuple[str, ...]:
    """The languages to try for `lang`, best first; any spelling is understood and none is refused."""
    parts = lang.replace("-", "_").split(".")[0].lower().split("_")
    if parts[0] != "zh":
        return (parts[0], "en", "zh") if parts[0] else ("en", "zh")
    if _TRADITIONAL & set(parts[1:]):
        return ("zh_TW", "zh", "en")
    return ("zh", "zh_TW", "en")


def is_chinese(letter: str) -> bool:
    """Whether a letter is a Chinese one, such as names and units may hold.

    Patterns should not list them: a class of 20,000 characters takes two milliseconds to compile.
    """
    return "\u4e00" <= letter <= "\u9fff"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the languages its author wrote; `pairs` keeps their order.

    A text written as a plain string in YAML has the single language `""`: it is the same in all of them.
    """

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, value: str | Mapping[str, str] | Text) -> Text:
        """A text from a plain string or from a mapping of language to string."""
        if isinstance(value, Text):
            return value
        if isinstance(value, str):
            return cls((("", value),))
        return cls(tuple(value.items()))

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The text in `lang`, else in the nearest language there is; never raises."""
        by_language = dict(self.pairs)
        for name in fallbacks(lang):
            if name in by_language:
                return by_language[name]
        return self.pairs[0][1] if self.pairs else ""

    def languages(self) -> Iterator[str]:
        """The languages in which it was written, `""` for all of them."""
        return (lang for lang, _ in self.pairs)

    def __str__(self) -> str:
        return self.text()

    def __bool__(self) -> bool:
        return any(value for _, value in self.pairs)


def join(items: list[str] | tuple[str, ...], lang: str = DEFAULT_LANGUAGE) -> str:
    """Items in a row as the language writes them: `a, b` or `a、b`."""
    return ("、" if fallbacks(lang)[0].startswith("zh") else ", ").join(items)


def spaced(*parts: str) -> str:
    """Parts in one run, with a space where Chinese meets Latin letters, digits or signs: `成为 VIP 客户`."""
    run = ""
    for part in parts:
        met = run and part and _is_latin(run[-1]) != _is_latin(part[0])
        run += f" {part}" if met and (is_chinese(run[-1]) or is_chinese(part[0])) else part
    return run


def _is_latin(character: str) -> bool:
    return character.isascii() and character > " "
