"""What holds for one run of the command line: its language, and whether failures are shown in full."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import click

from relflow.structs import dataclass
from relflow.text import Text, fallbacks

__all__ = ["Problem", "Session", "current", "say"]

# gettext's order; relflow's own variable comes before the system's
_VARIABLES = ("RELFLOW_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True, slots=True)
class Session:
    """One run: `lang` is for texts on the screen, `debug` lets tracebacks through, `words` are what was typed."""

    lang: str = "en"
    debug: bool = False
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Session:
        """The session that these arguments ask for.

        `--lang` is looked for ahead of all parsing, so that help and usage errors speak the language too.
        """
        lang = _asked(arguments) or next((environment[name] for name in _VARIABLES if environment.get(name)), "")
        chosen = fallbacks(lang)[0]
        return cls(
            chosen if chosen.startswith("zh") else "en", bool(environment.get("RELFLOW_DEBUG")), tuple(arguments)
        )


def _asked(arguments: Sequence[str]) -> str | None:
    for index, word in enumerate(arguments):
        if word == "--":
            return None
        if word == "--lang" and index + 1 < len(arguments):
            return arguments[index + 1]
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    return None


class Problem(click.ClickException):
    """Something about the command line or its input that the user can put right, already in the user's language."""


def current() -> Session:
    """The session of the running command."""
    context = click.get_current_context(silent=True)
    found = context.find_object(Session) if context else None
    return found or Session()


def say(en: str, zh: str, **fields: object) -> str:
    """A text in the session's language, its `{field}` slots filled."""
    return Text((("en", en), ("zh", zh))).text(current().lang).format(**fields)
