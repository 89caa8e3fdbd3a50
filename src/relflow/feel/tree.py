"""The syntax tree: frozen nodes that know where they stood; places do not count in comparisons.

Each node has `start` and `end`, offsets into the text it was parsed from. All children are nodes or tuples of nodes,
so that every interpreter (generated Python, printer, explanation, SQL, solver) can walk the same tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, fields
from decimal import Decimal
from typing import Any
from typing import Literal as OneOf

from relflow.feel.types import Type
from relflow.structs import dataclass

__all__ = [
    "And",
    "Arithmetic",
    "AtLiteral",
    "Between",
    "Boolean",
    "Call",
    "Comparison",
    "Constant",
    "Context",
    "Dash",
    "Entry",
    "Filter",
    "For",
    "Form",
    "Function",
    "If",
    "In",
    "InstanceOf",
    "Invocation",
    "List",
    "Loop",
    "Name",
    "Negation",
    "Node",
    "Not",
    "Null",
    "Number",
    "Or",
    "Parameter",
    "Path",
    "Quantified",
    "Range",
    "String",
    "Test",
    "Tests",
    "children",
    "parts_of",
    "reads_input",
    "walk",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stood: offsets into the text."""

    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Node(Place):
    """One piece of an expression."""


# ---- literals


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number; `value` is exact."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class String(Node):
    """A text, escapes resolved."""

    value: str


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Null(Node):
    """`null`."""


@dataclass(frozen=True, slots=True)
class AtLiteral(Node):
    """`@"2026-01-01"`: a date, time, date and time or duration."""

    text: str


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A value that a higher room put into the tree, such as a parameter's; it has no text of its own."""

    value: Any
    type: Type


# ---- names and access


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name in scope; `?` is the input value of a unary test."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`target.name`."""

    target: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`target[condition]`: a position or a condition over `item`."""

    target: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A call of a named function (built-in, host's or a name in scope); `names` is empty for positional arguments."""

    function: str
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invocation(Node):
    """A call of a function that is itself an expression, such as `(function(x) x + 1)(2)`."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form(Node):
    """A call of a registered form as it was written, and the ordinary expression that it stands for."""

    call: Call
    expansion: Node = field(compare=False)


# ---- operators


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """Arithmetic minus before a value."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`+ - * / **`."""

    operator: OneOf["+", "-", "*", "/", "**"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`= != < <= > >=`."""

    operator: OneOf["=", "!=", "<", "<=", ">", ">="]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    """Ternary conjunction."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Ternary disjunction."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`, both included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in tests`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: Type


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then … else …`."""

    condition: Node
    then: Node
    otherwise: Node


# ---- collections and binders


@dataclass(frozen=True, slots=True)
class List(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry(Node):
    """One entry of a context."""

    key: str
    value: Node


@dataclass(frozen=True, slots=True)
class Context(Node):
    """`{key: value}`; an entry sees those before it."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Range(Node):
    """`[a..b]`, `(a..b]`, `< a` as a value; a side without an end is None."""

    low: Node | None
    high: Node | None
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class Loop(Node):
    """`name in source` or, with `high`, `name in source..high`."""

    name: str
    source: Node
    high: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for … return body`; the body sees the results so far as `partial`."""

    iterators: tuple[Loop, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some … satisfies …` or `every … satisfies …`."""

    kind: OneOf["some", "every"]
    iterators: tuple[Loop, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """A parameter of a function, with its type where one is stated."""

    name: str
    type: Type | None = None


@dataclass(frozen=True, slots=True)
class Function(Node):
    """`function(a, b) body`."""

    parameters: tuple[Parameter, ...]
    body: Node
    external: bool = False


# ---- unary tests


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A test against the input value: `< 5`, `= 5`, `!= 5`; an `In` or a cell holds it."""

    operator: OneOf["=", "!=", "<", "<=", ">", ">="]
    value: Node


@dataclass(frozen=True, slots=True)
class Dash(Node):
    """`-`: any value."""


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`not(tests)` in a cell."""

    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """A whole cell: the input value passes if any of the tests holds."""

    tests: tuple[Node, ...]


_SKIPPED = frozenset({"start", "end"})


_PARTS: dict[type[Node], tuple[str, ...]] = {}


def parts_of(kind: type[Node]) -> tuple[str, ...]:
    """The names of the fields of a kind of node, its place left out."""
    found = _PARTS.get(kind)
    if found is None:
        found = _PARTS[kind] = tuple(known.name for known in fields(kind) if known.name not in _SKIPPED)
    return found


def children(node: Node) -> Iterator[Node]:
    """The direct children, in the order of the text."""
    for name in parts_of(node.__class__):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(list(children(current))))


def reads_input(node: Node) -> bool:
    """Whether a test speaks of its input value by `?`; an `In` inside has an input of its own."""
    if isinstance(node, Name):
        return node.name == "?"
    if isinstance(node, In):
        return reads_input(node.value)
    return any(reads_input(child) for child in children(node))
