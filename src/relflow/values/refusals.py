"""Why a text is not the value that its place expects, as data that a reader can show at its place."""

from __future__ import annotations

from relflow.diagnostics import Diagnostic, Field, Fragment, Message, Span
from relflow.errors import FactError
from relflow.structs import dataclass
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["Refusal"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason: a message with its fields; `suggestions` are texts that would be read, the likeliest first."""

    message: Message
    fields: tuple[tuple[str, Field], ...] = ()
    suggestions: tuple[str, ...] = ()

    def at(self, span: Span) -> Diagnostic:
        """The finding at the place where the text stands."""
        return Diagnostic(self.message, self.fields, span)

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is wrong, one line, in `lang`."""
        return self._diagnostic().text(lang)

    def help(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The remedy, one line, in `lang`."""
        return self._diagnostic().help(lang)

    def error(self) -> FactError:
        """The reason as an error, for values that come from a host and have no place in a file."""
        languages = ("en", "zh")
        said = Text(tuple((lang, "; ".join(filter(None, (self.text(lang), self.help(lang))))) for lang in languages))
        return FactError(said, reason=self.message.name, suggestions=self.suggestions)

    def _diagnostic(self) -> Diagnostic:
        return self.at(Fragment.of("").span)
