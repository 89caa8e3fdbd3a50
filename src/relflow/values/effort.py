"""How much work a value may cause: nested values share parts, so that small ones can be endlessly long to walk."""

from __future__ import annotations

from typing import Final

__all__ = ["MOST_ITEMS", "MOST_LEVELS", "Effort", "TooMuchError"]

MOST_ITEMS: Final = 1_000_000
MOST_LEVELS: Final = 300


class TooMuchError(ValueError):
    """A value is nested too deeply, or has too many items to walk through."""


class Effort:
    """Counts the items that are looked at; `spend` raises TooMuchError beyond the limit."""

    __slots__ = ("left", "limit")

    def __init__(self, limit: int = MOST_ITEMS) -> None:
        self.limit = self.left = limit

    @property
    def used(self) -> int:
        """How many items were looked at."""
        return self.limit - self.left

    def spend(self, level: int = 0) -> None:
        """Look at one more item, so many levels deep."""
        self.left -= 1
        if self.left < 0 or level > MOST_LEVELS:
            raise TooMuchError("the value is too large or nested too deeply")
