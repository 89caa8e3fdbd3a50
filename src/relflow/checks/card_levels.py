"""`gap`, `not-monotone` in scorecards: sums below the last level, levels whose points run against their order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from relflow.checks.reach import Levels, stated_levels, sums
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.feel.types import StringType
from relflow.program import Decision, Program, Scorecard
from relflow.values import to_text

__all__ = ["check_card_levels"]

BELOW = Message.of(
    "gap",
    Severity.WARNING,
    "`{name}` gives no level for a sum of {sum}: the lowest level, `{level}`, begins at {points}",
    "`{name}` 的总分为 {sum} 时没有等级：最低的 `{level}` 从 {points} 分起",
    "let the lowest level begin at {sum}, e.g. `{level}: {sum}`",
    "让最低等级从 {sum} 分起，例如 `{level}: {sum}`",
)
TURNED = Message.of(
    "not-monotone",
    Severity.WARNING,
    "more points lower the level of `{name}`: `{lower}` begins at {more}, `{higher}` at {fewer} already",
    "`{name}` 的分数越高等级越低：`{lower}` 从 {more} 分起，而 `{higher}` 从 {fewer} 分起",
    "exchange their points; levels are listed highest first",
    "对调两者的分数；等级由高到低排列",
)


def check_card_levels(program: Program) -> Iterator[Diagnostic]:
    """Every scorecard whose levels begin at stated points."""
    for decision in program.decisions.values():
        card = decision.body
        levels = stated_levels(card) if isinstance(card, Scorecard) else None
        if isinstance(card, Scorecard) and levels:
            yield from _below(decision, card, levels)
            yield from _turned(decision, levels)


def _below(decision: Decision, card: Scorecard, levels: Levels) -> Iterator[Diagnostic]:
    ends = sums(card)
    level, points = levels[-1]
    if ends is not None and ends[0] < points:
        yield BELOW.at(decision.span, name=decision.id, sum=to_text(ends[0]), level=level, points=to_text(points))


def _turned(decision: Decision, levels: Levels) -> Iterator[Diagnostic]:
    """The levels of a card are in order of their points; those of its output, highest first."""
    order = decision.type.allowed if isinstance(decision.type, StringType) else None
    if order is None:
        return
    known = [(order.index(level), points) for level, points in levels if level in order]
    for (lower, more), (higher, fewer) in pairwise(known):
        if lower > higher:
            yield TURNED.at(
                decision.span,
                name=decision.id,
                lower=order[lower],
                more=to_text(more),
                higher=order[higher],
                fewer=to_text(fewer),
            )
