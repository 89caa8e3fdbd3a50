"""A condition taken apart: each comparison with the value seen, what it asks for, and whether it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from relflow.errors import FeelError
from relflow.explain.explanation import Line
from relflow.explain.gaps import gap
from relflow.explain.phrases import constant, either, phrase
from relflow.explain.showing import HIDDEN, MISSING, both, show, text_of
from relflow.feel import ANY, Scope, check_expression, check_tests, parse, tree
from relflow.text import Text

__all__ = ["Subjects", "cell_line", "condition_lines"]

_OPEN = Scope(open=True)
_WORD = re.compile(r"[^\W\d]\w*")
_HOLDS = text_of("has to hold", "须成立", "須成立")


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the names of a trace stand for: values, labels, which values may not be shown; the scope, the instant.

    `choices` are what people call the values of a name.
    """

    values: Mapping[str, object]
    labels: Mapping[str, Text]
    hidden: frozenset[str] = frozenset()
    scope: Scope = field(default_factory=lambda: _OPEN)
    now: date | None = None
    choices: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)

    def label(self, name: str) -> Text:
        """What people call it."""
        return self.labels.get(name) or both(name)

    def shown(self, name: str, value: object) -> Text:
        """A value for people, or that it is not to be seen; `name` may be an expression over a hidden one."""
        if value is None:
            return MISSING
        return HIDDEN if self.hides(name) else show(value, self.names(name))

    def names(self, name: str) -> Mapping[str, Text]:
        """What people call the values of a name."""
        return self.choices.get(name, {})

    def hides(self, text: str) -> bool:
        """Whether a name or expression reads something personal."""
        return not self.hidden.isdisjoint(_WORD.findall(text))

    def gives_away(self, value: object) -> bool:
        """Whether an answer is a hidden value itself, or a text with one in it."""
        for name in self.hidden:
            known = self.values.get(name)
            if known is None or isinstance(known, bool):
                continue
            if known == value or (isinstance(known, str) and isinstance(value, str) and known and known in value):
                return True
        return False

    def evaluate(self, text: str) -> Any:
        """The value of a piece of an expression; None where it cannot stand alone."""
        try:
            return parse(text, self.scope).evaluate(self.values, now=self.now)
        except FeelError:
            return None


def cell_line(column: str, test: str, value: object, holds: bool | None, subjects: Subjects) -> Line:
    """A cell of a table as a line."""
    parsed = check_tests(test, _OPEN, ANY).tree
    if parsed is not None:
        parsed = _settled(parsed, test, subjects, frozenset(subjects.names(column)))
    demand = phrase(parsed, test, subjects.names(column)) if parsed is not None else both(test)
    distance = gap(parsed, value) if parsed is not None and holds is False and not subjects.hides(column) else None
    return Line(subjects.label(column), subjects.shown(column, value), demand, _result(holds), distance)


def condition_lines(text: str, subjects: Subjects, *, wanted: bool = True) -> tuple[Line, ...]:
    """The comparisons that a condition is made of; with `wanted` false those that keep it from holding come alone."""
    parsed = check_expression(text, subjects.scope).tree
    if parsed is None:
        return ()
    leaves = list(_leaves(parsed))
    compared = {_about(leaf) for leaf in leaves if _presence(leaf) is None}
    # whether it is there goes without saying where its value is asked for too
    lines = (_leaf(leaf, text, subjects) for leaf in leaves if (_presence(leaf) or "") not in compared)
    return tuple(line for line in lines if wanted or line.result != "yes")


def _leaves(node: tree.Node) -> Iterator[tree.Node]:
    """The conjuncts; a disjunction stays one, since no part of it is needed by itself."""
    if isinstance(node, tree.And):
        yield from _leaves(node.left)
        yield from _leaves(node.right)
    else:
        yield node


def _presence(node: tree.Node) -> str | None:
    """The name of which a condition only asks that it is there."""
    match node:
        case tree.Comparison(operator="!=", left=tree.Name(name=name), right=tree.Null()):
            return name
    return None


def _about(node: tree.Node) -> str | None:
    """The name whose value a condition asks for."""
    match node:
        case tree.Name(name=name) | tree.Comparison(left=tree.Name(name=name)):
            return name
    return None


def _leaf(node: tree.Node, text: str, subjects: Subjects) -> Line:
    written = text[node.start : node.end]
    holds = subjects.evaluate(written)
    verdict = holds if isinstance(holds, bool) else None
    tests = _tests(node, text, subjects)
    if tests is not None:
        name, demanded = tests
        value = subjects.values.get(name)
        if verdict is False and value is None and not any(isinstance(test.value, tree.Null) for test in demanded):
            verdict = None  # a missing fact meets no demand, and nobody can say that it fails it
        distance = gap(demanded[-1], value) if verdict is False and not subjects.hides(name) else None
        demand = either([phrase(test, text, subjects.names(name)) for test in demanded])
        return Line(subjects.label(name), subjects.shown(name, value), demand, _result(verdict), distance)
    match node:
        case tree.Name(name=name):
            value = subjects.values.get(name)
            return Line(subjects.label(name), subjects.shown(name, value), _HOLDS, _result(verdict))
    shown = HIDDEN if subjects.hides(written) else show(holds)
    return Line(both(written), shown, _HOLDS, _result(verdict))


def _tests(node: tree.Node, text: str, subjects: Subjects) -> tuple[str, list[tree.Test]] | None:
    """A name and the tests of which one has to hold; None where a condition is about more than one name."""
    match node:
        case tree.Or(left=left, right=right):
            first, second = _tests(left, text, subjects), _tests(right, text, subjects)
            if first is None or second is None or first[0] != second[0]:
                return None
            return first[0], first[1] + second[1]
        case tree.Comparison(operator=operator, left=tree.Name(name=name), right=right):
            return name, [tree.Test(operator, _known(right, text, subjects))]
    return None


def _settled(node: tree.Node, text: str, subjects: Subjects, texts: frozenset[str]) -> tree.Node:
    """A cell with its thresholds worked out: `>= key_from` as the figure that it was; `texts` are bare words."""

    def settle(bound: tree.Node) -> tree.Node:
        word = isinstance(bound, tree.Name) and (bound.name in texts or bound.name == "?")
        return bound if word else _known(bound, text, subjects)

    match node:
        case tree.Tests(tests=tests):
            return replace(node, tests=tuple(_settled(test, text, subjects, texts) for test in tests))
        case tree.Test(value=value):
            return replace(node, value=settle(value))
        case tree.Range(low=low, high=high):
            return replace(node, low=low and settle(low), high=high and settle(high))
    return node


def _known(node: tree.Node, text: str, subjects: Subjects) -> tree.Node:
    """The threshold worked out, where it is more than a literal: `today() - months(12)` as the day that it is."""
    if constant(node) is not None and not isinstance(node, tree.Name):
        return node
    written = text[node.start : node.end]
    value = None if subjects.hides(written) else subjects.evaluate(written)
    return node if value is None else tree.Constant(value, ANY, start=node.start, end=node.end)


def _result(holds: bool | None) -> Literal["yes", "no", "open"]:
    return "open" if holds is None else "yes" if holds else "no"
