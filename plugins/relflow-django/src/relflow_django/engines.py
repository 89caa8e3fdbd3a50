"""The engine of this process: made from the settings when it is first asked for, and kept."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Final

from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from relflow import Actor, Engine, Policy, load
from relflow.shipped import PREFIX, folder
from relflow_django.link import Joining
from relflow_django.mail import Mail
from relflow_django.people import People, facts_of, user_id
from relflow_django.settings import Configuration, configuration, named
from relflow_django.store import DjangoStore

__all__ = ["actor", "engine", "forget", "policy"]

_lock: Final = threading.RLock()
_kept: list[tuple[Engine, Policy]] = []
_loaded: dict[tuple[object, ...], Policy] = {}


def engine() -> Engine:
    """The engine that `settings.RELFLOW` describes.

    Nothing is opened before it is used, and it keeps no connection of the host: a process that forks later may have
    asked for it before. Raises ImproperlyConfigured for settings, PolicyError for a policy that cannot be used.
    """
    return _ready()[0]


def policy() -> Policy:
    """The policy that the engine was made with, the company's overlay included."""
    return _ready()[1]


def _ready() -> tuple[Engine, Policy]:
    if not _kept:
        with _lock:
            if not _kept:
                _kept.append(_made(configuration()))
    return _kept[0]


def forget() -> None:
    """Make the engine anew when it is next asked for; a policy that was loaded once is kept."""
    with _lock:
        _kept.clear()


def actor(user: Any) -> Actor:
    """A user of the host as the one who fires an event; which roles the user holds is asked when they are needed."""
    return Actor(user_id(user), facts=facts_of(user, configuration()))


def _made(chosen: Configuration) -> tuple[Engine, Policy]:
    plugins = [_plugin(one) for one in chosen.plugins]
    source = (str(chosen.policy), str(chosen.overlay), tuple(map(str, chosen.plugins)))
    loaded = _loaded.get(source) or load(chosen.policy, overlay=_overlay(chosen.overlay), plugins=plugins)
    _loaded[source] = loaded
    made = Engine(
        loaded,
        store=DjangoStore(chosen.database),
        plugins=[*plugins, Joining(), People(chosen), Mail(chosen)],
        clock=named(chosen.clock),
        adopt=chosen.adopt,
    )
    return made, loaded


def _plugin(given: object) -> object:
    """A dotted path is imported; a name without a dot is one of relflow's installed plugins."""
    return import_string(given) if isinstance(given, str) and "." in given else given


def _overlay(given: str | Path | None) -> str | Path | None:
    """A path, or `shipped:` with the path of a file that is shipped beside a policy."""
    if isinstance(given, str) and given.startswith(PREFIX):
        return folder("rules") / given.removeprefix(PREFIX)
    return given


def _changed(*, setting: str, **_: object) -> None:
    if setting in {"RELFLOW", "DATABASES"}:
        forget()


setting_changed.connect(_changed, dispatch_uid="relflow_django.engines")
