"""`violated-always`: a path into a state on which data that must be there may be missing."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.paths import Arrow, Paths, arrows, shown, sound
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.feel import tree
from relflow.program import Code, Program
from relflow.program.workflows import Always, Constant, Formula, Workflow

__all__ = ["check_always"]

VIOLATED = Message.of(
    "violated-always",
    Severity.ERROR,
    "a case of `{workflow}` can stand in `{state}` without `{datum}`: {path}",
    "`{workflow}` 的工单可以在没有 `{datum}` 的情况下处于 `{state}`：{path}",
    "ask for it on the way (`needs: [{datum}]`)",
    "在途中要求填写（`needs: [{datum}]`）",
)
_Place = tuple[str, frozenset[str]]


def check_always(program: Program) -> Iterator[Diagnostic]:
    """Every datum of an `always` that some path leaves open; one finding each."""
    for workflow in sound(program):
        paths = _paths(workflow)
        for rule in workflow.always:
            for datum in rule.needs:
                path = _broken(paths, rule, datum)
                if path is not None:
                    state = path[-1].target if path else workflow.initial
                    yield VIOLATED.at(
                        rule.span, workflow=workflow.id, state=state, datum=datum, path=shown(workflow, path)
                    )


def _broken(paths: Paths[_Place], rule: Always, datum: str) -> tuple[Arrow, ...] | None:
    """The shortest path into one of the rule's states on which the datum may have no value."""
    return paths.shortest(lambda place: place[0] in rule.states and datum not in place[1])


def _paths(workflow: Workflow) -> Paths[_Place]:
    """Every path, with what has a value for certain behind each step."""

    def ways(place: _Place) -> Iterator[tuple[Arrow, _Place]]:
        for arrow in arrows(workflow, place[0]):
            yield arrow, (arrow.target, _after(place[1], arrow))

    return Paths((workflow.initial, _given(workflow)), ways)


def _given(workflow: Workflow) -> frozenset[str]:
    """What every new case has."""
    required = {one.id for one in workflow.data.values() if one.required and one.when is None}
    return frozenset(required | ({"owner"} if workflow.owner is not None else set()))


def _after(known: frozenset[str], arrow: Arrow) -> frozenset[str]:
    """What has a value for certain behind an arrow: what was needed, and what was set to something certain."""
    found = set(known) | set(arrow.alternative.needs)
    for action in arrow.alternative.actions:
        for name, formula in action.values if action.verb == "set" else ():
            if _certain(formula, found):
                found.add(name)
            else:
                found.discard(name)
    return frozenset(found)


def _certain(formula: Formula, known: set[str]) -> bool:
    if isinstance(formula, Constant):
        return formula.value not in (None, "", [])
    return isinstance(formula, Code) and isinstance(formula.tree, tree.Name) and formula.tree.name in known
