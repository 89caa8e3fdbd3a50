"""A YAML text as an editor's JSON Schema validator sees it: YAML 1.2 scalars, no dates."""

from __future__ import annotations

import re

import yaml

NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def instance(text: str) -> object:
    """The document as JSON values."""
    return plain(yaml.compose(text, Loader=yaml.SafeLoader))


def plain(node: yaml.Node | None) -> object:
    """A node as a JSON value."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    if node is None or (not node.style and node.value in ("", "~", "null", "Null", "NULL")):
        return None
    if not node.style and node.value in ("true", "false"):
        return node.value == "true"
    return float(node.value) if not node.style and NUMBER.fullmatch(node.value) else str(node.value)
