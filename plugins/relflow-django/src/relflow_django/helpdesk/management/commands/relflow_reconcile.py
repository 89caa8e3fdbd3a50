"""`manage.py relflow_reconcile`: every case in step with its ticket."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from relflow_django.helpdesk.reconciling import reconcile
from relflow_django.words import words

__all__ = ["Command"]


class Command(BaseCommand):
    """Each night, and once after relflow was installed or was down for longer than a day."""

    help = words(
        "Bring the case of every ticket into step with it: bulk changes, imports and direct saves included. A second "
        "run finds nothing to do.",
        "让每张服务单与其工单保持一致，包括批量修改、导入和直接保存。再次运行不会有任何变化。",
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which tickets."""
        parser.add_argument(
            "--days", type=float, help=words("only tickets saved in the last days", "只看最近几天保存过的服务单")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Reconcile and say what was found. Exit status 1 if a ticket could not be brought into step."""
        days = options["days"]
        since = None if days is None else timezone.now() - timedelta(days=days)
        done = reconcile(since=since)
        self.stdout.write(done.text())
        if done.problems:
            raise CommandError("\n".join(done.problems))
