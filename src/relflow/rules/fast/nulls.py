"""Which names may be missing on the fast path: those whose every reader can tell what that means."""

from __future__ import annotations

from collections.abc import Iterable

from relflow.feel.tree import Name
from relflow.program import Code, Decision, Node, Table
from relflow.rules.fast.opens import keeps_open

__all__ = ["null_tolerant"]


def null_tolerant(nodes: Iterable[Node], name: str) -> bool:
    """Whether a missing value of the name leaves nothing open that straight code could not tell."""
    return all(_tolerates(node, name) for node in nodes if name in node.inputs)


def _tolerates(node: Node, name: str) -> bool:
    body = node.body if isinstance(node, Decision) else None
    if isinstance(body, Table):
        return all(_column(body, position, name) for position in range(len(body.columns)))
    return True


def _column(table: Table, position: int, name: str) -> bool:
    """A plain column of an ordinary table needs its value, unless its cells all speak of null themselves."""
    if table.no_match or keeps_open(table) or not _is(table.columns[position].code, name):
        return True
    cells = [row.cells[position] for row in table.rows]
    return all(cell.tests is None or (cell.region is not None and cell.region.null is not None) for cell in cells)


def _is(code: object, name: str) -> bool:
    return isinstance(code, Code) and isinstance(code.tree, Name) and code.tree.name == name
