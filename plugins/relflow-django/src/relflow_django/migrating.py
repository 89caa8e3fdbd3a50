"""Bringing relflow's tables to the version that this relflow writes, in the migrations and on request."""

from __future__ import annotations

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from relflow.stores import migrate
from relflow_django.link import DjangoLink
from relflow_django.settings import configuration

__all__ = ["migrate_on"]


def migrate_on(connection: BaseDatabaseWrapper) -> int | None:
    """Bring the tables on this connection up to date, if it is the database that holds the cases; their version."""
    if connection.alias != configuration().database:
        return None
    with transaction.atomic(using=connection.alias):
        return migrate(DjangoLink(connection))
