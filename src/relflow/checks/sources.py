"""`no-source`, `unknown-clause`, `outside-clause`: what names no clause, one that is not listed, one left outside.

Only policies that list their clauses are asked for sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from relflow.diagnostics import Diagnostic, Message, Severity, Span, nearest
from relflow.program import (
    Decision,
    Fact,
    Indicator,
    KeyNode,
    Node,
    Parameter,
    PlanRow,
    Program,
    Scheme,
    Table,
    TouchpointKind,
)
from relflow.text import Text

__all__ = ["check_sources"]

NO_SOURCE = Message.of(
    "no-source",
    Severity.HINT,
    "`{name}` names no clause of the manual",
    "`{name}` 未注明手册条款",
    "write `source:` and the clause's id",
    "填写 `source:` 和条款编号",
)
UNKNOWN_CLAUSE = Message.of(
    "unknown-clause",
    Severity.HINT,
    "`{name}` names the clause `{clause}`, which is not listed under `clauses`",
    "`{name}` 引用的条款 `{clause}` 未列在 `clauses` 中",
    "list it under `clauses:`, or correct the id",
    "列入 `clauses:`，或更正编号",
)
OUTSIDE = Message.of(
    "outside-clause",
    Severity.WARNING,
    "`{name}` carries the clause `{clause}`, which is marked as outside of this policy",
    "`{name}` 落实了条款 `{clause}`，而该条款标为不在本制度之内",
    "take `outside` from the clause, or another clause for `{name}`",
    "去掉该条款的 `outside`，或为 `{name}` 填写其他条款",
)
DID_YOU_MEAN = Text((("en", "did you mean `{near}`?"), ("zh", "是否想写 `{near}`？")))


def check_sources(program: Program) -> Iterator[Diagnostic]:
    """What has to name a clause (parameters, decisions, indicators, schemes), and every clause that anything names.

    A decision's rows speak for it.
    """
    if not program.clauses:
        return
    for node in program.nodes.values():
        sources = _sources(node)
        if isinstance(node, Parameter | Decision | Indicator | Scheme) and not sources:
            yield NO_SOURCE.at(node.span, name=node.id)
        if not (isinstance(node, Fact) and node.case):
            yield from _named(program, node.span, node.id, sources)
    for name, span, sources in _others(program):
        yield from _named(program, span, name, sources)


def _others(program: Program) -> Iterator[tuple[str, Span, tuple[str, ...]]]:
    """Everything else that may name clauses, with its place."""
    for section in (program.categories, program.roles, program.messages, program.channels):
        for part in section.values():
            yield part.id, part.span, part.source
    for cadence in program.cadences.values():
        yield cadence.id, cadence.span, cadence.source
        lines: tuple[PlanRow | KeyNode | TouchpointKind, ...] = (*cadence.rows, *cadence.key_nodes)
        for line in (*lines, *cadence.touchpoints.values()):
            yield cadence.id, line.span, line.source
    for duty in program.obligations.values():
        yield duty.id, duty.span, duty.source
    for kpi in program.kpis.values():
        yield kpi.id, kpi.span, kpi.source
        for streak in (*kpi.misses, *kpi.meets):
            yield kpi.id, streak.span, streak.source


def _named(program: Program, span: Span, name: str, sources: Iterable[str]) -> Iterator[Diagnostic]:
    for clause in sources:
        known = program.clauses.get(clause)
        if known is None:
            near = nearest(clause, program.clauses)
            help_ = DID_YOU_MEAN if near is not None else None
            yield UNKNOWN_CLAUSE.at(span, help=help_, name=name, clause=clause, near=near or "")
        elif known.outside is not None:
            yield OUTSIDE.at(span, name=name, clause=clause)


def _sources(node: Node) -> tuple[str, ...]:
    rows = node.body.rows if isinstance(node, Decision) and isinstance(node.body, Table) else ()
    found = [*node.source, *(clause for row in rows for clause in row.source)]
    return tuple(dict.fromkeys(found))
