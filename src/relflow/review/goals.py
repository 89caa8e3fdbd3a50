"""The goals of a program, and which of them a recorded run reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from relflow.compiler.workflows import DUTY
from relflow.feel.types import BOOLEAN
from relflow.program import (
    Cadence,
    Category,
    Code,
    Criterion,
    Decision,
    HitPolicy,
    Indicator,
    Kpi,
    Node,
    Outcome,
    PlanRow,
    Program,
    Row,
    Scorecard,
    Streak,
    Table,
)
from relflow.program.scoring import cell_result
from relflow.program.workflows import Alternative, Clock, ClockStep, Event, State, Workflow
from relflow.results import Touchpoint
from relflow.review.coverage import Goal
from relflow.rules.recording import RecordingRun

__all__ = [
    "category_goal",
    "goals",
    "kpi_goal",
    "plan_reached",
    "reached",
    "step_goal",
    "streak_goal",
    "transition_goal",
]

_ONE_DECIDES = (HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.PRIORITY)


def goals(program: Program, workflows: Iterable[Workflow] = ()) -> Iterator[Goal]:
    """Everything in the program, and in these workflows, that a test can reach."""
    for node in program.nodes.values():
        yield from _node_goals(node)
    for cadence in program.cadences.values():
        for row in cadence.rows:
            yield _plan_goal(cadence, row)
    for workflow in workflows:
        yield from _workflow_goals(workflow)
    yield from (Goal.at("obligation", one.id, one.span) for one in program.obligations.values() if one.do)
    for kpi in program.kpis.values():
        yield kpi_goal(kpi)
        yield from (streak_goal(kpi, one) for one in (*kpi.misses, *kpi.meets))
    yield from (category_goal(one) for one in program.categories.values())


def kpi_goal(kpi: Kpi) -> Goal:
    """The goal that a figure with a value reaches."""
    return Goal.at("kpi", kpi.id, kpi.span, "", "known")


def streak_goal(kpi: Kpi, streak: Streak) -> Goal:
    """The goal that a consequence reaches when it follows."""
    kind = "misses" if streak in kpi.misses else "meets"
    return Goal.at("streak", kpi.id, streak.span, f"`{kind}`")


def category_goal(category: Category) -> Goal:
    """The goal that a test of a category reaches."""
    return Goal.at("category", category.id, category.span)


def _node_goals(node: Node) -> Iterator[Goal]:
    match node:
        case Decision(body=Table() as table):
            yield from (_row_goal(node, row) for row in table.rows)
        case Decision(body=Scorecard() as card):
            for line in card.criteria:
                yield from _criterion_goals(node, line)
        case Decision(body=Code() as code):
            answers = (True, False) if node.type == BOOLEAN else (None,)
            yield from (_expression_goal(node, code, answer) for answer in answers)
        case Indicator(when=Code()):
            yield from (_indicator_goal(node, answer) for answer in (True, False))


def _row_goal(node: Decision, row: Row) -> Goal:
    return Goal.at("row", node.id, row.span, str(row.number))


def _criterion_goals(node: Decision, line: Criterion) -> Iterator[Goal]:
    if line.when is not None:
        yield from (_criterion_goal(node, line, answer) for answer in (True, False))
    for number in range(len(line.bands)):
        yield _band_goal(node, line, number)


def _criterion_goal(node: Decision, line: Criterion, answer: bool) -> Goal:
    return Goal.at("criterion", node.id, line.span, line.id, "true" if answer else "false")


def _band_goal(node: Decision, line: Criterion, number: int) -> Goal:
    fragment = line.bands[number].cell.fragment
    return Goal.at("band", node.id, fragment.span, f"`{line.id}: {fragment.text}`")


def _indicator_goal(node: Indicator, answer: bool) -> Goal:
    return Goal.at("indicator", node.id, node.span, "", "true" if answer else "false")


def _expression_goal(node: Decision, code: Code, answer: bool | None) -> Goal:
    return Goal.at("expression", node.id, code.span, "", "known" if answer is None else "true" if answer else "false")


def _plan_goal(cadence: Cadence, row: PlanRow) -> Goal:
    return Goal.at("plan_row", cadence.id, row.span, str(row.number))


def _workflow_goals(workflow: Workflow) -> Iterator[Goal]:
    for state in workflow.states.values():
        for event in state.events.values():
            for number, alternative in enumerate(event.alternatives, 1):
                part = _transition_name(state, event, number)
                yield Goal.at("transition", workflow.id, alternative.span, part)
    for clock in workflow.clocks.values():
        if not clock.hidden:
            yield from (_step_goal(workflow, clock, step) for step in clock.steps)


def _transition_name(state: State, event: Event, number: int) -> str:
    name = f"`{'everywhere' if event.everywhere else state.id}.{event.id}`"
    return f"{name} ({number})" if len(event.alternatives) > 1 else name


def _step_goal(workflow: Workflow, clock: Clock, step: ClockStep) -> Goal:
    return Goal.at("clock_step", workflow.id, step.span, f"`{clock.id}: {step.text}`")


def transition_goal(workflow: Workflow, alternative: Alternative) -> Goal:
    """The goal that an alternative reaches when it happens; what carries an obligation out reaches the obligation."""
    if workflow.id.startswith(DUTY):
        name = workflow.id.removeprefix(DUTY).split(" ")
        return Goal.at("obligation" if len(name) == 1 else "streak", name[0], alternative.span)
    return Goal.at("transition", workflow.id, alternative.span)


def step_goal(workflow: Workflow, step: ClockStep) -> Goal:
    """The goal that a clock's step reaches when it happens."""
    return Goal.at("clock_step", workflow.id, step.span)


