"""`no-source`, `unknown-clause`: what names no clause of the manual, and clauses that the policy does not list.

Only policies that list their clauses are asked for sources.
"""

from __future__ import annotations

from collections.abc import Iterator

from relflow.diagnostics import Diagnostic, Message, Severity, nearest
from relflow.program import Decision, Indicator, Node, Parameter, Program, Scheme, Table
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
DID_YOU_MEAN = Text((("en", "did you mean `{near}`?"), ("zh", "是否想写 `{near}`？")))


def check_sources(program: Program) -> Iterator[Diagnostic]:
    """Parameters, decisions, indicators and schemes; a decision's rows speak for it."""
    if not program.clauses:
        return
    for node in program.nodes.values():
        if not isinstance(node, Parameter | Decision | Indicator | Scheme):
            continue
        sources = _sources(node)
        if not sources:
            yield NO_SOURCE.at(node.span, name=node.id)
        for clause in sources:
            if clause not in program.clauses:
                near = nearest(clause, program.clauses)
                help_ = DID_YOU_MEAN if near is not None else None
                yield UNKNOWN_CLAUSE.at(node.span, help=help_, name=node.id, clause=clause, near=near or "")


def _sources(node: Node) -> tuple[str, ...]:
    rows = node.body.rows if isinstance(node, Decision) and isinstance(node.body, Table) else ()
    found = [*node.source, *(clause for row in rows for clause in row.source)]
    return tuple(dict.fromkeys(found))
