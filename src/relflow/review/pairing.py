"""Which row of the old table became which of the new one, where both stand between rows that are the same."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["paired"]

Row = tuple[str, ...]
_MOST = 40_000  # pairs that are compared; beyond that rows are taken in their order


def paired(old: Sequence[Row], new: Sequence[Row]) -> list[tuple[int | None, int | None]]:
    """Rows side by side in their order, those that share most cells together; None where a row came or went."""
    if len(old) * len(new) > _MOST:
        both = min(len(old), len(new))
        rest: list[tuple[int | None, int | None]] = [(i, None) for i in range(both, len(old))]
        return [*((n, n) for n in range(both)), *rest, *((None, j) for j in range(both, len(new)))]
    best = _shared(old, new)
    found: list[tuple[int | None, int | None]] = []
    i, j = 0, 0
    while i < len(old) and j < len(new):
        alike = _alike(old[i], new[j])
        if alike and best[i][j] == alike + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            found.append((i, None))
            i += 1
        else:
            found.append((None, j))
            j += 1
    return [*found, *((n, None) for n in range(i, len(old))), *((None, n) for n in range(j, len(new)))]


def _shared(old: Sequence[Row], new: Sequence[Row]) -> list[list[float]]:
    """For the rows from each pair of places on, how much can be alike in all."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            alike = _alike(old[i], new[j])
            together = alike + best[i + 1][j + 1] if alike else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    return best


def _alike(one: Row, other: Row) -> float:
    """The share of cells that are the same, of those that are not empty in both; dashes say nothing."""
    told = [(left, right) for left, right in zip(one, other, strict=True) if {left, right} - {"", "-"}]
    return sum(left == right for left, right in told) / len(told) if told else 0.0
