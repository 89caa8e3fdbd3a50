"""relflow makes a customer-relationship policy executable: it decides, runs, proves, explains and audits it.

Everything public is importable from here; what is heavy loads on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relflow.diagnostics import Diagnostic, Severity, Span
    from relflow.errors import (
        ClockRequiredError,
        ConflictError,
        FactError,
        FeelError,
        NoTransactionError,
        NotFoundError,
        PolicyError,
        ReentryError,
        RefusedError,
        RelflowError,
        StoreError,
    )
    from relflow.text import Text

__all__ = [
    "ClockRequiredError",
    "ConflictError",
    "Diagnostic",
    "FactError",
    "FeelError",
    "NoTransactionError",
    "NotFoundError",
    "PolicyError",
    "ReentryError",
    "RefusedError",
    "RelflowError",
    "Severity",
    "Span",
    "StoreError",
    "Text",
    "__version__",
]

__version__ = "0.1.0"

_HOMES = {
    "relflow.diagnostics": ("Diagnostic", "Severity", "Span"),
    "relflow.errors": (
        "ClockRequiredError",
        "ConflictError",
        "FactError",
        "FeelError",
        "NoTransactionError",
        "NotFoundError",
        "PolicyError",
        "ReentryError",
        "RefusedError",
        "RelflowError",
        "StoreError",
    ),
    "relflow.text": ("Text",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import the home of a public name when somebody first asks for it."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
