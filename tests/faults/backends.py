"""The stores that the harness can run on, each with its own ways of being harmed."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from relflow.testing.postgres import running
from tests.faults.storm import Sabotage

__all__ = ["BACKENDS", "Backend"]

CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"""


@dataclass(frozen=True)
class Backend:
    """A fresh store: its address, the plugins it takes, and how to harm it beside killing who uses it."""

    url: str
    plugins: tuple[str, ...] = ()
    sabotage: Sabotage | None = None


@contextmanager
def sqlite(folder: Path) -> Iterator[Backend]:
    """A file, flushed at every commit."""
    yield Backend(f"sqlite:///{folder}/cases.db")


@contextmanager
def postgresql(folder: Path) -> Iterator[Backend]:
    """A server of our own with its usual durability; connections are cut, and it is killed and started again."""
    del folder
    with running(durable=True) as server:

        def sabotage(chance: random.Random) -> str | None:
            harm = chance.random()
            if harm < 0.15:
                with suppress(RuntimeError):
                    server.sql(CUT)
                return "a connection cut"
            if harm < 0.19:
                kill = chance.random() < 0.5
                server.kill() if kill else server.stop(signal.SIGQUIT)
                server.start()
                return "the server killed" if kill else "the server stopped at once"
            return None

        yield Backend(server.url(), ("postgres",), sabotage)


BACKENDS: Mapping[str, Callable[[Path], AbstractContextManager[Backend]]] = {"postgresql": postgresql, "sqlite": sqlite}
