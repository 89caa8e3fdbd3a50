"""From text and names to a tree: whole expressions, cells of unary tests, and the texts of ranges."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from relflow.diagnostics import Fragment
from relflow.feel import tree
from relflow.feel.builtins import BUILTINS
from relflow.feel.lexer import NotFeelError
from relflow.feel.names import Layer
from relflow.feel.parser import Parser
from relflow.feel.scope import OUTER, Scope
from relflow.feel.shapes import Several, Shapes
from relflow.feel.tree import Node
from relflow.feel.types import STRING, ListType, RangeType, RecordType, Type
from relflow.feel.unary import UnaryParser

__all__ = ["parse_cell", "parse_range", "parse_whole"]

_LEVELS: Final = 8
_HOLDERS: Final = (ListType, RangeType, RecordType)
_ENDPOINTS: Final = (tree.Number, tree.String, tree.AtLiteral, tree.Negation, tree.Call)


def parse_whole(fragment: Fragment, scope: Scope) -> Node:
    """The tree of an expression over the names of a scope. Raises NotFeelError."""
    return _parser(Parser, fragment, scope).whole()


def parse_cell(fragment: Fragment, scope: Scope, words: Iterable[str] = ()) -> Node:
    """The tree of a cell; `words` are texts that may stand bare in it. Raises NotFeelError."""
    return _parser(UnaryParser, fragment, scope, words).whole()


def parse_range(text: str) -> tree.Range | None:
    """The range that a text spells with literal ends, `[1..10)`, or None (DMN 1.5, table 78, `range`)."""
    try:
        node = _parser(Parser, Fragment.of(text), Scope()).whole()
    except NotFeelError:
        return None
    if not isinstance(node, tree.Range):
        return None
    ends = [end for end in (node.low, node.high) if end is not None]
    return node if all(isinstance(end, _ENDPOINTS) for end in ends) else None


def _parser(kind: type[Parser], fragment: Fragment, scope: Scope, words: Iterable[str] = ()) -> Parser:
    layer = _layer(scope)
    if words:
        layer = Layer.of(dict.fromkeys(words, STRING), layer)
    parser: Parser
    shapes = Shapes(lambda: parser.layer, _built_in_names(), lambda: _known(scope))
    parser = kind(fragment, layer, shapes)
    return parser


def _layer(scope: Scope) -> Layer:
    """The names of a scope, prepared once for all parsers of it and of the scopes within it."""
    layer: Layer | None = scope.memory.get("layer")
    if layer is None:
        outer, names = scope.memory.get(OUTER, (None, scope.names))
        layer = Layer.of(names, None if outer is None else _layer(outer))
        if outer is None:
            layer.index(scope.functions)
        scope.memory["layer"] = layer
    return layer


def _known(scope: Scope) -> Several:
    """The names of several words inside the records of a scope, found once as well."""
    known: Several | None = scope.memory.get("known")
    if known is None:
        outer, names = scope.memory.get(OUTER, (None, scope.names))
        found = Layer({})
        if outer is not None and not any(isinstance(outer.names.get(name), _HOLDERS) for name in names):
            found.several = {first: list(inside) for first, inside in _known(outer).items()}
        else:
            names = scope.names
        found.index(_fields_within([type_ for type_ in names.values() if isinstance(type_, _HOLDERS)]))
        known = scope.memory["known"] = found.several
    return known


@lru_cache(maxsize=1)
def _built_in_names() -> Several:
    layer = Layer({})
    layer.index(BUILTINS)
    return layer.several


def _fields_within(types: list[Type]) -> list[str]:
    """The field names anywhere in the types, so many levels deep; a type that recurs counts once."""
    found: list[str] = []
    seen: set[int] = set()
    for _ in range(_LEVELS):
        deeper: list[Type] = []
        for one in types:
            inner = one
            while isinstance(inner, ListType | RangeType):
                inner = inner.item
            if isinstance(inner, RecordType) and id(inner) not in seen:
                seen.add(id(inner))
                found += [name for name, _ in inner.fields]
                deeper += [field for _, field in inner.fields]
        types = deeper
    return found
