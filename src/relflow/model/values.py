"""What stands in a place of the file: a literal or a formula, alone, in a list or under names; texts by language."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.diagnostics import Fragment, Span
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["Content", "Fields", "Items", "Value", "Wording"]

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar: FEEL if it was written with a leading `=` (`text` is what follows it), else a literal.

    What a literal means depends on the type that its place declares; `quoted` tells `"null"` from `null`.
    """

    text: Fragment
    formula: bool = False
    quoted: bool = False

    @classmethod
    def of(cls, text: Fragment, *, quoted: bool = False) -> Value:
        """The value that a scalar or a table cell stands for."""
        if not text.text.startswith("="):
            return cls(text, quoted=quoted)
        rest = text.text[1:]
        start = 1 + len(rest) - len(rest.lstrip())
        return cls(text.cut(start, len(text.text)), formula=True, quoted=quoted)

    @property
    def null(self) -> bool:
        """Whether it says nothing: empty, `null` or `~`, without quotes."""
        return not self.formula and not self.quoted and self.text.text in _NULLS

    @property
    def span(self) -> Span:
        """Where it stands, for a formula without the `=`."""
        return self.text.span


@dataclass(frozen=True, slots=True)
class Items:
    """A list of values."""

    items: tuple[Content, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Fields:
    """Values under names, in the order in which they were written."""

    entries: tuple[tuple[Fragment, Content], ...]
    span: Span

    def get(self, name: str) -> Content | None:
        """The value under `name`, None if there is none."""
        return next((value for key, value in self.entries if key.text == name), None)

    def names(self) -> Iterator[Fragment]:
        """The names with their places."""
        return (key for key, _ in self.entries)


Content = Value | Items | Fields


@dataclass(frozen=True, slots=True)
class Wording:
    """A text for people with its place: by language, or one for all of them under the language `""`."""

    pairs: tuple[tuple[str, Fragment], ...]
    span: Span

    @property
    def text(self) -> Text:
        """The text without its places."""
        return Text(tuple((lang, fragment.text) for lang, fragment in self.pairs))
