"""Texts in both languages, said in the language that Django has active when they are shown."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import get_language

from relflow import Text

__all__ = ["language", "said", "words"]


def language() -> str:
    """The language that is active in this thread, as relflow's texts understand it."""
    return get_language() or "en"


def said(en: str, zh: str, **values: object) -> str:
    """One of the two texts, with its values put in."""
    return Text((("en", en), ("zh", zh))).text(language()).format(**values)


def words(en: str, zh: str) -> str:
    """A text that is chosen each time it is shown: for labels that are made when a module is imported."""
    return lazy(said, str)(en, zh)
