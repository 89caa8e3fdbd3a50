"""relflow inside a Django project: its database and transactions, its users and groups, its mail and admin pages."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relflow_django.engines import actor, engine, forget, policy
    from relflow_django.link import DjangoLink, django_link
    from relflow_django.settings import Configuration, configuration
    from relflow_django.store import DjangoStore

__all__ = [
    "Configuration",
    "DjangoLink",
    "DjangoStore",
    "actor",
    "configuration",
    "django_link",
    "engine",
    "forget",
    "policy",
]

_HOMES = {
    "Configuration": "settings",
    "DjangoLink": "link",
    "DjangoStore": "store",
    "actor": "engines",
    "configuration": "settings",
    "django_link": "link",
    "engine": "engines",
    "forget": "engines",
    "policy": "engines",
}


def __getattr__(name: str) -> object:
    """Import on first use: Django imports this package before its settings and its models are ready."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"relflow_django.{_HOMES[name]}"), name)
