"""`open`: a decision without a rule, a scheme without levels, a goal, a category nobody else sees."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.unset import clause_of
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Program

__all__ = ["check_open"]

OPEN = Message.of(
    "open",
    Severity.QUESTION,
    "the rule of `{name}` is left to the company{clause}",
    "`{name}` 的规则由企业确定{clause}",
    "give it a table, a scorecard or an expression in the company's overlay",
    "在企业配置中给出决策表、评分卡或表达式",
)
NO_LEVELS = Message.of(
    "open",
    Severity.QUESTION,
    "the levels of `{name}` are left to the company{clause}",
    "`{name}` 的等级由企业确定{clause}",
    "list them in the company's overlay, highest first",
    "在企业配置中由高到低列出",
)
NO_READERS = Message.of(
    "open",
    Severity.QUESTION,
    "who else sees and changes `{name}` is left to the company{clause}; until then only its steward does",
    "`{name}` 还可由谁查看和修改，由企业确定{clause}；确定之前仅限维护人",
    "list the roles under `seen_by` and `changed_by` of the category in the company's overlay",
    "在企业配置中该类别的 `seen_by`、`changed_by` 下列出角色",
)

NO_GOAL = Message.of(
    "open",
    Severity.QUESTION,
    "the goal of `{name}` is left to the company{clause}; until then it is neither missed nor met",
    "`{name}` 的目标由企业确定{clause}；确定之前不会判为未达标或达标",
    'give it in the company\'s overlay: `kpis:` and `{name}: {goal: ">= 95%"}` below it',
    '在企业配置的 `kpis:` 下填写 `{name}: {goal: ">= 95%"}`',
)


def check_open(program: Program) -> Iterator[Diagnostic]:
    """Decisions, schemes, goals, and the categories of a manual's clauses, that are left to the company."""
    for decision in program.decisions.values():
        if decision.body is None:
            yield OPEN.at(decision.span, name=decision.id, clause=clause_of(decision.source))
    for scheme in program.schemes.values():
        if not scheme.levels:
            yield NO_LEVELS.at(scheme.span, name=scheme.id, clause=clause_of(scheme.source))
    for category in program.categories.values():
        if category.source and category.steward is not None and not (category.seen_by or category.changed_by):
            yield NO_READERS.at(category.span, name=category.id, clause=clause_of(category.source))
    for kpi in program.kpis.values():
        if kpi.goal is None and (kpi.misses or kpi.meets):
            yield NO_GOAL.at(kpi.span, name=kpi.id, clause=clause_of(kpi.source))
