"""What the rules of single constructs ask of the checker that walks the tree."""

from __future__ import annotations

from typing import Protocol

from relflow.feel.scope import Site
from relflow.feel.tree import Node
from relflow.feel.types import Type

__all__ = ["Inference"]


class Inference(Site, Protocol):
    """The checker, as `operator_types` and `call_types` see it."""

    @property
    def types(self) -> dict[int, Type]:
        """The types inferred so far, by `id(node)`."""
        ...

    def found(self) -> int:
        """How many findings there are by now."""
        ...

    def text(self, node: Node) -> str:
        """A node as it is written."""
        ...
