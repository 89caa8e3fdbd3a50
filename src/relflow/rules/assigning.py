"""The level of a scheme for an account, and the state to keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from relflow.errors import FactError
from relflow.program import Run, Scheme, advance
from relflow.results import Decision, Standing
from relflow.rules.overriding import override_of
from relflow.rules.questions import Question, as_record, local_instant

__all__ = ["assign"]


def assign(
    question: Question,
    scheme: Scheme,
    record: Mapping[str, Any],
    at: datetime | date | None,
    state: Mapping[str, Any] | None,
    known: Mapping[str, Any] | None,
) -> Standing:
    """The level in force; `question` decides what the scheme's decision says.

    `state` is what the last assignment gave for this scheme, or a mapping of schemes to states; None: there is none.
    """
    states = _states(scheme, state)
    run = Run(question.program, as_record(record), local_instant(question.program, at), states, known)
    says = run.outcome(question.name)
    place = advance(run, scheme, says)
    kept = (*[run.values.get(name) for name in question.facts], at, states, known)
    decision = Decision(question, says.value, says.unknown, says.row, kept)
    return Standing(
        scheme=scheme.id,
        level=place.level,
        says=says.value,
        since=_iso(place.since),
        next_review=_iso(place.next_review),
        state=place.state,
        change=place.change,
        decision=decision,
        gives=scheme.gives.get(place.level or "", ()),
        labels=scheme.labels,
        provisional=run.provisional,
        override=override_of(place.state) if place.change == "fixed" else None,
    )


def _states(scheme: Scheme, state: Mapping[str, Any] | None) -> dict[str, Any]:
    if state is None:
        return {}
    if not isinstance(state, Mapping):
        raise FactError.of("state", "`state` has to be a mapping", "`state` 应为映射", scheme=scheme.id)
    if not state or "level" in state:
        return {scheme.id: state}
    return dict(state)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
