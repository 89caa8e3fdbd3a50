"""What the host says in `settings.RELFLOW`, read once and checked."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from relflow_django.words import said

__all__ = ["Configuration", "configuration", "named"]


@dataclass(frozen=True, slots=True)
class Configuration:
    """`settings.RELFLOW`, its keys in lower case.

    `policy` is a path or `shipped:` and a name, `overlay` the company's own file. `database` is the alias of the
    database that holds the cases. `plugins` are objects, dotted paths, or names of installed plugins. `roles` maps a
    role of the policy to the name of a group, where they differ. Dotted paths or callables: `actor_facts(user)` says
    what the host knows of a colleague; `customer(account)` gives the mail address that a customer is written to;
    `language(user)` gives the language for a user, and where it is a plain code, the language of everybody;
    `clock()` the present instant. `tenant(request)` names the tenant whose cases an admin page shows. `adopt` puts
    the loaded policy in force where another one was; `from_email` is the sender of mail.
    """

    policy: str | Path
    overlay: str | Path | None = None
    database: str = "default"
    plugins: tuple[object, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    actor_facts: Callable[[Any], Mapping[str, object]] | str | None = None
    customer: Callable[[str], str | None] | str | None = None
    language: Callable[[Any], str] | str | None = None
    clock: Callable[[], Any] | str | None = None
    tenant: Callable[[Any], str] | str | None = None
    adopt: bool = False
    from_email: str | None = None


def configuration() -> Configuration:
    """The settings. Raises ImproperlyConfigured for a missing policy or an unknown key."""
    given = getattr(settings, "RELFLOW", None)
    if not isinstance(given, Mapping) or not given.get("POLICY"):
        raise ImproperlyConfigured(
            said(
                "settings.RELFLOW names no policy: write RELFLOW = {{'POLICY': 'path/to/policy'}}",
                "settings.RELFLOW 未指定制度：请写 RELFLOW = {{'POLICY': '制度路径'}}",
            )
        )
    known = [one.name.upper() for one in fields(Configuration)]
    for key in given:
        if key not in known:
            raise ImproperlyConfigured(_unknown(str(key), known))
    values = {key.lower(): value for key, value in given.items()}
    values["plugins"] = tuple(values.get("plugins", ()))
    return Configuration(**values)


def _unknown(key: str, known: Iterable[str]) -> str:
    nearest = next(iter(difflib.get_close_matches(key.upper(), known, 1)), None)
    if nearest:
        return said(
            "settings.RELFLOW has no key '{key}': did you mean '{nearest}'?",
            "settings.RELFLOW 没有 '{key}' 这个键：是否想写 '{nearest}'？",
            key=key,
            nearest=nearest,
        )
    names = ", ".join(known)
    return said(
        "settings.RELFLOW has no key '{key}' (it has {names})",
        "settings.RELFLOW 没有 '{key}' 这个键（可用：{names}）",
        key=key,
        names=names,
    )


def named(value: Callable[..., Any] | str | None) -> Callable[..., Any] | None:
    """The callable that a setting gives, itself or as a dotted path."""
    if isinstance(value, str):
        found: Callable[..., Any] = import_string(value)
        return found
    return value
