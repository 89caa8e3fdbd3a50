"""Workflows that the policy no longer has: a case that began under one runs on under it."""

from __future__ import annotations

from dataclasses import replace

from relflow.compiler import compile_model
from relflow.diagnostics import Severity
from relflow.errors import PolicyError
from relflow.policy.facade import Policy
from relflow.policy.offers import offered_functions
from relflow.program.workflows import Workflow

__all__ = ["compile_definition"]


def compile_definition(policy: Policy, source: str, name: str = "<definition>") -> Workflow:
    """A workflow from its canonical source, bound to the policy of today: its decisions, targets and calendar.

    `source` is what a store kept of the definition. Raises PolicyError with the findings where the policy no longer
    has what that workflow expects, or where the source is not that of a workflow.
    """
    from relflow.reader import read_text  # noqa: PLC0415 - YAML is loaded where it is used

    model, found = read_text(source, name)
    if model is None or len(model.workflows) != 1:
        raise PolicyError(found)
    old = model.workflows[0]
    others = tuple(one for one in policy.model.workflows if one.name != old.name)
    program, more = compile_model(replace(policy.model, workflows=(*others, old)), offered_functions(policy.plugins))
    wrong = [one for one in (*found, *more) if one.severity is Severity.ERROR]
    if wrong:
        raise PolicyError(wrong)
    made: Workflow = program.workflows[old.name]
    return made
