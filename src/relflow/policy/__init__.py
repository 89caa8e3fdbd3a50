"""A policy as hosts use it: load, decide, assign, plan, validate, explain; pure, without a clock."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relflow.policy.checking import check
    from relflow.policy.columns import ColumnReport
    from relflow.policy.decisionlog import DecisionLog
    from relflow.policy.definitions import compile_definition
    from relflow.policy.facade import Policy
    from relflow.policy.loading import build, load
    from relflow.policy.validating import misspelt

__all__ = ["ColumnReport", "DecisionLog", "Policy", "build", "check", "compile_definition", "load", "misspelt"]

# who only checks a policy does not load what decides with it
_HOME_OF = {
    "ColumnReport": "columns",
    "DecisionLog": "decisionlog",
    "Policy": "facade",
    "build": "loading",
    "check": "checking",
    "compile_definition": "definitions",
    "load": "loading",
    "misspelt": "validating",
}


def __getattr__(name: str) -> object:
    """Import the home of a name when somebody first asks for it."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
