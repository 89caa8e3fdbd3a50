"""What follows from a key figure made ready to run: the case that carries it out knows the group and its figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from relflow.compiler.workflows import DUTY
from relflow.diagnostics import Diagnostic, Fragment, Span
from relflow.model import Declaration, Effect, Kpi, Model, Record, Type, Wording
from relflow.program import Kpi as Compiled
from relflow.program import workflows as flows

__all__ = ["Follow", "follow_name", "follows_of"]

# what effects and messages may name
_DATA: Final = (("value", "number"), ("since", "date"), ("until", "date"))


@dataclass(frozen=True, slots=True)
class Follow:
    """One of a key figure's consequences with the workflow that carries it out; `wrong` keeps it from running."""

    kpi: Compiled
    name: str
    span: Span
    effects: tuple[Effect, ...]
    given: tuple[Declaration, ...] = ()
    may: tuple[Declaration, ...] = ()
    records: tuple[Record, ...] = ()
    label: Wording | None = None
    flow: flows.Workflow | None = None
    wrong: tuple[Diagnostic, ...] = ()


def follow_name(kpi: str, follow: tuple[str, int]) -> str:
    """The name of the workflow that carries a consequence out."""
    kind, place = follow
    return f"{DUTY}{kpi} {kind} {place + 1}"


def follows_of(model: Model, kpi: Kpi, compiled: Compiled) -> Iterator[Follow]:
    """The consequences of a key figure, their workflows still to be compiled."""
    subject = next((flow for flow in model.workflows if kpi.of is not None and flow.name == kpi.of.text), None)
    records = () if subject is None else subject.records
    for kind, streaks in (("misses", kpi.misses), ("meets", kpi.meets)):
        for place, streak in enumerate(streaks):
            if streak.do:
                given = (_group(model, kpi, streak.span), *(_plain(name, of, streak.span) for name, of in _DATA))
                name = follow_name(kpi.name, (kind, place))
                yield Follow(compiled, name, streak.span, streak.do, given, (), records, kpi.label)


def _group(model: Model, kpi: Kpi, span: Span) -> Declaration:
    """`group`, declared as what it is the value of."""
    by = kpi.by.text if kpi.by is not None else ""
    known: list[Declaration] = [*model.facts]
    for flow in model.workflows:
        if kpi.of is not None and flow.name == kpi.of.text:
            known = [*flow.data, *known]
    declared = next((one for one in known if one.name == by), None)
    if declared is None:
        return _plain("group", "string", span)
    return replace(declared, id=Fragment("group", span), required=None, category=None)


def _plain(name: str, of: str, span: Span) -> Declaration:
    return Declaration(span=span, id=Fragment(name, span), type=Type(Fragment(of, span), many=False, span=span))
