"""A scorecard in an explanation: what each criterion earned and for what, and what a higher level would take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from relflow.explain.conditions import Subjects, condition_lines
from relflow.explain.explanation import Block, Line
from relflow.explain.phrases import phrase
from relflow.explain.showing import both, number, show, standing_out, text_of
from relflow.program import Code, Criterion, Scorecard
from relflow.results import CriterionTrace, TraceStep
from relflow.text import Text, spaced

__all__ = ["card_blocks"]

_NOTHING = Text(())
_TOTAL = text_of("total", "合计", "合計")


def card_blocks(
    step: TraceStep, card: Scorecard | None, subjects: Subjects, labels: Mapping[str, Text]
) -> tuple[Block, tuple[Block, ...]]:
    """The criteria with their points and the total; the next higher level with what it lacks.

    Without the `card` itself only what was looked at and earned can be told.
    """
    criteria = {line.id: line for line in card.criteria} if card is not None else {}
    lines = [line for seen in step.criteria for line in _criterion(seen, criteria.get(seen.name), subjects)]
    total = Line(_TOTAL, _NOTHING, _reached(step, card), "", _points(step.low, step.high))
    if card is None:
        return Block(_NOTHING, (*lines, total)), ()
    return Block(_NOTHING, (*lines, total)), tuple(_higher(step, card, criteria, subjects, labels))


def _criterion(seen: CriterionTrace, line: Criterion | None, subjects: Subjects) -> Iterator[Line]:
    """One line of the card; a condition of several parts is followed by them."""
    label = seen.label or both(seen.name)
    points = _points(seen.low, seen.high)
    if line is not None and line.when is not None:
        parts = condition_lines(seen.text, subjects)
        if len(parts) == 1:
            yield Line(label, parts[0].value, parts[0].demand, parts[0].result, points, seen.source)
            return
        yield Line(label, subjects.shown(seen.text, seen.value), _NOTHING, "", points, seen.source)
        yield from parts
        return
    demand = _band(seen, line) if line is not None else _NOTHING
    yield Line(label, subjects.shown(seen.text, seen.value), demand, "", points, seen.source)


def _band(seen: CriterionTrace, line: Criterion) -> Text:
    """The band that the value fell into, where a simple one did."""
    for band in line.bands:
        cell = band.cell
        if cell.tests is None:
            return text_of("anything", "不限")
        if cell.region is None or not isinstance(cell.tests, Code):
            return _NOTHING
        if cell.region.accepts(seen.value) is True:
            return phrase(cell.tests.tree, cell.fragment.text)
    return _NOTHING


def _reached(step: TraceStep, card: Scorecard | None) -> Text:
    """The points from which the level reached holds."""
    for level, least in card.levels if card is not None else ():
        if level == step.value and isinstance(least, int | Decimal):
            return text_of(f"{number(least)} or more", f"{number(least)} 分及以上")
    return _NOTHING


def _higher(
    step: TraceStep,
    card: Scorecard,
    criteria: Mapping[str, Criterion],
    subjects: Subjects,
    labels: Mapping[str, Text],
) -> Iterator[Block]:
    """What the next higher level would take: the points that are short, and the criteria that have some to give."""
    above = [
        (level, least)
        for level, least in card.levels
        if isinstance(least, int | Decimal) and _number(step.high) is not None and least > step.high  # type: ignore[operator]
    ]
    if not above or step.unknown:
        return
    level, least = above[-1]
    short = Decimal(least) - Decimal(str(step.high))
    lacking = Line(
        _TOTAL,
        both(number(step.high)),  # type: ignore[arg-type]
        text_of(f"at least {number(least)}", f"不低于 {number(least)}", f"不低於 {number(least)}"),
        "no",
        text_of(f"{number(short)} points short", f"还差 {number(short)} 分", f"還差 {number(short)} 分"),
    )
    lines = [line for seen in step.criteria for line in _more(seen, criteria.get(seen.name), subjects)]
    answer = labels.get(level) or both(level)
    heading = text_of(
        f"what would make it {answer.text('en')}:",
        spaced("怎样才会成为", standing_out(answer, "zh"), "："),
        spaced("怎樣才會成為", standing_out(answer, "zh_TW"), "："),
    )
    yield Block(heading, (lacking, *lines))


def _more(seen: CriterionTrace, line: Criterion | None, subjects: Subjects) -> Iterator[Line]:
    """What a criterion that has points to give asks for."""
    if line is None or _number(seen.high) is None:
        return
    label = seen.label or both(seen.name)
    if line.when is not None:
        gain = _gain(line.points, seen.high)
        if gain:
            for part in condition_lines(seen.text, subjects, wanted=False):
                yield replace(part, gap=gain)
        return
    best = _best(line)
    if best is None:
        return
    points, demand = best
    gain = _gain(points, seen.high)
    if gain:
        yield Line(label, subjects.shown(seen.text, seen.value), demand, "no", gain, seen.source)


def _best(line: Criterion) -> tuple[Decimal, Text] | None:
    """The most points of a simple band, and what it asks for; None where the points are worked out by formulas."""
    weight = Decimal(100) if line.weight is None else _number(line.weight)
    if weight is None:
        return None
    found: list[tuple[Decimal, Text]] = []
    for band in line.bands:
        points = _number(band.points)
        if points is None or not isinstance(band.cell.tests, Code):
            continue
        found.append((weight * points / 100, phrase(band.cell.tests.tree, band.cell.fragment.text)))
    return max(found, key=lambda pair: pair[0], default=None)


def _gain(most: Any, earned: Any) -> Text | None:
    best, now = _number(most), _number(earned)
    if best is None or now is None or best <= now:
        return None
    return text_of(f"{number(best - now)} points more", f"可再得 {number(best - now)} 分")


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _points(low: object, high: object) -> Text:
    if low == high:
        return text_of(f"{_shown(low)} points", f"{_shown(low)} 分")
    return text_of(f"{_shown(low)} to {_shown(high)} points", f"{_shown(low)} 至 {_shown(high)} 分")


def _shown(value: object) -> str:
    exact = _number(value)
    return number(exact) if exact is not None else show(value).text("en")
