"""Tests of contact plans: who is contacted when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from relflow.feel.types import DATE
from relflow.model import Fields, Items, Trial, Value
from relflow.policy import Policy
from relflow.results import Touchpoint
from relflow.testing.given import ProblemError, as_state, contacts, facts, instant, known_days, literal
from relflow.testing.problems import said
from relflow.text import Text

__all__ = ["run_plan"]


def run_plan(trial: Trial, policy: Policy) -> Iterator[Text]:
    """The plan from `today` to `until`, and what of `expect` is not in it.

    `expect` is a list of `{touchpoint: visit, on: 2026-03-10, status: due}`; each must be in the plan.
    """
    at = instant(trial.today, policy)
    day = at.date() if isinstance(at, datetime) else at
    if day is None or trial.until is None or not isinstance(trial.expect, Items):
        raise ProblemError(
            said(
                f"{trial.it.span}: a test of a plan needs `today`, `until` and a list under `expect`",
                f"{trial.it.span}：联系计划的测试需要 `today`、`until` 和 `expect` 列表",
            )
        )
    until: date = literal(trial.until, DATE, policy)
    given, history = facts(trial.given, policy), contacts(trial.history, policy)
    known = known_days(trial.known, policy) or None
    plan = list(
        policy.plan_contacts(given, history, at=day, until=until, state=as_state(trial.state, policy), known=known)
    )
    for wanted in trial.expect.items:
        if not isinstance(wanted, Fields):
            continue
        if not any(_fits(touchpoint, wanted, policy) for touchpoint in plan):
            shown = ", ".join(f"{key.text} {_text(value)}" for key, value in wanted.entries)
            planned = "; ".join(f"{t.touchpoint} {t.on or t.status}" for t in plan[:8])
            yield said(
                f"{wanted.span}: the plan has no {shown} (it has: {planned or 'nothing'})",
                f"{wanted.span}：计划中没有 {shown}（现有：{planned or '无'}）",
            )


def _text(value: Any) -> str:
    return value.text.text if isinstance(value, Value) else ""


def _fits(touchpoint: Touchpoint, wanted: Fields, policy: Policy) -> bool:
    for key, content in wanted.entries:
        if key.text in ("on", "latest") and isinstance(content, Value):
            expected: Any = literal(content, DATE, policy)
        else:
            expected = _text(content)
        actual = getattr(touchpoint, key.text, None)
        if isinstance(actual, bool):
            actual = "true" if actual else "false"
        if actual != expected:
            return False
    return True
