"""A file's content without its layout: the same for the same policy, and readable again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256

from relflow.reader.cells import bare, is_ruler
from relflow.reader.compose import MappingNode, Node, ScalarNode, SequenceNode
from relflow.reader.reading import is_empty

__all__ = ["canonical", "digest"]

_TABLES = frozenset({"table", "plan"})


def canonical(root: Node | None) -> str:
    """The document as one line of JSON, which is YAML: aliases written out, blanks of tables evened out."""
    return json.dumps(_plain(root, ""), ensure_ascii=False, separators=(",", ":"))


def digest(parts: Iterable[str]) -> str:
    """The hash of several canonical texts, in their order."""
    whole = sha256()
    for part in parts:
        data = part.encode()
        whole.update(f"{len(data)}:".encode())
        whole.update(data)
    return whole.hexdigest()


def _plain(node: Node | None, key: str) -> object:
    if node is None or is_empty(node):
        return None
    if isinstance(node, SequenceNode):
        return [_plain(item, "") for item in node.value]
    if isinstance(node, MappingNode):
        return {name.value: _plain(value, name.value) for name, value in node.value if isinstance(name, ScalarNode)}
    assert isinstance(node, ScalarNode)
    if key in _TABLES and node.style == "|":
        return _table(node.value)
    return str(node.value)


def _table(text: str) -> str:
    """The lines of a table with single blanks, without the ruler."""
    kept = [line for line in text.split("\n") if line.strip()]
    if len(kept) > 1 and is_ruler(kept[1]):
        del kept[1]
    return "\n".join(bare(line) for line in kept)
