"""Which patterns the standard `re` module can run without ever going back over the text again and again.

A pattern is safe where at each choice (one more repetition or not, this alternative or that) the next character alone
decides. A wrong choice then fails at once, and the time is bounded by the length of the text times the longest match.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

from relflow.feel.regex.charsets import CharSet
from relflow.feel.regex.syntax import Alternatives, Back, Chars, End, Group, Node, Pattern, Repeat, Sequence, Start

__all__ = ["is_decided", "longest_match", "ranges", "size"]

_NONE: Final = CharSet(())


def is_decided(pattern: Pattern) -> bool:
    """Whether the next character decides every choice of the pattern."""
    return not pattern.has_backs and _decided(pattern.root, _NONE)


def _first(node: Node) -> tuple[CharSet, bool]:
    """The characters a match can begin with, and whether it can be empty."""
    match node:
        case Chars(chars=chars):
            return chars, False
        case Group(body=body):
            return _first(body)
        case Repeat(body=body, least=least):
            chars, empty = _first(body)
            return chars, empty or least == 0
        case Sequence(parts=parts):
            return _first_of_sequence(parts)
        case Alternatives(parts=parts):
            firsts = [_first(part) for part in parts]
            return CharSet.of(r for chars, _ in firsts for r in chars.ranges), any(empty for _, empty in firsts)
        case _:
            return _NONE, True


def _first_of_sequence(parts: tuple[Node, ...]) -> tuple[CharSet, bool]:
    chars = _NONE
    for part in parts:
        more, empty = _first(part)
        chars |= more
        if not empty:
            return chars, False
    return chars, True


def _decided(node: Node, follow: CharSet) -> bool:
    """Whether every choice inside `node` is decided, given the characters that can come after it."""
    match node:
        case Chars() | Start() | End():
            return True
        case Group(body=body):
            return _decided(body, follow)
        case Sequence(parts=parts):
            return _decided_sequence(parts, follow)
        case Alternatives(parts=parts):
            return _decided_alternatives(parts, follow)
        case Repeat(body=body, least=least, most=most):
            chars, empty = _first(body)
            if empty or (most != least and chars.overlaps(follow)):
                return False
            return _decided(body, chars | follow)
        case _:
            return False


def _decided_sequence(parts: tuple[Node, ...], follow: CharSet) -> bool:
    for part in reversed(parts):
        if not _decided(part, follow):
            return False
        chars, empty = _first(part)
        follow = chars | follow if empty else chars
    return True


def _decided_alternatives(parts: tuple[Node, ...], follow: CharSet) -> bool:
    firsts = [_first(part) for part in parts]
    if sum(empty for _, empty in firsts) > 1:
        return False
    begins = sorted(r for chars, empty in firsts for r in (chars | follow if empty else chars).ranges)
    apart = all(end < start for (_, end), (start, _) in pairwise(begins))
    return apart and all(_decided(part, follow) for part in parts)


def longest_match(node: Node) -> float:
    """How many characters a match can have at most; infinity where there is no bound."""
    match node:
        case Chars():
            return 1
        case Group(body=body):
            return longest_match(body)
        case Sequence(parts=parts):
            return sum(map(longest_match, parts))
        case Alternatives(parts=parts):
            return max(map(longest_match, parts))
        case Repeat(body=body, most=most):
            longest = longest_match(body)
            return longest * (math.inf if most is None else most) if longest else 0
        case Back():
            return math.inf
        case _:
            return 0


def size(node: Node) -> int:
    """How many parts the pattern has."""
    match node:
        case Group(body=body) | Repeat(body=body):
            return 1 + size(body)
        case Sequence(parts=parts) | Alternatives(parts=parts):
            return 1 + sum(map(size, parts))
        case _:
            return 1


def ranges(node: Node) -> int:
    """How many ranges of characters the pattern names."""
    match node:
        case Chars(chars=chars):
            return len(chars.ranges)
        case Group(body=body) | Repeat(body=body):
            return ranges(body)
        case Sequence(parts=parts) | Alternatives(parts=parts):
            return sum(map(ranges, parts))
        case _:
            return 0
