"""Names in the order of what they need, however deep that goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

__all__ = ["MAX_CHAIN", "in_order"]

MAX_CHAIN = 100
"""Names that may rest on each other in a row; deciding goes as deep in calls."""


def in_order(starts: Iterable[str], needs: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """These names and all that they need, each behind what it needs, as far as there is such an order."""
    order: dict[str, None] = {}
    seen: set[str] = set()
    for start in starts:
        waiting: list[tuple[str, Iterator[str]]] = []
        if start not in seen:
            seen.add(start)
            waiting.append((start, iter(needs(start))))
        while waiting:
            name, rest = waiting[-1]
            following = next((one for one in rest if one not in seen), None)
            if following is None:
                waiting.pop()
                order[name] = None
            else:
                seen.add(following)
                waiting.append((following, iter(needs(following))))
    return tuple(order)
