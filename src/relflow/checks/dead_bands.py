"""`dead-row` in scorecards: a band that no value reaches, because the first band that matches counts."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Criterion, Program, Region, Scorecard

__all__ = ["check_dead_bands"]

DEAD = Message.of(
    "dead-row",
    Severity.WARNING,
    "the band `{band}` of `{criterion}` is never reached: the bands before it take all that it matches",
    "`{criterion}` 的分档 `{band}` 永远不会命中：它前面的分档已包含它匹配的全部情况",
    "put it first, narrow those before it, or delete it",
    "把它移到前面、收窄它前面的分档，或删除",
)


def check_dead_bands(program: Program) -> Iterator[Diagnostic]:
    """Every band of every scorecard, as far as bands are sets of values."""
    for decision in program.decisions.values():
        if isinstance(decision.body, Scorecard):
            for line in decision.body.criteria:
                yield from _dead(line)


def _dead(line: Criterion) -> Iterator[Diagnostic]:
    taken: Region | None = None
    everything = False
    for band in line.bands:
        region = band.cell.region
        if everything or (region is not None and taken is not None and _within(region, taken)):
            yield DEAD.at(band.cell.fragment.span, band=band.cell.fragment.text, criterion=line.id)
        everything = everything or band.cell.tests is None
        if region is not None:
            taken = region if taken is None else taken.union(region)


def _within(region: Region, taken: Region) -> bool:
    """Whether every value that the one accepts, null included, is accepted by the other."""
    null = region.null is not True or taken.null is True
    return null and region.ordered == taken.ordered and not taken.complement().meets(region)
