"""`manage.py check`: settings that cannot work, and tables that are not the ones this relflow writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured

from relflow import PolicyError, StoreError
from relflow.stores import SCHEMA_VERSION
from relflow_django.engines import engine
from relflow_django.settings import configuration
from relflow_django.store import DjangoStore
from relflow_django.words import language, said

__all__ = ["check_policy", "check_settings", "check_tables"]


@register("relflow")
def check_settings(**_: Any) -> list[CheckMessage]:
    """The settings name a policy, and nothing that is not known."""
    try:
        configuration()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="relflow.E001")]
    return []


@register("relflow", deploy=True)
def check_policy(**_: Any) -> list[CheckMessage]:
    """The policy loads; asked by `check --deploy` only, since a large one takes a second."""
    try:
        engine()
    except ImproperlyConfigured:
        return []
    except PolicyError as error:
        return [Error(error.text(language()), id="relflow.E002")]
    return []


@register(Tags.database)
def check_tables(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The tables are there in the version that this relflow writes; asked with `check --database` and by `migrate`."""
    try:
        alias = configuration().database
    except ImproperlyConfigured:
        return []
    if alias not in (databases or ()):
        return []
    found = DjangoStore(alias).version()
    if found in (0, SCHEMA_VERSION):
        # before the first `migrate` there are no tables, and it makes them
        return []
    try:
        DjangoStore(alias).unit().__enter__()
    except StoreError as error:
        hint = said("run: manage.py relflow_migrate", "请运行：manage.py relflow_migrate")
        return [Caution(error.text(language()), hint=hint, id="relflow.W001")]
    return []
