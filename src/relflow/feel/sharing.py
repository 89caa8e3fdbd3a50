"""Parts of an expression that stand in it twice: computed once, where the first is sure to come first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from relflow.feel import tree
from relflow.feel.tree import Node

__all__ = ["shared_parts"]

_HIGHEST: Final = 12
"""Trees with more levels may be cut into several Python functions, which share no variables."""

_WORTH: Final = tree.Call, tree.Filter, tree.Path


def shared_parts(root: Node) -> dict[int, Node]:
    """For each part that repeats an earlier one: the earlier one, by `id` of the later. Both mean the same."""
    if _height(root) > _HIGHEST:
        return {}
    first: dict[Node, Node] = {}
    for node in _always(root):
        if isinstance(node, _WORTH):
            first.setdefault(node, node)
    return dict(_repeats(root, first, set())) if first else {}


def _height(root: Node) -> int:
    height, level = 0, [root]
    while level:
        level = [child for node in level for child in tree.children(node)]
        height += 1
    return height


def _always(node: Node) -> Iterator[Node]:
    """What is evaluated in any case, before everything that is not, in the order of evaluation."""
    match node:
        case tree.If(condition=first) | tree.And(left=first) | tree.Or(left=first):
            yield from _always(first)
        case tree.Comparison(left=first) | tree.Between(value=first):
            yield from _always(first)  # straight code leaves the other side out where this one is null
        case tree.Arithmetic() | tree.Negation() | tree.List() | tree.InstanceOf():
            for child in tree.children(node):
                yield from _always(child)
        case tree.Path(target=target) | tree.Filter(target=target):
            yield from _always(target)
            yield node
        case tree.Call(arguments=arguments):
            for argument in arguments:
                yield from _always(argument)
            yield node
        case _:
            return


def _repeats(node: Node, first: dict[Node, Node], passed: set[int]) -> Iterator[tuple[int, Node]]:
    """Later parts outside everything that brings names of its own, in the order of evaluation.

    `passed` are the ids of the first parts that were met: what stands before them cannot use them.
    """
    known = first.get(node) if isinstance(node, _WORTH) else None
    if known is not None and known is not node:
        if id(known) in passed:
            yield id(node), known
        return
    match node:
        case (
            tree.For() | tree.Quantified() | tree.Function() | tree.Context() | tree.Tests() | tree.Not() | tree.Form()
        ):
            return
        case tree.Filter(target=only) | tree.In(value=only):
            yield from _repeats(only, first, passed)
        case _:
            for child in tree.children(node):
                yield from _repeats(child, first, passed)
    if known is node:
        passed.add(id(node))
