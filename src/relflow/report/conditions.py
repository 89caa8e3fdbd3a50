"""Conditions on paper: as a sentence where every name in them has a label, else as the formula."""

from __future__ import annotations

from collections.abc import Mapping

from relflow.explain.sentences import Called, sentence
from relflow.feel import tree
from relflow.program import Code, Program
from relflow.program.workflows import Formula, Workflow
from relflow.report.html import Markup, tag
from relflow.text import Text

__all__ = ["alternatives", "condition", "guard"]

_STATE = Text((("en", "State"), ("zh", "状态"), ("zh_TW", "狀態")))


def condition(program: Program, code: Code, lang: str) -> str | Markup:
    """A condition of the policy."""
    return _shown(code, _called(program), lang)


def alternatives(program: Program, code: Code, lang: str) -> list[tuple[str, str]] | None:
    """The answers of an `if … then … else …`, each with its condition, the last without; None where it is none."""
    found: list[tuple[str, str]] = []
    node = code.tree
    while isinstance(node, tree.If):
        said = sentence(node.condition, code.text, _called(program))
        answer = _answer(node.then)
        if said is None or answer is None:
            return None
        found.append((answer, said.text(lang)))
        node = node.otherwise
    last = _answer(node)
    return [*found, (last, "")] if found and last is not None else None


def _answer(node: tree.Node) -> str | None:
    """A text that an expression answers with, as its author wrote it."""
    return node.value if isinstance(node, tree.String) else None


def guard(workflow: Workflow, formula: Formula, lang: str) -> str | Markup:
    """A condition of a workflow, over the case's data and what the workflow expects of its policy."""

    def label(name: str) -> Text | None:
        if name == "state":
            return _STATE
        declared = workflow.data.get(name) or workflow.expects.get(name)
        return declared.label if declared is not None else None

    def values(name: str) -> Mapping[str, Text]:
        if name == "state":
            return {state.id: state.label for state in workflow.states.values()}
        if name in workflow.data:
            return workflow.data[name].labels
        return _values(workflow.program, name) if workflow.program is not None else {}

    return _shown(formula, Called(label, values), lang)


def _called(program: Program) -> Called:
    def label(name: str) -> Text | None:
        node = program.nodes.get(name)
        return node.label if node is not None else None

    def values(name: str) -> Mapping[str, Text]:
        return _values(program, name)

    return Called(label, values)


def _values(program: Program, name: str) -> Mapping[str, Text]:
    """What people call the values of a node: its own labels, or those of the scheme that it is a level of."""
    node = program.nodes.get(name)
    own: Mapping[str, Text] = getattr(node, "labels", None) or {}
    scheme = program.schemes.get(getattr(node.type, "scheme", None) or "") if node is not None else None
    return {**(scheme.labels if scheme is not None else {}), **own}


def _shown(formula: Formula, called: Called, lang: str) -> str | Markup:
    said = sentence(formula.tree, formula.text, called) if isinstance(formula, Code) else None
    return said.text(lang) if said is not None else tag("code", formula.text)
