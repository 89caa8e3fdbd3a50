"""How the facts of a category are kept, on a day, as data."""

from __future__ import annotations

from typing import Any

from relflow.structs import dataclass

__all__ = ["Keeping"]


@dataclass(frozen=True, slots=True)
class Keeping:
    """A category on a day: which of its facts are `stale` or past their keeping (`expired`), who may do what with them.

    `unsure` are facts of which it is not known since when they are known. The steward sees and changes them always.
    """

    category: str
    facts: tuple[str, ...]
    steward: str | None
    sees: tuple[str, ...]
    changes: tuple[str, ...]
    purposes: tuple[str, ...]
    shared_with: tuple[str, ...]
    fresh_for: Any = None
    keep_for: Any = None
    stale: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
