"""Checked expressions to Python functions: plain, strict about nulls, and recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from relflow.diagnostics import Field, Fragment, Message, Span
from relflow.feel import tree
from relflow.feel.checked import Checked
from relflow.feel.code import Frame
from relflow.feel.general import General
from relflow.feel.nulls import Recorder, recording
from relflow.feel.pool import Pool
from relflow.feel.tree import Node
from relflow.program import Code

__all__ = ["compile_code", "strict_tree"]

Found = tuple[Message, tuple[tuple[str, Field], ...], Span]


def compile_code(checked: Checked, *, strict: bool) -> Code:
    """The code of a checked expression; with `strict` also in the form that leaves nulls open."""
    node = checked.tree
    assert node is not None
    reads = _reads(checked)
    call = function(checked, node, reads)
    closed = strict_tree(node) if strict else node
    return Code(
        fragment=checked.fragment,
        tree=node,
        type=checked.type,
        reads=reads,
        reads_time=checked.reads_time,
        call=call,
        strict=function(checked, closed, reads) if closed is not node else call,
        record=_Twin(checked, node, reads),
    )


def _reads(checked: Checked) -> tuple[str, ...]:
    reads = tuple(name for name in checked.reads if name != "?")
    return (*reads, "?") if checked.input is not None else reads


def parameters(reads: tuple[str, ...]) -> dict[str, str]:
    """A Python name for each name that an expression reads."""
    return {name: "_input" if name == "?" else f"v{index}" for index, name in enumerate(reads)}


def function(checked: Checked, node: Node, reads: tuple[str, ...]) -> Callable[..., Any]:
    """A function of the instant and of one value for each name that is read."""
    pool = Pool()
    names = parameters(reads)
    input_ = "_input" if checked.input is not None else None
    emitter = General(pool, checked.scope, (Frame(names),), checked.types, input=input_)
    return define(pool, ("_now", *names.values()), emitter.value(node).text)


def define(pool: Pool, names: tuple[str, ...], body: str) -> Callable[..., Any]:
    """The function of these parameters that gives the value of `body`."""
    namespace = pool.namespace()
    source = f"def expression({', '.join(names)}):\n    return {body}\n"
    exec(compile(source, "<policy>", "exec"), namespace)  # noqa: S102 - the source holds only names that we made
    return namespace["expression"]  # type: ignore[no-any-return]


class _Twin:
    """The recording twin, made when it is first asked for: gives the value and why parts of it were null."""

    __slots__ = ("_checked", "_function", "_nodes", "_reads", "_tree")

    def __init__(self, checked: Checked, node: Node, reads: tuple[str, ...]) -> None:
        self._checked = checked
        self._tree = node
        self._reads = reads
        self._nodes: list[Node] = []
        self._function: Callable[..., Any] | None = None

    def __call__(self, now: Any, *values: Any) -> tuple[Any, list[Found]]:
        if self._function is None:
            self._function = self._build()
        recorder = Recorder()
        found: list[Found] = []

        def seen(number: int, value: Any) -> Any:
            reason = recorder.take()
            if value is None and reason is not None:
                found.append((reason.message, reason.fields, self._span(self._nodes[number])))
            return value

        with recording(recorder):
            return self._function(now, seen, *values), found

    def _build(self) -> Callable[..., Any]:
        self._nodes = list(tree.walk(self._tree))
        numbers = {id(node): number for number, node in enumerate(self._nodes)}
        pool = Pool()
        names = parameters(self._reads)
        checked = self._checked
        input_ = "_input" if checked.input is not None else None
        frames = (Frame(names),)
        emitter = General(pool, checked.scope, frames, checked.types, input=input_, recorded=numbers)
        return define(pool, ("_now", "_r", *names.values()), emitter.value(self._tree).text)

    def _span(self, node: Node) -> Span:
        fragment: Fragment = self._checked.fragment
        return fragment.at(node.start, node.end) if node.end > node.start else fragment.span


def strict_tree(node: Node) -> Node:
    """The tree with null as the answer of every comparison with null that is not written as one.

    FEEL's `null = "a"` is false; where a fact may be missing that is not known, and `null = null` neither. A test that
    says `null` itself counts null as data and stays as it is.
    """
    changed: dict[str, Any] = {}
    for known in fields(node):
        value = getattr(node, known.name)
        if isinstance(value, Node):
            changed[known.name] = strict_tree(value)
        elif isinstance(value, tuple) and any(isinstance(item, Node) for item in value):
            changed[known.name] = tuple(strict_tree(item) if isinstance(item, Node) else item for item in value)
    changed = {name: value for name, value in changed.items() if value is not getattr(node, name)}
    inner = replace(node, **changed) if changed else node
    match inner:
        case tree.Comparison(operator="=" | "!=", left=left, right=right):
            if isinstance(left, tree.Null) or isinstance(right, tree.Null):
                return inner
            return _open_if_null((left, right), inner)
        case tree.In(value=value, tests=tests) if not _says_null(tests):
            return _open_if_null((value,), inner)
        case tree.Tests(tests=tests) if not _says_null(tests) and not any(isinstance(t, tree.Dash) for t in tests):
            return _open_if_null((tree.Name("?"),), inner)
        case _:
            return inner


def _says_null(tests: tuple[Node, ...]) -> bool:
    return any(isinstance(part, tree.Null) for test in tests for part in tree.walk(test))


def _open_if_null(values: tuple[Node, ...], node: Node) -> Node:
    condition: Node | None = None
    for value in values:
        if isinstance(value, tree.Number | tree.String | tree.Boolean | tree.Constant | tree.AtLiteral):
            continue
        null = tree.Comparison("=", value, tree.Null())
        condition = null if condition is None else tree.Or(condition, null)
    return node if condition is None else tree.If(condition, tree.Null(), node, start=node.start, end=node.end)
