"""The level of a scheme for an account, and the state to keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from relflow.errors import FactError
from relflow.program import Program, Run, Scheme, advance, lowering
from relflow.results import Decision, Lowering, Standing, Teller
from relflow.rules.overriding import override_of
from relflow.rules.questions import Question, as_record, local_instant

__all__ = ["assign", "lowered", "states_of"]


def assign(
    question: Question,
    scheme: Scheme,
    record: Mapping[str, Any],
    at: datetime | date | str | None,
    state: Mapping[str, Any] | None,
    known: Mapping[str, Any] | None,
    teller: Teller | None = None,
) -> Standing:
    """The level in force; `question` decides what the scheme's decision says.

    `state` is what the last assignment gave for this scheme, or a mapping of schemes to states; None: there is none.
    `teller` can say later why the level is in force.
    """
    states = states_of(scheme, state)
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
        teller=teller,
    )


def lowered(
    program: Program,
    scheme: Scheme,
    record: Mapping[str, Any],
    at: datetime | date | str | None,
    states: Mapping[str, Any],
    known: Mapping[str, Any] | None,
    standing: Standing,
) -> Lowering | None:
    """What has to happen before the level of a standing goes down; the arguments are those of its assignment."""
    run = Run(program, record, local_instant(program, at), states, known)
    found = lowering(run, scheme, standing.level, standing.state, standing.change)
    return None if found is None else Lowering(found.reviews, _iso(found.on), found.unset)


def states_of(scheme: Scheme, state: Mapping[str, Any] | None) -> dict[str, Any]:
    """The states of schemes by name, where the host may have given that of one scheme alone."""
    if state is None:
        return {}
    if not isinstance(state, Mapping):
        raise FactError.of("state", "`state` has to be a mapping", "`state` 应为映射", scheme=scheme.id)
    if not state or "level" in state:
        return {scheme.id: state}
    return dict(state)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
