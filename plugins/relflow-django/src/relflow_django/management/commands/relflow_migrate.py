"""`manage.py relflow_migrate`: the tables as the installed relflow writes them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from relflow import StoreError
from relflow_django.migrating import migrate_on
from relflow_django.settings import configuration
from relflow_django.words import language, said, words

__all__ = ["Command"]


class Command(BaseCommand):
    """For an update of relflow alone; `migrate` does it otherwise."""

    help = words(
        "Bring relflow's tables to the version that the installed relflow writes.",
        "把 relflow 的表升级到已安装的 relflow 所写的结构版本。",
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, and say the version."""
        alias = configuration().database
        try:
            version = migrate_on(connections[alias])
        except StoreError as error:
            raise CommandError(error.text(language())) from error
        self.stdout.write(
            said(
                "relflow's tables in `{alias}` have version {version}",
                "`{alias}` 中 relflow 的表结构版本为 {version}",
                alias=alias,
                version=version,
            )
        )
