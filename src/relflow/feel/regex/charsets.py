"""Sets of characters as sorted ranges of code points, with the operations that character classes need."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import field
from functools import cache
from typing import Final

from relflow.structs import dataclass

__all__ = ["ANY", "CharSet", "case_variants"]

_LAST: Final = sys.maxunicode
# above it no letter has two cases
_LAST_CASED: Final = 0x1FFFF
_MOST_KNOWN: Final = 1_000
_FEW: Final = 500

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CharSet:
    """A set of characters; `ranges` are sorted, do not touch and include both ends."""

    ranges: tuple[Range, ...]
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _known: dict[str, bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(start for start, _ in self.ranges))
        object.__setattr__(self, "_known", {})

    @classmethod
    def of(cls, ranges: Iterable[Range]) -> CharSet:
        """A set from ranges in any order, overlapping or not."""
        merged: list[Range] = []
        for start, end in sorted(ranges):
            if merged and start <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return cls(tuple(merged))

    @classmethod
    def chars(cls, text: Iterable[str]) -> CharSet:
        """The set of the characters in `text`."""
        return cls.of((ord(char), ord(char)) for char in text)

    def __contains__(self, char: str) -> bool:
        known = self._known.get(char)
        if known is None:
            code = ord(char)
            index = bisect_right(self._starts, code) - 1
            known = index >= 0 and code <= self.ranges[index][1]
            if len(self._known) < _MOST_KNOWN:
                self._known[char] = known
        return known

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __or__(self, other: CharSet) -> CharSet:
        return CharSet.of((*self.ranges, *other.ranges))

    def __invert__(self) -> CharSet:
        gaps: list[Range] = []
        before = -1
        for start, end in self.ranges:
            if start > before + 1:
                gaps.append((before + 1, start - 1))
            before = end
        if before < _LAST:
            gaps.append((before + 1, _LAST))
        return CharSet(tuple(gaps))

    def __and__(self, other: CharSet) -> CharSet:
        return ~(~self | ~other)

    def __sub__(self, other: CharSet) -> CharSet:
        return ~(~self | other)

    def overlaps(self, other: CharSet) -> bool:
        """Whether some character is in both."""
        mine, theirs = iter(self.ranges), iter(other.ranges)
        a, b = next(mine, None), next(theirs, None)
        while a is not None and b is not None:
            if a[0] <= b[1] and b[0] <= a[1]:
                return True
            if a[1] < b[1]:
                a = next(mine, None)
            else:
                b = next(theirs, None)
        return False

    def both_cases(self) -> CharSet:
        """The set with every case variant of its characters: `[k]` gets `K` and the Kelvin sign."""
        cased = _cased()
        if sum(end - start for start, end in self.ranges) < _FEW:
            found = (cased.get(chr(code), ()) for start, end in self.ranges for code in range(start, end + 1))
        else:
            found = (variants for char, variants in cased.items() if char in self)
        more = [(ord(variant), ord(variant)) for variants in found for variant in variants]
        return CharSet.of((*self.ranges, *more)) if more else self


ANY: Final = CharSet(((0, _LAST),))


@cache
def _cased() -> dict[str, tuple[str, ...]]:
    """Each character that has case variants, with all of them: those of equal lower or equal upper case."""
    groups: dict[tuple[int, str], list[str]] = {}
    for char in map(chr, range(_LAST_CASED + 1)):
        lower, upper = char.lower(), char.upper()
        if lower != char or upper != char:
            groups.setdefault((0, lower), []).append(char)
            groups.setdefault((1, upper), []).append(char)
    found: dict[str, set[str]] = {}
    for group in groups.values():
        for char in group:
            found.setdefault(char, set()).update(group)
    return {char: tuple(sorted(group - {char})) for char, group in found.items() if len(group) > 1}


def case_variants(char: str) -> tuple[str, ...]:
    """The other characters that differ from `char` in case only."""
    return _cased().get(char, ())
