"""Patterns as the standard `re` module writes them: every set of characters spelled out, no flags."""

from __future__ import annotations

import re
import sys

from relflow.feel.regex.charsets import CharSet
from relflow.feel.regex.syntax import Alternatives, Chars, End, Group, Node, Repeat, Sequence, Start

__all__ = ["to_python"]


def to_python(node: Node) -> str:
    """The pattern in Python's syntax; it must have no back-references."""
    match node:
        case Chars(chars=chars):
            return _class(chars)
        case Sequence(parts=parts):
            return "".join(map(to_python, parts))
        case Alternatives(parts=parts):
            return f"(?:{'|'.join(map(to_python, parts))})"
        case Group(body=body):
            return f"({to_python(body)})"
        case Repeat(body=body, least=least, most=most, greedy=greedy):
            counts = f"{{{least},{'' if most is None else most}}}"
            return f"(?:{to_python(body)}){counts}{'' if greedy else '?'}"
        case Start(lines=lines):
            return r"(?:\A|(?<=\n)(?!\Z))" if lines else r"\A"
        case End(lines=lines):
            return r"(?=\n|\Z)" if lines else r"\Z"
        case _:
            raise AssertionError(node)


def _class(chars: CharSet) -> str:
    if not chars:
        return "(?!)"
    if chars.ranges == ((0, sys.maxunicode),):
        return r"[\s\S]"
    start, end = chars.ranges[0]
    if len(chars.ranges) == 1 and start == end:
        return re.escape(chr(start))
    return "[" + "".join(_range(low, high) for low, high in chars.ranges) + "]"


def _range(low: int, high: int) -> str:
    return f"\\U{low:08x}" if low == high else f"\\U{low:08x}-\\U{high:08x}"
