"""`manage.py relflow_tick`: what fell due happens, what waits is sent."""

from __future__ import annotations

import logging
import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from relflow import RelflowError, Report, StoreError
from relflow_django.engines import engine
from relflow_django.signals import before_tick
from relflow_django.words import language, words

__all__ = ["Command"]

_log = logging.getLogger("relflow.django")
ROUNDS = 100


class Command(BaseCommand):
    """Called by cron each minute, or kept running with `--every`; any number may run at the same time."""

    help = words(
        "Fire what fell due, look at obligations and deliver what waits. After downtime it catches up. Running it "
        "twice, or twice at the same time, does everything once.",
        "触发到期的计时，检查各项义务，投递等待中的通知。停机之后会自动补上。重复运行或同时运行，每件事都只做一次。",
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much, and how often."""
        parser.add_argument("--limit", type=int, default=1000, help=words("at most so many a round", "每轮上限"))
        parser.add_argument(
            "--every",
            type=float,
            metavar="SECONDS",
            help=words("keep running, and look so often", "持续运行的间隔秒数"),
        )
        parser.add_argument("--quiet", action="store_true", help=words("say only what went wrong", "只报告问题"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run once, or until interrupted. Exit status 1 if something was given up."""
        every = options["every"]
        try:
            final = self._tick(options["limit"], quiet=options["quiet"])
            while every is not None:
                time.sleep(every)
                close_old_connections()
                self._again(options["limit"], quiet=options["quiet"])
        except RelflowError as error:
            raise CommandError(error.text(language())) from error
        except KeyboardInterrupt:
            return
        if final:
            raise CommandError(final)

    def _again(self, limit: int, *, quiet: bool) -> None:
        """A further run of `--every`: a database that is away for a while ends nothing."""
        try:
            self._tick(limit, quiet=quiet)
        except StoreError as error:
            self.stderr.write(error.text(language()))

    def _tick(self, limit: int, *, quiet: bool) -> str:
        """One run to the end; what was given up, in words."""
        for receiver, answer in before_tick.send_robust(sender=self.__class__, now=datetime.now(UTC)):
            if isinstance(answer, Exception):
                _log.error("%s failed before the tick", getattr(receiver, "__name__", receiver), exc_info=answer)
        given_up: list[str] = []
        for _ in range(ROUNDS):
            report = engine().run_due(limit=limit)
            self._say(report, quiet=quiet)
            given_up += [problem.text(language()) for problem in report.errors if problem.final]
            if not report.more:
                break
        return "\n".join(given_up)

    def _say(self, report: Report, *, quiet: bool) -> None:
        if not quiet:
            self.stdout.write(report.text(language()))
        elif report.errors:
            self.stderr.write("\n".join(problem.text(language()) for problem in report.errors))
