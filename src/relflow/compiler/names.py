"""Which names may not be used, and in which order names can be worked out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from relflow.diagnostics import Diagnostic, Fragment, Message, Severity
from relflow.feel.names import KEYWORDS
from relflow.model import Decision, Model, Value
from relflow.program import Node

__all__ = ["cycles", "ordered", "reserved", "words"]

RESERVED = Message.of(
    "reserved-word",
    Severity.ERROR,
    "`{name}` is a word of the expression language and cannot be a name",
    "`{name}` 是表达式语言的保留字，不能用作名称",
    "choose another name, e.g. `the_{name}`",
    "换一个名称，例如 `the_{name}`",
)
CYCLE = Message.of(
    "cycle",
    Severity.ERROR,
    "`{name}` depends on itself: {path}",
    "`{name}` 依赖于自身：{path}",
    "let one of them read facts only",
    "让其中一个只读取数据项",
)

_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"')
_WORD = re.compile(r"[^\W\d]\w*")


def reserved(model: Model) -> Iterable[Diagnostic]:
    """Names that the language keeps for itself."""
    sections = (model.facts, model.parameters, model.decisions, model.indicators, model.schemes)
    for element in (element for section in sections for element in section):
        if element.name in KEYWORDS:
            yield RESERVED.at(element.id.span, name=element.name)


def words(fragments: Iterable[Fragment]) -> set[str]:
    """Every word in these expressions that stands outside of quotes."""
    return {word for fragment in fragments for word in _WORD.findall(_TEXTS.sub(" ", fragment.text))}


def fragments_of(decision: Decision) -> Iterable[Fragment]:
    """Every expression of a decision."""
    if decision.expression is not None:
        yield decision.expression
    if decision.table is not None:
        yield from decision.table.inputs
        for row in decision.table.rows:
            yield from row.inputs
            yield from (output.text for output in row.outputs if output.formula)
    if decision.scorecard is not None:
        for line in decision.scorecard.criteria:
            yield from (text for text in (line.when, line.expression) if text is not None)
            yield from (band.test for band in line.bands)
            values = (line.points, line.weight, *(band.points for band in line.bands))
            yield from (value.text for value in values if isinstance(value, Value) and value.formula)


def ordered(decisions: tuple[Decision, ...]) -> list[Decision]:
    """The decisions, each behind those whose names occur in it, as far as there is such an order."""
    by_name = {decision.name: decision for decision in decisions}
    order: dict[str, Decision] = {}
    open_: set[str] = set()

    def visit(name: str) -> None:
        if name in order or name in open_:
            return
        open_.add(name)
        for word in sorted(words(fragments_of(by_name[name])) & by_name.keys()):
            visit(word)
        order[name] = by_name[name]

    for name in by_name:
        visit(name)
    return list(order.values())


def cycles(nodes: Mapping[str, Node]) -> Iterable[tuple[str, Diagnostic]]:
    """Every cycle of names, once, with the name at which it is shown."""
    done: set[str] = set()
    for start in nodes:
        path: list[str] = []
        yield from _walk(nodes, start, path, done)


def _walk(nodes: Mapping[str, Node], name: str, path: list[str], done: set[str]) -> Iterable[tuple[str, Diagnostic]]:
    if name in path:
        loop = path[path.index(name) :]
        shown = " → ".join([*loop, name])
        yield name, CYCLE.at(nodes[name].span, name=name, path=shown)
        done.update(loop)
        return
    if name in done or name not in nodes:
        return
    path.append(name)
    for needed in nodes[name].inputs:
        yield from _walk(nodes, needed, path, done)
    path.pop()
    done.add(name)
