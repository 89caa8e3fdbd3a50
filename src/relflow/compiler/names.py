"""Which names may not be used, and in which order names can be worked out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from relflow.diagnostics import Diagnostic, Fragment, Message, Severity
from relflow.feel.names import KEYWORDS
from relflow.model import Decision, Model, Value
from relflow.program import MAX_CHAIN, Node, in_order

__all__ = ["cycles", "ordered", "reserved", "too_deep", "words"]

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

TOO_DEEP = Message.of(
    "feel-bounds",
    Severity.ERROR,
    "`{name}` rests on a row of more than {limit} names, each on the one before",
    "`{name}` 依赖的名称一个接一个超过 {limit} 层",
    "join some of them in one decision or table",
    "把其中一些合并到一个判定或表格中",
)

_MOST_SHOWN = 12
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
    named = in_order(by_name, lambda name: sorted(words(fragments_of(by_name[name])) & by_name.keys()))
    return [by_name[name] for name in named]


def cycles(nodes: Mapping[str, Node]) -> Iterable[tuple[str, Diagnostic]]:
    """Every cycle of names, once, with the name at which it is shown."""
    done: set[str] = set()
    for start in nodes:
        path: dict[str, Iterator[str]] = {} if start in done else {start: iter(nodes[start].inputs)}
        while path:
            name = next(reversed(path))
            needed = next(path[name], None)
            if needed is None:
                del path[name]
                done.add(name)
            elif needed in path:
                loop = list(path)[list(path).index(needed) :]
                yield needed, CYCLE.at(nodes[needed].span, name=needed, path=_shown([*loop, needed]))
                done.update(loop)
            elif needed in nodes and needed not in done:
                path[needed] = iter(nodes[needed].inputs)


def _shown(loop: list[str]) -> str:
    """The names of a cycle, a long one without its middle."""
    return " → ".join(loop if len(loop) <= _MOST_SHOWN else [*loop[:3], "…", *loop[-2:]])


def too_deep(nodes: Mapping[str, Node]) -> Iterable[tuple[str, Diagnostic]]:
    """The names that rest on a longer row of others than deciding goes through; there are no cycles any more."""
    depth: dict[str, int] = {}
    for name in in_order(nodes, lambda one: [inner for inner in nodes[one].inputs if inner in nodes]):
        depth[name] = 1 + max((depth[inner] for inner in nodes[name].inputs if inner in nodes), default=0)
        if depth[name] > MAX_CHAIN:
            depth[name] = 0
            yield name, TOO_DEEP.at(nodes[name].span, name=name, limit=str(MAX_CHAIN))
