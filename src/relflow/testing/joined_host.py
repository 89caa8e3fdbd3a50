"""What the conformance suite of Links needs: a host with rows and transactions of its own, and a policy."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

import relflow.policy as policies
from relflow.hooks import hookimpl
from relflow.policy import Policy
from relflow.results import Actor, Recorded
from relflow.stores import Link, Store

__all__ = ["CLERK", "ERRAND", "NOON", "Host", "Watcher", "errands"]

CLERK: Final = Actor("zhang", ("clerk",))
NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
ERRAND: Final[Mapping[str, Any]] = {"account": "C-1", "actor": CLERK}

_POLICY: Final = """\
policy: errands
version: 1
effective: {from: 2026-01-01}
timezone: UTC
facts:
  size: {type: number, label: {en: Size, zh: 规模}}
roles:
  clerk: {members: [zhang], label: {en: Clerk, zh: 办事员}}
  boss: {members: [wang], label: {en: Boss, zh: 主管}}
"""
_ERRAND: Final = """\
workflow: errand
version: 1
expects: {size: {type: number}}
roles: [clerk, boss]
owner: clerk
data: {note: {type: string}}
initial: asked
states:
  asked: {events: {begin: {to: running, by: [clerk], when: size > 0, may: [note], do: [{notify: boss}]}}}
  running: {events: {end: {to: done, by: [clerk]}}}
  done: {final: true}
clocks:
  answer: {from: asked, until: [running, done], within: 4 hours, steps: [{at: due, do: [{notify: boss}]}]}
"""


class Host(Protocol):
    """A program that keeps rows of its own in the database in which cases live.

    `connect` gives a connection of the kind that `engine.on` is to join, `transaction` commits at its end and rolls
    back when an exception leaves it, `nested` is a savepoint in it; both by the host's own means. `run` is the host's
    own statement, with `?` for parameters. `tells` says that the connection can tell of its commits.
    """

    tells: bool
    plugins: Sequence[object]

    def store(self) -> Store:
        """A store on the host's database, for units of relflow's own; its tables are made by the suite."""

    def connect(self) -> AbstractContextManager[Any]:
        """A connection, closed at the end."""

    def transaction(self, connection: Any) -> AbstractContextManager[Any]:
        """A transaction of the host."""

    def nested(self, connection: Any) -> AbstractContextManager[Any]:
        """A savepoint of the host inside its transaction."""

    def run(self, connection: Any, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """A statement of the host's own."""


@cache
def errands() -> Policy:
    """A policy with one workflow: an errand that somebody begins and ends, with a clock and messages."""
    with tempfile.TemporaryDirectory() as name:
        for file, text in (("policy.yaml", _POLICY), ("errand.yaml", _ERRAND)):
            (Path(name) / file).write_text(text, "utf-8")
        return policies.load(name)


class Watcher:
    """A plugin that loads facts, projects and observes, and fails where it is told to."""

    def __init__(self) -> None:
        self.fail = ""
        self.seen: list[str] = []
        self.echo: Callable[[], object] | None = None

    def _act(self, place: str, link: Link | None) -> None:
        if self.fail == place:
            assert link is not None
            link.execute("SELECT * FROM no_such_table")
        if self.fail == f"{place} raises":
            raise ZeroDivisionError

    @hookimpl
    def relflow_load_accounts(self, accounts: Sequence[str], link: Link | None) -> Mapping[str, Mapping[str, object]]:
        """Every account has a size."""
        self._act("load", link)
        return {account: {"size": 1} for account in accounts}

    @hookimpl
    def relflow_project(self, recorded: Recorded, link: Link | None) -> None:
        """The host's ticket follows the case."""
        if link is not None and self.fail.startswith("project"):
            link.execute("INSERT INTO tickets (state) VALUES (?)", (recorded.case.state,))
        self._act("project", link)
        if self.echo is not None:
            self.echo()

    @hookimpl
    def relflow_observe(self, recorded: Recorded) -> None:
        """What was committed."""
        self.seen.append(recorded.key)
