"""How many steps one evaluation has taken: loops and calls are bounded by count, never by a clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from relflow.feel.bounds import MAX_CALLS, MAX_STEPS
from relflow.feel.nulls import state
from relflow.feel.reasons import TOO_DEEP, TOO_MANY_STEPS

__all__ = ["Budget", "budget", "deeper"]


class Budget(threading.local):
    """Steps left on this thread; the outermost loop or call of an evaluation fills it up."""

    level = 0
    calls = 0
    left = MAX_STEPS

    def spend(self, count: int = 1) -> bool:
        """Take steps; False, with the reason kept, where there are none left."""
        self.left -= count
        if self.left < 0:
            state(TOO_MANY_STEPS, limit=MAX_STEPS)
            return False
        return True


_budget = Budget()


@contextmanager
def budget() -> Iterator[Budget]:
    """The steps of this evaluation, shared by everything inside it."""
    if _budget.level == 0:
        _budget.left = MAX_STEPS
    _budget.level += 1
    try:
        yield _budget
    finally:
        _budget.level -= 1


@contextmanager
def deeper() -> Iterator[bool]:
    """One function call inside another; False where they are too many."""
    _budget.calls += 1
    try:
        allowed = _budget.calls <= MAX_CALLS
        if not allowed:
            state(TOO_DEEP)
        yield allowed
    finally:
        _budget.calls -= 1
