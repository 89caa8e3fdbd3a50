"""Checked expressions to Python functions: plain, strict about nulls, and recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from relflow.feel import Checked, tree
from relflow.feel.tree import Node
from relflow.program import Code

if TYPE_CHECKING:
    from relflow.feel import Recording

__all__ = ["compile_code", "strict_tree"]

INPUT = "_input"


def compile_code(checked: Checked, *, strict: bool) -> Code:
    """The code of a checked expression; with `strict` also in the form that leaves nulls open."""
    assert checked.tree is not None
    reads = tuple(name for name in checked.reads if name != "?")
    if checked.input is not None:
        reads = (*reads, "?")
    call = _Later(checked, reads)
    closed = replace(checked, tree=strict_tree(checked.tree)) if strict else checked
    return Code(
        fragment=checked.fragment,
        checked=checked,
        closed=closed,
        reads=reads,
        call=call,
        strict=_Later(closed, reads) if closed.tree is not checked.tree else call,
        record=_Twin(checked, reads),
    )


class _Later:
    """A function of the instant and of one value for each name that is read, made when it is first called.

    Most expressions of a policy are never called by themselves: simple cells are looked up, and decisions are functions
    of their own.
    """

    __slots__ = ("_checked", "_function", "_reads")

    def __init__(self, checked: Checked, reads: tuple[str, ...]) -> None:
        self._checked = checked
        self._reads = reads
        self._function: Callable[..., Any] | None = None

    def __call__(self, *values: Any) -> Any:
        function = self._function
        if function is None:
            function = self._function = self._built()
        return function(*values)

    def _built(self) -> Callable[..., Any]:
        from relflow.feel import Emitter, Pool  # noqa: PLC0415 - who only checks a policy writes no code

        pool = Pool()
        names = {name: INPUT if name == "?" else f"v{index}" for index, name in enumerate(self._reads)}
        body = Emitter(pool, names).value(self._checked, INPUT if self._checked.input is not None else None)
        return pool.build("expression", ("_now", *names.values()), body)


class _Twin:
    """The recording twin, made when it is first asked for."""

    __slots__ = ("_checked", "_function", "_reads")

    def __init__(self, checked: Checked, reads: tuple[str, ...]) -> None:
        self._checked = checked
        self._reads = reads
        self._function: Callable[..., Recording] | None = None

    def __call__(self, now: Any, *values: Any) -> Recording:
        if self._function is None:
            from relflow.feel import recorder  # noqa: PLC0415 - as above

            self._function = recorder(self._checked)
        names = dict(zip(self._reads, values, strict=True))
        return self._function(names, now, names.get("?"))


def strict_tree(node: Node) -> Node:
    """The tree with null as the answer of every comparison with null that is not written as one.

    FEEL's `null = "a"` is false; where a fact may be missing that is not known, and `null = null` neither. A test that
    says `null` itself counts null as data and stays as it is.
    """
    changed: dict[str, Any] = {}
    for name in tree.parts_of(node.__class__):
        value = getattr(node, name)
        if isinstance(value, Node):
            new = strict_tree(value)
            if new is not value:
                changed[name] = new
        elif isinstance(value, tuple) and any(isinstance(item, Node) for item in value):
            parts = tuple(strict_tree(item) if isinstance(item, Node) else item for item in value)
            if any(one is not old for one, old in zip(parts, value, strict=True)):
                changed[name] = parts
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
