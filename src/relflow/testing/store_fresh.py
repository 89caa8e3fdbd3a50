"""What every part of the conformance suite begins with: a fresh store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from relflow.stores import Store

__all__ = ["Fresh"]


class Fresh:
    """Tests that each begin with a fresh store."""

    def make_store(self) -> Store:
        """A fresh, empty store."""
        raise NotImplementedError

    @contextmanager
    def store(self) -> Iterator[Store]:
        """A fresh store that is closed afterwards."""
        made = self.make_store()
        try:
            yield made
        finally:
            made.close()
