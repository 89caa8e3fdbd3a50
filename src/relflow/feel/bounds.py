"""How large an expression and its values may grow; nothing here is a wall-clock limit."""

from __future__ import annotations

from typing import Final

__all__ = ["MAX_CALLS", "MAX_DEPTH", "MAX_HEIGHT", "MAX_ITEMS", "MAX_LENGTH", "MAX_STEPS", "MAX_TEXT"]

MAX_LENGTH: Final = 100_000
"""Characters of one expression."""

MAX_DEPTH: Final = 50
"""Brackets, signs and types inside each other in one expression."""

MAX_HEIGHT: Final = 150
"""Levels of its tree: a sum of 150 terms has as many."""

MAX_STEPS: Final = 1_000_000
"""Loop iterations, filtered items and function calls of one evaluation."""

MAX_CALLS: Final = 40
"""Function calls inside each other."""

MAX_ITEMS: Final = 1_000_000
"""Items of one list."""

MAX_TEXT: Final = 1_000_000
"""Characters of one text."""
