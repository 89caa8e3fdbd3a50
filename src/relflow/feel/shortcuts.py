"""The aggregates that policies use most, short where their argument is a list of whole numbers."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any, Final

from relflow.feel.builtins import BUILTINS
from relflow.feel.calls import call_builtin, fits

__all__ = ["SHORTCUTS"]

_FITS: Final = 10**34


def _general(name: str) -> Callable[[Any], Any]:
    """The built-in as it is, called with one argument."""
    builtin = BUILTINS[name]
    candidates = fits(builtin.signatures, 1, ())
    return lambda items: call_builtin(builtin, candidates, None, items)


_sum, _count, _min, _max = map(_general, ("sum", "count", "min", "max"))


def _whole(items: Any) -> bool:
    """Whether this is a list of ints with something in it."""
    return items.__class__ is list and bool(items) and all(item.__class__ is int for item in items)


def sum_(items: Any) -> Any:
    """`sum(items)`."""
    if items.__class__ is list and items:
        total = 0
        for item in items:
            if item.__class__ is not int:
                return _sum(items)
            total += item
        if -_FITS < total < _FITS:
            return total
    return _sum(items)


def count_(items: Any) -> Any:
    """`count(items)`."""
    return len(items) if items.__class__ is list else _count(items)


def min_(items: Any) -> Any:
    """`min(items)`."""
    return builtins.min(items) if _whole(items) else _min(items)


def max_(items: Any) -> Any:
    """`max(items)`."""
    return builtins.max(items) if _whole(items) else _max(items)


SHORTCUTS: Final[dict[str, Callable[[Any], Any]]] = {"sum": sum_, "count": count_, "min": min_, "max": max_}
"""Functions of one argument by the names of their built-ins."""
