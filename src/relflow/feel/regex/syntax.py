"""The syntax tree of a pattern."""

from __future__ import annotations

from relflow.feel.regex.charsets import CharSet
from relflow.structs import dataclass

__all__ = ["Alternatives", "Back", "Chars", "End", "Group", "Node", "Pattern", "Repeat", "Sequence", "Start"]


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a pattern."""


@dataclass(frozen=True, slots=True)
class Chars(Node):
    """One character out of a set."""

    chars: CharSet


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """Parts one after the other; without parts it matches the empty text."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Alternatives(Node):
    """The first of the parts that lets the whole pattern match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat(Node):
    """`body` from `least` to `most` times, None for any number; as many as possible where `greedy`."""

    body: Node
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Group(Node):
    """A numbered group, whose match can be referred to."""

    number: int
    body: Node


@dataclass(frozen=True, slots=True)
class Back(Node):
    """The text that a group matched, once more; the empty text where it took no part."""

    number: int


@dataclass(frozen=True, slots=True)
class Start(Node):
    """`^`: the start of the text, or of one of its lines."""

    lines: bool


@dataclass(frozen=True, slots=True)
class End(Node):
    """`$`: the end of the text, or of one of its lines."""

    lines: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """A whole pattern: its tree, the number of its groups, and whether it ignores case or has back-references."""

    root: Node
    groups: int
    ignore_case: bool
    has_backs: bool
