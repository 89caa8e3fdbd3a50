"""`no-effect` in contact plans and scorecards: contacts that nobody plans, criteria that change no sum."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Cadence, Decision, Program, Scorecard

__all__ = ["check_idle_plans"]

NO_PLAN = Message.of(
    "no-effect",
    Severity.WARNING,
    "`{name}` has no rows under `plan`: no contact is ever due",
    "`{name}` 的 `plan` 没有任何行，永远不会有联系到期",
    "write who is contacted how often, e.g. a row `| - || visit | 3 months |`",
    "写明谁多久联系一次，例如一行 `| - || visit | 3 months |`",
)
UNPLANNED = Message.of(
    "no-effect",
    Severity.WARNING,
    "no row of `{cadence}` plans `{name}`, and it counts for nothing else",
    "`{cadence}` 没有安排 `{name}`，它也不计入其他联系",
    "plan it, say under `counts_as` what it stands for, or delete it",
    "在计划中安排它，或在 `counts_as` 中写明计入哪种联系，或删除",
)
ITSELF = Message.of(
    "no-effect",
    Severity.WARNING,
    "`{name}` counts as itself anyway",
    "`{name}` 本来就算作自身",
    "name another contact under `counts_as`, or take it out",
    "在 `counts_as` 中填写其他联系，或去掉",
)
NO_CRITERIA = Message.of(
    "no-effect",
    Severity.WARNING,
    "the scorecard of `{name}` has no criteria: its sum is always 0",
    "`{name}` 的评分卡没有任何标准，总分永远是 0",
    "write one under `criteria:`, e.g. `late: {when: oldest_overdue > days(30), points: 40}`",
    "在 `criteria:` 下写一条，例如 `late: {when: oldest_overdue > days(30), points: 40}`",
)
NO_POINTS = Message.of(
    "no-effect",
    Severity.WARNING,
    "`{criterion}` of `{name}` never adds anything: it says `{key}: 0`",
    "`{name}` 的 `{criterion}` 不会加分：写的是 `{key}: 0`",
    "write how much it counts, or delete it",
    "写明分量，或删除",
)


def check_idle_plans(program: Program) -> Iterator[Diagnostic]:
    """Every cadence and every scorecard."""
    for cadence in program.cadences.values():
        yield from _idle_cadence(cadence)
    for decision in program.decisions.values():
        if isinstance(decision.body, Scorecard):
            yield from _idle_card(decision, decision.body)


def _idle_cadence(cadence: Cadence) -> Iterator[Diagnostic]:
    if not cadence.rows:
        yield NO_PLAN.at(cadence.span, name=cadence.id)
    planned = {row.touchpoint for row in cadence.rows}
    for kind in cadence.touchpoints.values():
        if kind.id in kind.counts_as:
            yield ITSELF.at(kind.span, name=kind.id)
        elif cadence.rows and kind.id not in planned and not kind.counts_as:
            yield UNPLANNED.at(kind.span, name=kind.id, cadence=cadence.id)


def _idle_card(decision: Decision, card: Scorecard) -> Iterator[Diagnostic]:
    if not card.criteria:
        yield NO_CRITERIA.at(decision.span, name=decision.id)
    for line in card.criteria:
        for key, points in (("points", line.points), ("weight", line.weight)):
            if points == 0:
                yield NO_POINTS.at(line.span, criterion=line.id, name=decision.id, key=key)
