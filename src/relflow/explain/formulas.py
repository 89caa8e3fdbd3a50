"""An answer that an expression works out: the conditions that led to it, and the values that it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.explain.conditions import Subjects, condition_lines
from relflow.explain.explanation import Block, Line
from relflow.explain.showing import text_of
from relflow.feel import check_expression, tree
from relflow.results import Trace, TraceStep
from relflow.text import Text

__all__ = ["formula_blocks"]

_NOTHING = Text(())
_RESTS_ON = text_of("it rests on:", "所依据的数据：", "所依據的資料：")


def formula_blocks(step: TraceStep, trace: Trace, subjects: Subjects) -> tuple[Block, tuple[Block, ...]]:
    """For a condition its comparisons; for a choice the conditions up to the branch taken; then the values read."""
    if isinstance(step.value, bool):
        return Block(_NOTHING, condition_lines(step.text, subjects)), ()
    parsed = check_expression(step.text, subjects.scope).tree
    lines = tuple(_choices(parsed, step.text, subjects)) if parsed is not None else ()
    shown = {line.subject for line in lines}
    values = tuple(line for line in _values(step, trace, subjects) if line.subject not in shown)
    if not lines:
        return Block(_NOTHING, values), ()
    return Block(_NOTHING, lines), ((Block(_RESTS_ON, values),) if values else ())


def _choices(node: tree.Node, text: str, subjects: Subjects) -> Iterator[Line]:
    """The conditions of `if … then … else if …` as far as they were looked at."""
    while isinstance(node, tree.If):
        condition = text[node.condition.start : node.condition.end]
        yield from condition_lines(condition, subjects)
        node = node.then if subjects.evaluate(condition) is True else node.otherwise


def _values(step: TraceStep, trace: Trace, subjects: Subjects) -> Iterator[Line]:
    for name in step.reads:
        if trace.step(name) is not None:
            yield Line(subjects.label(name), subjects.shown(name, subjects.values.get(name)), _NOTHING, "")
