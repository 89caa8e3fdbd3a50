"""The stores that the harness can run on, each with its own ways of being harmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.storm import Sabotage

__all__ = ["BACKENDS", "Backend"]


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


BACKENDS: Mapping[str, Callable[[Path], AbstractContextManager[Backend]]] = {"sqlite": sqlite}
