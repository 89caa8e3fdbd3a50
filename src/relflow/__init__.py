"""relflow makes a customer-relationship policy executable: it decides, runs, proves, explains and audits it.

Everything public is importable from here; what is heavy loads on first use.
"""

from __future__ import annotations

from importlib import import_module

# importing it from typing would cost more than all else here; type checkers know the name
TYPE_CHECKING = False
if TYPE_CHECKING:
    from relflow.builtins import Accounts, ConsoleNotifier, Recipients
    from relflow.diagnostics import Diagnostic, Severity, Span
    from relflow.engine import Engine, Report, Unit
    from relflow.errors import (
        ClockRequiredError,
        ConflictError,
        FactError,
        FeelError,
        NoTransactionError,
        NotFoundError,
        PluginError,
        PolicyError,
        ReentryError,
        RefusedError,
        RelflowError,
        StoreError,
    )
    from relflow.hooks import hookimpl
    from relflow.policy import DecisionLog, Policy, check, load
    from relflow.results import (
        Actor,
        Case,
        Contact,
        Decision,
        Delivered,
        Done,
        Failed,
        Failure,
        Message,
        Outgoing,
        Recipient,
        Standing,
        Touchpoint,
    )
    from relflow.text import Text

__all__ = [
    "Accounts",
    "Actor",
    "Case",
    "ClockRequiredError",
    "ConflictError",
    "ConsoleNotifier",
    "Contact",
    "Decision",
    "DecisionLog",
    "Delivered",
    "Diagnostic",
    "Done",
    "Engine",
    "FactError",
    "Failed",
    "Failure",
    "FeelError",
    "Message",
    "NoTransactionError",
    "NotFoundError",
    "Outgoing",
    "PluginError",
    "Policy",
    "PolicyError",
    "Recipient",
    "Recipients",
    "ReentryError",
    "RefusedError",
    "RelflowError",
    "Report",
    "Severity",
    "Span",
    "Standing",
    "StoreError",
    "Text",
    "Touchpoint",
    "Unit",
    "__version__",
    "check",
    "hookimpl",
    "load",
]

__version__ = "0.1.0"

_HOMES = {
    "relflow.builtins": ("Accounts", "ConsoleNotifier", "Recipients"),
    "relflow.diagnostics": (
        "Diagnostic",
        "Severity",
        "Span",
    ),
    "relflow.engine": (
        "Engine",
        "Report",
        "Unit",
    ),
    "relflow.errors": (
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
    ),
    "relflow.hooks": ("hookimpl",),
    "relflow.policy": (
        "DecisionLog",
        "Policy",
        "check",
        "load",
    ),
    "relflow.results": (
        "Actor",
        "Case",
        "Contact",
        "Decision",
        "Delivered",
        "Done",
        "Failed",
        "Failure",
        "Message",
        "Outgoing",
        "Recipient",
        "Standing",
        "Touchpoint",
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
