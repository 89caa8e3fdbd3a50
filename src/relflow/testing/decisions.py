"""Tests of decisions: tables of cases, and what follows from given facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from relflow.diagnostics import nearest
from relflow.errors import RelflowError
from relflow.feel.types import Type
from relflow.model import Content, Fields, Trial, Value
from relflow.policy import Policy
from relflow.program import Decision as DecisionNode
from relflow.program import Node, Scheme
from relflow.results import Decision
from relflow.testing.given import ProblemError, as_state, facts, instant, known_days, literal, unknown_fact
from relflow.testing.problems import differs, said, told
from relflow.text import Text
from relflow.values import equal

__all__ = ["run_findings", "run_given", "run_table"]


def run_table(trial: Trial, policy: Policy) -> Iterator[Text]:
    """Each row of the test's table decided; what does not come out as its right side says."""
    table, name = trial.table, trial.decide
    if table is None or name is None:
        return
    types = {node.id: node.type for node in policy.program.facts.values()}
    unknown = [unknown_fact(column, policy) for column in table.inputs if column.text not in types]
    if unknown:
        raise ProblemError(*unknown)
    base, asked = facts(trial.given, policy), _asked(trial, policy)
    for number, row in enumerate(table.rows, 1):
        given = dict(base)
        for column, cell in zip(table.inputs, row.inputs, strict=True):
            if cell.text.strip():
                given[column.text] = literal(Value.of(cell), types[column.text], policy)
        where = f"{row.span.source.name}:{row.span.line} ({number}): "
        answer = _answer(policy, name.text, given, asked)
        for output, wanted in zip(table.outputs, row.outputs, strict=True):
            yield from _compared(policy, answer, output.text, wanted, where)


def run_given(trial: Trial, policy: Policy) -> Iterator[Text]:
    """What follows from the facts given, name by name."""
    if not isinstance(trial.expect, Fields):
        return
    given, asked = facts(trial.given, policy), _asked(trial, policy)
    for key, wanted in trial.expect.entries:
        if key.text not in policy.program.nodes:
            near = nearest(key.text, policy.program.nodes)
            yield said(
                f"{key.span}: the policy has no `{key.text}`" + (f"; did you mean `{near}`?" if near else ""),
                f"{key.span}：制度中没有 `{key.text}`" + (f"；是否想写 `{near}`？" if near else ""),
            )
            continue
        yield from _compared(policy, _answer(policy, key.text, given, asked), key.text, wanted, f"{key.span}: ")


def _asked(trial: Trial, policy: Policy) -> dict[str, Any]:
    """As of when the test asks, from which levels, and since when its facts are known."""
    known = known_days(trial.known, policy)
    return {"at": instant(trial.today, policy), "state": as_state(trial.state, policy), "known": known or None}


def _answer(policy: Policy, name: str, given: Mapping[str, Any], asked: Mapping[str, Any]) -> Any:
    """The decision or, for a scheme, the level in force. Raises ProblemError where deciding is refused."""
    try:
        if isinstance(policy.program.nodes.get(name), Scheme):
            return policy.assign(name, given, **asked)
        return policy.decide(name, given, **asked)
    except RelflowError as error:
        raise ProblemError(told(error)) from None


def _compared(policy: Policy, answer: Any, output: str, wanted: Content, where: str) -> Iterator[Text]:
    decision: Decision = answer if isinstance(answer, Decision) else answer.decision
    value = answer.value if isinstance(answer, Decision) else answer.level
    node = policy.program.nodes[decision.name if isinstance(answer, Decision) else answer.scheme]
    type_ = _type_of(node, output)
    if isinstance(node, DecisionNode) and len(node.outputs) > 1 and isinstance(value, Mapping):
        value = value.get(output)
    unknown = answer.unknown
    if _says_unknown(wanted):
        if not unknown:
            yield differs(where, output, None, decision, value, wants_unknown=True)
        return
    expected = _expected(wanted, type_, policy)
    if unknown or equal(value, expected) is not True:
        yield differs(where, output, expected, decision, value)


def _type_of(node: Node, output: str) -> Type:
    if isinstance(node, DecisionNode):
        return dict(node.outputs).get(output, node.type)
    return node.type


def _expected(wanted: Content, type_: Type, policy: Policy) -> Any:
    try:
        return literal(wanted, type_, policy)
    except ProblemError as problem:
        raise ProblemError(*problem.problems) from None


def _says_unknown(wanted: Content) -> bool:
    return isinstance(wanted, Value) and not wanted.quoted and wanted.text.text.strip() == "unknown"


def run_findings(trial: Trial, diagnostics: tuple[Any, ...]) -> Iterator[Text]:
    """The findings that the test expects of the policy's check."""
    names = {diagnostic.name for diagnostic in diagnostics}
    for expected in trial.findings:
        if expected.text not in names:
            yield said(
                f"{expected.span}: the check does not find `{expected.text}`",
                f"{expected.span}：检查未发现 `{expected.text}`",
            )
