"""Conditions that are settled before anybody looks at a value: what excludes itself, what leaves nothing out.

Only what is said of one and the same thing is laid together: comparisons with constants, ranges, lists of values. What
cannot be told is not claimed. This stands here and not among the checks, because the types of an expression's parts are
known only while it is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import reduce
from typing import Final, Literal

from relflow.compiler.cells import NOT_CONSTANT, Constants, region_of
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.feel import Checked, tree
from relflow.feel.printer import show
from relflow.feel.tree import Node
from relflow.feel.types import BOOLEAN, NumberType, StringType, Type
from relflow.program import Interval, Region

__all__ = ["settled"]

NEVER: Final = Message.of(
    "never-true",
    Severity.WARNING,
    "this is never true: no value of `{name}` satisfies all of it",
    "此条件永远不成立：`{name}` 取任何值都不能同时满足",
    "join the parts with `or`, or correct one of them",
    "改用 `or` 连接，或修改其中一部分",
)
ALWAYS: Final = Message.of(
    "always-true",
    Severity.WARNING,
    "this holds for every value of `{name}`",
    "无论 `{name}` 取何值，此条件都成立",
    "join the parts with `and`, or correct one of them; ask `{name} != null` for whether it is known",
    "改用 `and` 连接，或修改其中一部分；判断是否已知请写 `{name} != null`",
)
# a look at the text is quicker than one at the tree
_JOINED: Final = re.compile(r"\b(?:and|or)\b")
Operator = Literal["=", "!=", "<", "<=", ">", ">="]
_TURNED: Final[dict[Operator, Operator]] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_BOTH: Final = Region.of_values((True, False), True, True)
Claim = tuple[str, Type, Region]


def settled(checked: Checked, constant: Constants) -> Iterator[Diagnostic]:
    """Every `and` that can never be true and every `or` that always is; each at its place."""
    if checked.tree is None or not _JOINED.search(checked.fragment.text):
        return
    look = _Look(checked, constant)
    seen: set[int] = set()
    for node in tree.walk(checked.tree):
        if isinstance(node, tree.And | tree.Or) and id(node) not in seen:
            parts = list(_parts(node, type(node), seen))
            name = look.contradicted(parts) if isinstance(node, tree.And) else look.exhausted(parts)
            if name is not None:
                message = NEVER if isinstance(node, tree.And) else ALWAYS
                yield message.at(checked.fragment.at(node.start, node.end), name=name)


def _parts(node: Node, kind: type[Node], seen: set[int]) -> Iterator[Node]:
    """What a chain of `and`, or of `or`, joins."""
    if isinstance(node, tree.And | tree.Or) and isinstance(node, kind):
        seen.add(id(node))
        yield from _parts(node.left, kind, seen)
        yield from _parts(node.right, kind, seen)
    else:
        yield node


class _Look:
    """What the parts of one expression claim of the things that they speak of."""

    def __init__(self, checked: Checked, constant: Constants) -> None:
        self._types = checked.types
        self._constant = constant

    def contradicted(self, parts: list[Node]) -> str | None:
        """The thing that can have no value that satisfies all the parts."""
        return self._first(parts, _common, lambda region, type_: _nothing(_within(region, type_)))

    def exhausted(self, parts: list[Node]) -> str | None:
        """The thing of which every value satisfies some part."""
        # to list all the choices of a text is a way to ask whether it is known
        return self._first(parts, Region.union, lambda region, type_: _nothing(_rest(region, type_)))

    def _first(
        self, parts: list[Node], join: Callable[[Region, Region], Region], settles: Callable[[Region, Type], bool]
    ) -> str | None:
        claims: dict[str, list[Claim]] = {}
        for part in parts:
            claim = self._claim(part)
            if claim is not None:
                claims.setdefault(claim[0], []).append(claim)
        for name, found in claims.items():
            regions = [region for _, _, region in found]
            alike = len({region.ordered for region in regions}) == 1
            if len(found) > 1 and alike and settles(reduce(join, regions), found[0][1]):
                return name
        return None

    def _claim(self, node: Node) -> Claim | None:
        """What a part says of one thing: which, of what type, and which of its values are meant."""
        match node:
            case tree.Comparison():
                return self._compared(node)
            case tree.In():
                return self._tested(node.value, tree.Tests(node.tests, start=node.start, end=node.end))
            case tree.Between():
                ends = tree.Range(node.low, node.high, True, True, start=node.start, end=node.end)
                return self._tested(node.value, ends)
            case tree.Call(function="not", arguments=(inner,)):
                claim = self._claim(inner)
                return None if claim is None else (claim[0], claim[1], claim[2].complement())
            case tree.Or():
                return self._either(node)
            case tree.Name() if self._types.get(id(node)) == BOOLEAN:
                return node.name, BOOLEAN, Region.of_values((True,))
        return None

    def _compared(self, node: tree.Comparison) -> Claim | None:
        thing, value = node.left, node.right
        operator = node.operator
        if self._constant(thing) is not NOT_CONSTANT:
            thing, value = value, thing
            operator = _TURNED[operator]
        return self._tested(thing, tree.Test(operator, value, start=node.start, end=node.end))

    def _tested(self, thing: Node, test: Node) -> Claim | None:
        type_ = self._types.get(id(thing))
        if type_ is None or self._constant(thing) is not NOT_CONSTANT:
            return None
        region = region_of(test, type_, self._constant)
        return None if region is None else (show(thing), type_, region)

    def _either(self, node: tree.Or) -> Claim | None:
        """Alternatives that speak of one thing."""
        claims = [self._claim(part) for part in _parts(node, tree.Or, set())]
        found = [claim for claim in claims if claim is not None]
        if len(found) < len(claims) or len({(name, region.ordered) for name, _, region in found}) > 1:
            return None
        name, type_, _ = found[0]
        return name, type_, reduce(Region.union, [region for _, _, region in found])


def _common(one: Region, other: Region) -> Region:
    """What both accept."""
    return one.complement().union(other.complement()).complement()


def _rest(region: Region, type_: Type) -> Region:
    """What is left out."""
    return _within(region.complement(), type_) if type_ == BOOLEAN else region.complement()


def _nothing(region: Region) -> bool:
    """Whether no value is accepted, null neither."""
    missing = region.null is True or region.plain is True
    return not (region.intervals or region.values or region.negated or missing)


def _within(region: Region, type_: Type) -> Region:
    """The region among the values that the type has at all; null stays what it was."""
    if isinstance(type_, StringType) and type_.allowed is not None:
        return _common(region, Region.of_values(type_.allowed, True, True))
    if isinstance(type_, NumberType):
        possible = Interval(type_.minimum, type_.maximum, True, True)
        return _common(region, Region.of_intervals((possible,), True, True))
    return _common(region, _BOTH) if type_ == BOOLEAN else region
