"""django-helpdesk's tickets as complaints of a policy: an application beside `relflow_django`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relflow_django.helpdesk.following import follow
    from relflow_django.helpdesk.mapping import Aim, Complaints
    from relflow_django.helpdesk.plugin import Accounts, Helpdesk
    from relflow_django.helpdesk.reconciling import Reconciled, reconcile

__all__ = ["Accounts", "Aim", "Complaints", "Helpdesk", "Reconciled", "follow", "reconcile"]

_HOMES = {
    "Accounts": "plugin",
    "Aim": "mapping",
    "Complaints": "mapping",
    "Helpdesk": "plugin",
    "Reconciled": "reconciling",
    "follow": "following",
    "reconcile": "reconciling",
}


def __getattr__(name: str) -> object:
    """Import on first use: models are not ready when Django imports an application."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"relflow_django.helpdesk.{_HOMES[name]}"), name)
