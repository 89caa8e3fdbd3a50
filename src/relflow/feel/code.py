"""Pieces of generated Python, and the names that the place of a piece may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any, Final, NamedTuple

from relflow.feel.types import ANY, RecordType, Type
from relflow.structs import dataclass

__all__ = ["DEEPEST", "NO_CONSTANT", "Code", "Frame", "piece", "same_object"]

DEEPEST: Final = 40
"""Brackets inside each other in one Python expression; CPython's parser stops at 200 and some helpers add several."""


NO_CONSTANT: Final = object()
"""Marks code whose value is only known at run time."""


class Code(NamedTuple):
    """A Python expression in brackets or atomic, the local names it reads, and how deep its brackets go."""

    text: str
    free: frozenset[str] = frozenset()
    depth: int = 0
    constant: Any = NO_CONSTANT


def piece(template: str, *parts: Code, free: Iterable[str] = (), levels: int = 1, bound: Iterable[str] = ()) -> Code:
    """Code from parts: `{}` in the template stands for each in turn; `bound` names are not free any more."""
    names = frozenset(free).union(*(part.free for part in parts)) - frozenset(bound)
    depth = max((part.depth for part in parts), default=0) + levels
    return Code(template.format(*(part.text for part in parts)), names, depth)


def same_object(code: Code, value: bool | None, sign: str = "is") -> Code:
    """`code is value`, decided now for a constant: Python warns of `5 is None`."""
    if code.constant is not NO_CONSTANT:
        return Code(repr((code.constant is value) is (sign == "is")))
    return piece(f"({{}} {sign} {value})", code)


@dataclass(frozen=True, slots=True)
class Frame:
    """Names of one scope: FEEL names with their Python source; or the fields of a filter's `item`.

    `serial` is unlike that of any other frame: code that was emitted in one frame has no meaning in another.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    item: str | None = None
    item_type: Type = ANY
    serial: object = field(default_factory=object)

    @property
    def certain(self) -> bool:
        """Whether the fields of the item are known before anything runs."""
        return isinstance(self.item_type, RecordType) and not self.item_type.open
