"""Range values: `[1..10]`, `(a..b)`, and the half-open ones that `< 5` stands for."""

from __future__ import annotations

from typing import Any

from relflow.structs import dataclass

__all__ = ["Range"]


@dataclass(frozen=True, slots=True)
class Range:
    """A range between two values of one comparable type (DMN 1.5, 10.3.2.7).

    `start` or `end` is None where the range has no bound on that side; it is then not included.
    """

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
