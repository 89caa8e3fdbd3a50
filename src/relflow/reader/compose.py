"""YAML text to nodes, within bounds: the one place that meets the YAML package."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

__all__ = [
    "MAX_DEPTH",
    "MAX_NODES",
    "CollectionNode",
    "MappingNode",
    "Node",
    "ScalarNode",
    "SequenceNode",
    "TooDeepError",
    "TooManyError",
    "YamlProblem",
    "compose",
    "uncollected",
]

MAX_DEPTH = 40
MAX_NODES = 250_000
_LARGE = 50_000


class TooDeepError(Exception):
    """Collections are nested deeper than `MAX_DEPTH`; `line` and `column` count from 0."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column)
        self.line = line
        self.column = column


class TooManyError(Exception):
    """There are more than `MAX_NODES` nodes."""


class YamlProblem(Exception):  # noqa: N818  # what the parser says, not yet what the user is told
    """Why the text is not YAML, in the parser's words; places are (line, column, index) from 0."""

    def __init__(
        self, problem: str, context: str, at: tuple[int, int, int] | None, since: tuple[int, int, int] | None
    ) -> None:
        super().__init__(problem, context, at, since)
        self.problem = problem
        self.context = context
        self.at = at
        self.since = since


def _bounded(base: type[Any]) -> type[Any]:
    """A loader that composes only: it counts what it builds and gives no types, so that an explicit tag stands out."""

    class Bounded(base):  # type: ignore[misc]
        """`base` with bounds."""

        depth = 0
        count = 0

        def descend_resolver(self, parent: Node | None, _index: object) -> None:
            """Called before each node, by both loaders."""
            self.depth += 1
            self.count += 1
            if self.depth > MAX_DEPTH:
                mark = parent.start_mark if parent is not None else None
                raise TooDeepError(mark.line if mark else 0, mark.column if mark else 0)
            if self.count > MAX_NODES:
                raise TooManyError

        def ascend_resolver(self) -> None:
            """Called after each node."""
            self.depth -= 1

        def resolve(self, _kind: object, value: object, implicit: object) -> str:
            """No types; only a plain `<<` is told apart."""
            return "<<" if value == "<<" and isinstance(implicit, tuple) and implicit[0] else ""

    return Bounded


_LOADER = _bounded(getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def compose(text: str) -> Node | None:
    """The root node of a document, None if it is empty.

    Raises YamlProblem, TooDeepError or TooManyError. A node's `tag` is empty unless the text has one; `<<` as a key
    has the tag `<<`.
    """
    try:
        node: Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        raise YamlProblem(
            error.problem or "", error.context or "", _mark(error.problem_mark), _mark(error.context_mark)
        ) from None
    except yaml.YAMLError as error:
        raise YamlProblem(str(error), "", None, None) from None
    return node


def _mark(mark: Any) -> tuple[int, int, int] | None:
    return (mark.line, mark.column, mark.index) if mark is not None else None


@contextmanager
def uncollected(text: str) -> Iterator[None]:
    """Pause garbage collection while a large text is read.

    Thousands of new nodes, none of them garbage, make collecting cost more than the reading itself.
    """
    pause = len(text) > _LARGE and gc.isenabled()
    if pause:
        gc.disable()
    try:
        yield
    finally:
        if pause:
            gc.enable()
