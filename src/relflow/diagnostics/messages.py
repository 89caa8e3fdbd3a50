"""What is wrong, as data: a message in every language, its fields, its place."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable

from relflow.diagnostics.spans import Span
from relflow.structs import dataclass
from relflow.text import DEFAULT_LANGUAGE, Text, join

__all__ = ["Diagnostic", "Field", "Message", "Severity", "nearest", "sort_key"]

Field = str | int | Text | tuple["str | Text", ...]

_LONGEST = 500  # more of a user's own text than a message needs to be understood
_SHOWN = 100
_SLOT = re.compile(r"\{(\w+)\}")


class Severity(enum.Enum):
    """How bad a finding is: an error refuses the load, a question is something the manual leaves open."""

    ERROR = "error"
    WARNING = "warning"
    QUESTION = "question"
    HINT = "hint"

    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The severity's word in `lang`."""
        return _SEVERITIES[self].text(lang)


_SEVERITIES = {
    Severity.ERROR: Text((("en", "error"), ("zh", "错误"))),
    Severity.WARNING: Text((("en", "warning"), ("zh", "警告"))),
    Severity.QUESTION: Text((("en", "question"), ("zh", "待定"))),
    Severity.HINT: Text((("en", "hint"), ("zh", "提示"))),
}
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Message:
    """The wording of one kind of finding: `{field}` slots in `text` and `help`, in every language.

    Several messages may share a `name`: the name is the finding an analyst looks up or allows, the message is one of
    the ways in which it shows itself.
    """

    name: str
    severity: Severity
    text: Text
    help: Text | None = None

    @classmethod
    def of(
        cls, name: str, severity: Severity, en: str, zh: str, help_en: str | None = None, help_zh: str | None = None
    ) -> Message:
        """A message in English and Chinese; a help must be in both or in neither."""
        help_text = None
        if help_en is not None and help_zh is not None:
            help_text = Text((("en", help_en), ("zh", help_zh)))
        return cls(name, severity, Text((("en", en), ("zh", zh))), help_text)

    def at(self, span: Span, help: Text | None = None, **fields: Field) -> Diagnostic:
        """The finding at a place; `help` replaces the message's own remedy."""
        return Diagnostic(self, tuple(fields.items()), span, help)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: what (`message` with `fields`) and where (`span`)."""

    message: Message
    fields: tuple[tuple[str, Field], ...]
    span: Span
    own_help: Text | None = None

    @property
    def name(self) -> str:
        """The finding's stable name, such as `unknown-name`."""
        return self.message.name

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.message.severity

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is wrong, one line, in `lang`."""
        return _fill(self.message.text, self.fields, lang)

    def help(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The remedy, one line, in `lang`."""
        chosen = self.own_help or self.message.help
        return _fill(chosen, self.fields, lang) if chosen else None

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, str | int | None]:
        """The finding as `relflow check --format json` prints it."""
        line, column = self.span.source.position(self.span.line, self.span.column)
        return {
            "name": self.name,
            "severity": self.severity.value,
            "file": self.span.source.name,
            "line": line,
            "column": column,
            "message": self.text(lang),
            "help": self.help(lang),
        }


def _fill(text: Text, fields: tuple[tuple[str, Field], ...], lang: str) -> str:
    values = {name: _shown(value, lang) for name, value in fields}
    return _SLOT.sub(lambda slot: values.get(slot[1], slot[0]), text.text(lang))


def _shown(value: Field, lang: str) -> str:
    if isinstance(value, Text):
        return value.text(lang)
    if isinstance(value, tuple):
        return join([item.text(lang) if isinstance(item, Text) else item for item in value], lang)
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_SHOWN]}…"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that `word` most likely stands for, for a "did you mean"."""
    names = list(known)
    folded = {name.lower().replace("-", "_").replace(" ", "_"): name for name in reversed(names)}
    key = word.lower().replace("-", "_").replace(" ", "_")
    if key in folded:
        return folded[key]
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes need it

    matches = get_close_matches(key, folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def sort_key(diagnostic: Diagnostic) -> tuple[str, int, int, int, str]:
    """The order in which findings are shown: by file and place, worst first at the same place."""
    span = diagnostic.span
    return (span.source.name, span.line, span.column, _RANK[diagnostic.severity], diagnostic.name)
