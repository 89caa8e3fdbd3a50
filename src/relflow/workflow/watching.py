"""Who looks on while steps are taken: tests that measure which alternatives, clock steps and decisions they reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol

from relflow.program.workflows import Alternative, ClockStep, Workflow

__all__ = ["WATCHER", "Watcher", "watched_by"]


class Watcher(Protocol):
    """Told of what happens in steps; it changes nothing."""

    def asked(
        self,
        workflow: Workflow,
        record: Mapping[str, object],
        at: datetime,
        standings: Mapping[str, object] | None,
        name: str,
    ) -> None:
        """A formula asked the policy what `name` answers for a record of facts and case data."""
        ...

    def happened(self, workflow: Workflow, alternative: Alternative) -> None:
        """An alternative of an event happened."""
        ...

    def struck(self, workflow: Workflow, clock: str, step: ClockStep) -> None:
        """A step of a clock happened."""
        ...


WATCHER: ContextVar[Watcher | None] = ContextVar("relflow_watcher", default=None)


@contextmanager
def watched_by(watcher: Watcher | None) -> Iterator[None]:
    """Let somebody look on at all steps that are taken in this context."""
    token = WATCHER.set(watcher)
    try:
        yield
    finally:
        WATCHER.reset(token)
