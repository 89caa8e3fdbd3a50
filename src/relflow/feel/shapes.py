"""What is known of a tree's value while it is still being read: the names that its records have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from relflow.feel import tree
from relflow.feel.names import Layer, words
from relflow.feel.tree import Node
from relflow.feel.types import ANY, ListType, RangeType, RecordType, Type

__all__ = ["Several", "Shapes"]

Several = dict[str, list[tuple[tuple[str, ...], str]]]

_PROPERTIES: Final = ("time offset", "start included", "end included")
_LEVELS: Final = 20


class Shapes:
    """Types of trees as far as records and lists go; `built_ins` are the functions whose names have several words."""

    def __init__(self, layer: Callable[[], Layer], built_ins: Several, known: Callable[[], Several]) -> None:
        self._layer = layer
        self.built_ins = built_ins
        self._declared = known
        self._written: list[str] = []

    def remember(self, name: str) -> None:
        """A key of some record; after a dot it is recognised wherever nothing better is known."""
        if len(words(name)) > 1:
            self._written.append(name)

    def _known(self) -> Several:
        """The names of several words that records have somewhere, by their first word."""
        known = {first: list(names) for first, names in self._declared().items()}
        for name in (*_PROPERTIES, *self._written):
            known.setdefault(words(name)[0], []).append((words(name), name))
        return known

    def fields(self, target: Node) -> Several:
        """The names of several words that may follow `target.`."""
        own = self.names(self.item(target))
        return (Layer.of(own).several if own else {}) or self._known()

    def names(self, type_: Type) -> Mapping[str, Type]:
        """The fields of a record, nothing for other types."""
        return dict(type_.fields) if isinstance(type_, RecordType) else {}

    def item(self, node: Node) -> Type:
        """The type of the items of a list; a single value is a list of itself."""
        type_ = self.of(node)
        return type_.item if isinstance(type_, ListType | RangeType) else type_

    def of(self, node: Node, levels: int = _LEVELS) -> Type:
        """The type of a tree where it is plain to see, else Any."""
        if not levels:
            return ANY
        match node:
            case tree.Name(name=name):
                return self._layer().find(name) or ANY
            case tree.Path(target=target, name=name):
                return self._path(self.of(target, levels - 1), name)
            case tree.Filter(target=target):
                type_ = self.of(target, levels - 1)
                return type_ if isinstance(type_, ListType) else ListType(type_)
            case tree.Context(entries=entries):
                return RecordType(tuple((e.key, self.of(e.value, levels - 1)) for e in entries), open=True)
            case tree.List(items=items):
                return ListType(self.of(items[0], levels - 1) if items else ANY)
            case tree.If(then=then):
                return self.of(then, levels - 1)
            case _:
                return ANY

    def _path(self, type_: Type, name: str) -> Type:
        if isinstance(type_, RecordType):
            return type_.field(name) or ANY
        if isinstance(type_, ListType) and isinstance(type_.item, RecordType):
            return ListType(type_.item.field(name) or ANY)
        return ANY
