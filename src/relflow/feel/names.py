"""Names in scope while parsing: a name is a sequence of tokens, and the longest one that fits is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from itertools import pairwise
from typing import Final

from relflow.feel.lexer import Token
from relflow.feel.types import Type
from relflow.structs import dataclass

__all__ = ["KEYWORDS", "NAME_SYMBOLS", "Layer", "longest", "spelled", "words"]

KEYWORDS: Final = frozenset(
    {
        *("and", "between", "else", "every", "external", "false", "for", "function", "if", "in", "instance", "not"),
        *("null", "of", "or", "return", "satisfies", "some", "then", "true"),
    }
)
"""Words that cannot begin a name."""

NAME_SYMBOLS: Final = frozenset({".", "/", "-", "'", "’", "+", "*"})
"""Symbols that a name may hold after its first word."""

_WORDS: Final = re.compile(r"\*\*|[./\-'’+*]|[0-9]+|[^\s0-9./\-'’+*][^\s./\-'’+*]*")
_SIMPLE: Final = re.compile(r"[^\W\d]\w*\Z")


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The tokens of a name: `date and time` has three."""
    return (name,) if _SIMPLE.match(name) else tuple(_WORDS.findall(name))


@dataclass(slots=True)
class Layer:
    """Names of one scope with their types, and the scope around it.

    With `guess`, names of several words that records somewhere have are recognised after any dot.
    """

    types: dict[str, Type]
    outer: Layer | None = None
    several: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, types: Mapping[str, Type], outer: Layer | None = None) -> Layer:
        """A layer of names."""
        layer = cls(dict(types), outer)
        layer.index(types)
        return layer

    def index(self, names: Iterable[str]) -> None:
        """Prepare names of several tokens for `longest`."""
        for name in names:
            if name.isidentifier():
                continue  # one token; scopes have hundreds of names and are prepared once for each expression's place
            tokens = words(name)
            if len(tokens) > 1:
                self.several.setdefault(tokens[0], []).append((tokens, name))

    def add(self, name: str, type_: Type) -> None:
        """One more name."""
        self.types[name] = type_
        self.index((name,))

    def find(self, name: str) -> Type | None:
        """The type of the innermost name of that spelling."""
        layer: Layer | None = self
        while layer is not None:
            if name in layer.types:
                return layer.types[name]
            layer = layer.outer
        return None

    def longest(self, tokens: Sequence[Token], index: int) -> tuple[str, int]:
        """The longest name of several tokens that starts at `index`, and how many tokens it has; else `("", 0)`."""
        best, size = "", 0
        layer: Layer | None = self
        while layer is not None:
            found, length = longest(layer.several, tokens, index)
            if length > size:
                best, size = found, length
            layer = layer.outer
        return best, size


def longest(
    several: Mapping[str, list[tuple[tuple[str, ...], str]]], tokens: Sequence[Token], index: int
) -> tuple[str, int]:
    """The longest of these names that starts at `tokens[index]`."""
    best, size = "", 0
    for candidate, name in several.get(tokens[index].text, ()):
        length = len(candidate)
        if size < length <= len(tokens) - index and all(
            tokens[index + at].text == word for at, word in enumerate(candidate)
        ):
            best, size = name, length
    return best, size


def spelled(tokens: Sequence[Token]) -> str:
    """A new name from the tokens that stand for it: white space between them counts as one space."""
    parts = [tokens[0].text]
    for before, token in pairwise(tokens):
        parts.append(" " + token.text if token.start > before.end else token.text)
    return "".join(parts)
