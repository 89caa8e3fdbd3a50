"""Data given to a case, held against their declarations."""

from __future__ import annotations

from collections.abc import Mapping

from relflow.diagnostics import nearest
from relflow.program.conform import ConformError, conform
from relflow.program.workflows import Workflow
from relflow.text import Text
from relflow.workflow.phrases import phrase

__all__ = ["missing", "typed"]


def missing(value: object) -> bool:
    """Whether a value says nothing; false says something."""
    return value is None or value == "" or (isinstance(value, list | tuple) and not value)


def typed(workflow: Workflow, values: Mapping[str, object]) -> tuple[dict[str, object], dict[str, Text]]:
    """The values as the case keeps them, and for each one that does not fit its declaration why."""
    good: dict[str, object] = {}
    bad: dict[str, Text] = {}
    for name, value in values.items():
        datum = workflow.data.get(name)
        if name == "owner" and (value is None or isinstance(value, str)):
            good[name] = value
        elif datum is None:
            bad[name] = _unknown(workflow, name)
        else:
            try:
                good[name] = conform(value, datum.type)
            except ConformError as problem:
                bad[name] = problem.message
    return good, bad


def _unknown(workflow: Workflow, name: str) -> Text:
    near = nearest(name, workflow.data)
    if near:
        return phrase("it is not declared; did you mean `{near}`?", "没有声明；是否想写 `{near}`？", near=near)
    return phrase("it is not declared", "没有声明")