def plan_reached(cadence: Cadence, planned: Iterable[Touchpoint]) -> Iterator[Goal]:
    """The plan rows that gave dated contacts."""
    rows = {row.number: row for row in cadence.rows}
    for number in {touchpoint.row for touchpoint in planned if touchpoint.on is not None}:
        if number in rows:
            yield _plan_goal(cadence, rows[number])


def reached(run: RecordingRun) -> Iterator[Goal]:
    """What a recorded run reached: rows that decided, bands that gave points, what came out true or false."""
    for name, outcome in list(run.outcomes.items()):
        node = run.program.nodes.get(name)
        match node:
            case Decision(body=Table() as table):
                yield from (_row_goal(node, table.rows[row]) for row in _rows(run, name, table, outcome))
            case Decision(body=Scorecard() as card):
                yield from _lines(run, node, card)
            case Decision(body=Code() as code) if not outcome.unknown:
                boolean = node.type == BOOLEAN
                if not boolean or outcome.value is not None:
                    yield _expression_goal(node, code, outcome.value is True if boolean else None)
            case Indicator() if not outcome.unknown:
                yield _indicator_goal(node, outcome.value is True)


def _rows(run: RecordingRun, name: str, table: Table, outcome: Outcome) -> list[int]:
    """The rows that an answer rests on: one, or all that matched where the hit policy gathers them."""
    if outcome.unknown:
        return []
    if table.hit_policy in _ONE_DECIDES:
        return [outcome.row] if outcome.row >= 0 else []
    return [index for index, result, _ in run.rows.get(name, []) if result]


def _lines(run: RecordingRun, node: Decision, card: Scorecard) -> Iterator[Goal]:
    for index, value, low, high in run.criteria.get(node.id, []):
        line = card.criteria[index]
        if low is None or low != high:
            continue
        if line.when is not None:
            yield _criterion_goal(node, line, value is True)
        else:
            band = _band(run, line, value, no_match=card.no_match)
            if band is not None:
                yield _band_goal(node, line, band)


def _band(run: RecordingRun, line: Criterion, value: Any, *, no_match: bool) -> int | None:
    """The first band that accepts the value, unless something missing leaves an earlier one open."""
    missing = value is None and not no_match and line.expression is not None and run.marked(line.expression)
    for number, band in enumerate(line.bands):
        result = cell_result(run, band.cell, value, missing=missing, no_match=no_match)
        if result is not False:
            return number if result else None
    return None
