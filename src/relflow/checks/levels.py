"""Where a policy goes through the levels of a scheme one by one, and which levels each of these places leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from relflow.checks.reach import levels_of
from relflow.diagnostics import Span
from relflow.program import Broken, Cadence, Program, Scheme, Table
from relflow.text import Text

__all__ = ["Place", "left_out"]

Kind = Literal["decision", "plan", "parameter", "table", "gives"]


class Place(NamedTuple):
    """A place that goes through levels."""

    kind: Kind
    span: Span
    name: str

    @property
    def text(self) -> Text:
        """The place in words, with its line."""
        at = f"{self.span.source.name}:{self.span.line}"
        return Text(tuple((lang, words.format(name=self.name, at=at)) for lang, words in _WORDS[self.kind].pairs))


_WORDS: dict[Kind, Text] = {
    "decision": Text((("en", "the rule of `{name}` ({at})"), ("zh", "`{name}` 的规则（{at}）"))),
    "plan": Text((("en", "the contact plan `{name}` ({at})"), ("zh", "联系计划 `{name}`（{at}）"))),
    "parameter": Text((("en", "the values of `{name}` ({at})"), ("zh", "`{name}` 的取值（{at}）"))),
    "table": Text((("en", "the table of `{name}` ({at})"), ("zh", "`{name}` 的表格（{at}）"))),
    "gives": Text((("en", "what `{name}` gives ({at})"), ("zh", "`{name}` 的 `gives`（{at}）"))),
}
Named = tuple[Place, frozenset[str]]


def left_out(program: Program, scheme: Scheme) -> dict[str, tuple[Place, ...]]:
    """For each level that some place leaves out, these places.

    The scheme's own decision and the contact plans for tiers always count. Other places count where they name most of
    the levels: they may well be about some of them only. That the lowest level gives nothing is no surprise.
    """
    found: dict[str, list[Place]] = {}
    for place, named in _places(program, scheme):
        if _sure(place, scheme) or len(named) > max(1, (len(scheme.levels) - 1) // 2):
            for level in scheme.levels[: -1 if place.kind == "gives" else None]:
                if level not in named:
                    found.setdefault(level, []).append(place)
    return {level: tuple(found[level]) for level in scheme.levels if level in found}


def _sure(place: Place, scheme: Scheme) -> bool:
    return place.kind == "decision" or (place.kind == "plan" and scheme.kind == "tier")


def _places(program: Program, scheme: Scheme) -> Iterator[Named]:
    """Each place with the levels that it takes care of."""
    decision = program.decisions.get(scheme.from_ or "")
    given = levels_of(scheme, decision) if decision is not None else None
    if decision is not None and given is not None:
        yield Place("decision", decision.span, decision.id), given
    yield from _planned(program.cadences.values(), scheme)
    for parameter in program.parameters.values():
        if parameter.per == scheme.id and parameter.values and not _asked_by_rows(program, parameter.id):
            named = frozenset(level for level in parameter.values if level)
            yield Place("parameter", parameter.span, parameter.id), named
    for decision in program.decisions.values():
        if isinstance(decision.body, Table) and not decision.body.has_default:
            yield from _looked_at(Place("table", decision.span, decision.id), decision.body, scheme)
    if scheme.gives:
        yield Place("gives", scheme.span, scheme.id), frozenset(scheme.gives)


def _planned(cadences: Iterable[Cadence], scheme: Scheme) -> Iterator[Named]:
    """The plans that look at the scheme, if no other plan is about all levels."""
    found: list[Named] = []
    covered: set[str] = set()
    for cadence in cadences:
        named = list(_looked_at(Place("plan", cadence.span, cadence.id), cadence.table, scheme))
        if not named and cadence.rows:
            return
        found += named
        covered |= {level for _, levels in named for level in levels}
    for place, _ in found:
        yield place, frozenset(covered)


def _looked_at(place: Place, table: Table, scheme: Scheme) -> Iterator[Named]:
    """The levels that some row of a table accepts, where one of its columns is the scheme."""
    for column in table.columns:
        if column.name == scheme.id and not isinstance(column.code, Broken):
            yield place, frozenset(level for level in scheme.levels if column.index.rows(level))


def _asked_by_rows(program: Program, parameter: str) -> bool:
    """Whether nothing but rows of contact plans reads a parameter: then it needs values for their levels only."""
    in_plans = any(
        valued is not None and parameter in getattr(valued.code, "reads", ())
        for cadence in program.cadences.values()
        for row in cadence.rows
        for valued in (row.target, row.at_most)
    )
    return in_plans and not any(parameter in node.inputs for node in program.nodes.values())
