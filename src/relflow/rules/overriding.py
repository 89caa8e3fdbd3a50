"""A level that people set by hand: whatever the rule says, for a stated reason, with an approver, until a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from relflow.errors import ClockRequiredError, FactError
from relflow.program import Scheme
from relflow.results import Override

__all__ = ["override", "override_of"]


def override(
    scheme: Scheme,
    level: str,
    *,
    at: datetime | date | None,
    reason: str,
    approver: str,
    until: date | None,
    state: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The state to keep from now on; `state` is the one kept so far, None: there is none.

    Raises FactError where the scheme has no such level, nobody approves, nothing is given as a reason, or the last day
    lies before the first; ClockRequiredError without a day.
    """
    day = at.date() if isinstance(at, datetime) else at
    if day is None:
        raise ClockRequiredError.of(
            "clock-required",
            f"a level of `{scheme.id}` is set from a day on: pass `at=`",
            f"人工设定 `{scheme.id}` 的等级需要起始日期：请传入 `at=`",
            name=scheme.id,
        )
    if level not in scheme.levels:
        known = ", ".join(scheme.levels)
        raise _refused(scheme, f"`{level}` is none of: {known}", f"没有 `{level}` 这一级（现有：{known}）")
    if not reason.strip():
        raise _refused(scheme, "the reason is missing", "缺少理由")
    if not approver.strip():
        raise _refused(scheme, "who approves it is missing", "缺少批准人")
    if until is not None and until < day:
        raise _refused(scheme, f"it would end on {until}, before it begins", f"截止日 {until} 早于起始日")
    before = state or {}
    since = before.get("since") if before.get("level") == level else None
    kept = {
        "level": level,
        "since": str(since or day)[:10],
        "reviewed": day.isoformat(),
        "weak_reviews": 0,
        "fixed": True,
        "fixed_since": day.isoformat(),
        "fixed_because": reason.strip(),
        "fixed_by": approver.strip(),
    }
    return kept if until is None else {**kept, "fixed_until": until.isoformat()}


def override_of(state: Mapping[str, Any]) -> Override:
    """What a state says of the hand that set its level."""

    def said(key: str) -> str | None:
        value = state.get(key)
        return None if value is None else str(value)

    return Override(said("fixed_because"), said("fixed_by"), said("fixed_since"), said("fixed_until"))


def _refused(scheme: Scheme, en: str, zh: str) -> FactError:
    return FactError.of(
        "override",
        f"the level of `{scheme.id}` cannot be set by hand: {en}",
        f"无法人工设定 `{scheme.id}` 的等级：{zh}",
        scheme=scheme.id,
    )
