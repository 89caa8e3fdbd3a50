"""Everything that relflow raises on purpose.

    RelflowError
    ├── PolicyError            the policy has errors; `.diagnostics` has every finding
    ├── FeelError              an expression given as text is not FEEL; `.diagnostics`
    ├── FactError              a fact is of the wrong type or out of bounds
    ├── RefusedError           an event may not be fired: role, guard, missing data, final state
    ├── ConflictError          somebody else moved the case first
    ├── NotFoundError          no such case, account, decision, workflow or event
    ├── NoTransactionError     `engine.on` without an open host transaction
    ├── ReentryError           a hook fired the case whose step it is part of
    ├── PluginError            a plugin does not fit its hooks, or two claim the same thing
    ├── StoreError             the store is unreadable, locked, full or of another version
    └── ClockRequiredError     something reads the time and no `at=` was given

Each has a stable `reason` and says itself in any language by `text(lang)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self

from relflow.diagnostics import Diagnostic, Severity, render, sort_key
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = [
    "ClockRequiredError",
    "ConflictError",
    "FactError",
    "FeelError",
    "NoTransactionError",
    "NotFoundError",
    "PluginError",
    "PolicyError",
    "ReentryError",
    "RefusedError",
    "RelflowError",
    "StoreError",
]


class RelflowError(Exception):
    """Whatever relflow raises on purpose.

    `reason` is a stable kebab-case name for programs; `details` are the facts of the refusal for hosts that draw
    their own page (role, event, datum), never personal values.
    """

    default_reason: ClassVar[str] = "error"

    def __init__(self, message: Text | str, *, reason: str | None = None, **details: object) -> None:
        self.message = Text.of(message)
        self.reason = reason or self.default_reason
        self.details = details
        super().__init__(self.message.text())

    @classmethod
    def of(cls, reason: str, en: str, zh: str, **details: object) -> Self:
        """An error in both languages."""
        return cls(Text((("en", en), ("zh", zh))), reason=reason, **details)

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The error in `lang`, for people."""
        return self.message.text(lang)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.reason, self.details))


def _rebuild(cls: type[RelflowError], message: Text, reason: str, details: dict[str, object]) -> RelflowError:
    """Unpickle an error: keyword-only details do not survive the default way."""
    error = cls.__new__(cls)
    RelflowError.__init__(error, message, reason=reason, **details)
    return error


class _DiagnosticsError(RelflowError):
    """An error that is a list of findings."""

    def __init__(self, diagnostics: Iterable[Diagnostic], *, reason: str | None = None, **details: object) -> None:
        self.diagnostics = tuple(sorted(diagnostics, key=sort_key))
        errors = [found for found in self.diagnostics if found.severity is Severity.ERROR]
        shown = {lang: "\n".join(render(found, lang) for found in errors) for lang in ("en", "zh")}
        super().__init__(Text.of(shown), reason=reason, **details)

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Every error among the findings, with its place and remedy."""
        errors = (found for found in self.diagnostics if found.severity is Severity.ERROR)
        return "\n".join(render(found, lang) for found in errors)

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.diagnostics,))


class PolicyError(_DiagnosticsError):
    """A policy cannot be loaded; `diagnostics` has every finding, warnings and hints included."""

    default_reason = "policy"


class FeelError(_DiagnosticsError):
    """A text is not a FEEL expression, or not one within the bounds; `diagnostics` says where and why."""

    default_reason = "feel"


class FactError(RelflowError):
    """A fact that the host passed has the wrong type, an unknown value or is out of its declared bounds."""

    default_reason = "fact"


class RefusedError(RelflowError):
    """An event may not happen now: `reason` is one of `role`, `guard`, `needs`, `state`, `event`, `data`."""

    default_reason = "refused"


class ConflictError(RelflowError):
    """Somebody else wrote first; read again and decide anew."""

    default_reason = "conflict"


class NotFoundError(RelflowError):
    """There is no such thing (case, account, decision, scheme, workflow, event) for this tenant."""

    default_reason = "not-found"


class NoTransactionError(RelflowError):
    """`engine.on(connection)` was called while the host has no transaction open."""

    default_reason = "no-transaction"


class ReentryError(RelflowError):
    """A hook fired an event on the connection whose step it is part of."""

    default_reason = "reentry"


class PluginError(RelflowError):
    """A plugin cannot be used: unknown name, misspelt hook, an argument that no hook passes, a senseless answer."""

    default_reason = "plugin"


class StoreError(RelflowError):
    """The store cannot do what was asked: unreadable, locked, full, of another version, or closed."""

    default_reason = "store"


class ClockRequiredError(RelflowError):
    """Something that was asked for reads the time; pass `at=`."""

    default_reason = "clock-required"
