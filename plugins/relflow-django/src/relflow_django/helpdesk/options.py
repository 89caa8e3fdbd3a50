"""What the host says in `settings.RELFLOW_HELPDESK`; everything has a default."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from relflow_django.helpdesk.mapping import Complaints
from relflow_django.settings import named
from relflow_django.words import said

__all__ = ["Options", "mapping", "options"]


@dataclass(frozen=True, slots=True)
class Options:
    """`settings.RELFLOW_HELPDESK`, its keys in lower case.

    `mapping` is a dotted path to a `Complaints` of the host's own; `queues` are the slugs of the queues whose tickets
    are complaints (all of them if absent); `facts(account)` gives what the host knows about a customer; `handler` is a
    decision of the policy whose answer is the role that a case of its severity goes to; with `due_date` the case's
    next due instant is written into the ticket; `look_back` is how far behind each tick looks for tickets that changed
    without a word.
    """

    mapping: str = "relflow_django.helpdesk.mapping.Complaints"
    queues: Collection[str] | None = None
    facts: Callable[[str], Mapping[str, object]] | str | None = None
    handler: str | None = None
    due_date: bool = True
    look_back: timedelta = timedelta(days=1)

    @property
    def account_facts(self) -> Callable[[str], Mapping[str, object]] | None:
        """The facts callable."""
        return named(self.facts)


def options() -> Options:
    """The settings. Raises ImproperlyConfigured for an unknown key."""
    given: Mapping[str, Any] = getattr(settings, "RELFLOW_HELPDESK", {})
    known = {one.name.upper() for one in fields(Options)}
    strangers = sorted(set(given) - known)
    if strangers:
        raise ImproperlyConfigured(
            said(
                "settings.RELFLOW_HELPDESK has no key '{key}' (it has {names})",
                "settings.RELFLOW_HELPDESK 没有 '{key}' 这个键（可用：{names}）",
                key=strangers[0],
                names=", ".join(sorted(known)),
            )
        )
    return Options(**{key.lower(): value for key, value in given.items()})


def mapping() -> Complaints:
    """The mapping that the settings name."""
    found: Complaints = import_string(options().mapping)()
    return found
