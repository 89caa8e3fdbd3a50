"""Policies that differ from a policy in one place: a bound moved, a row dropped, an answer exchanged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from relflow.diagnostics import Fragment, Span
from relflow.model import (
    Cadence,
    Content,
    Criterion,
    Decision,
    Fields,
    Items,
    Model,
    Output,
    Row,
    Scorecard,
    Table,
    Value,
)
from relflow.program import Program
from relflow.program import Table as CompiledTable
from relflow.testing.cards import same_levels
from relflow.testing.edits import conditions, literals
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["Mutant", "mutants"]

Words = tuple[str, str]

_SHORT = 40
_JOINT = re.compile(r"[\[\],]| (?:and|or|then|else|if|in|satisfies|return) ")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: in the element `name` of `section` the part `old` becomes `new`; `said` is the change in words."""

    section: str
    name: str
    place: Span
    said: Text
    old: Any
    new: Any

    def apply(self, model: Model) -> Model:
        """The model with the change, under a digest of its own; the same model where it has no such part."""
        elements = getattr(model, self.section)
        changed = tuple(_swap(one, self.old, self.new) if one.name == self.name else one for one in elements)
        if changed == elements:
            return model
        digest = f"{model.digest}-{self.place}-{self.said.text('en')}"
        parts: dict[str, Any] = {self.section: changed, "digest": digest}
        return replace(model, **parts)

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The change as one that no test notices, in one sentence without its place."""
        said = self.said.text(lang)
        return f"{said}，没有测试会发现" if lang.startswith("zh") else f"no test would notice {said}"

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        """The change as JSON-able data."""
        return {"of": self.name, "place": str(self.place), "text": self.text(lang)}


def _swap(node: Any, old: Any, new: Any) -> Any:
    """`node` with each part equal to `old` replaced; parts know their places, so that is one part."""
    if node == old:
        return new
    if isinstance(node, tuple):
        swapped = tuple(_swap(item, old, new) for item in node)
        return node if all(a is b for a, b in zip(swapped, node, strict=True)) else swapped
    if not is_dataclass(node) or isinstance(node, Fragment | Span | type):
        return node
    parts = {part.name: getattr(node, part.name) for part in fields(node)}
    changed = {name: found for name, value in parts.items() if (found := _swap(value, old, new)) is not value}
    return replace(node, **changed) if changed else node


def mutants(model: Model, program: Program) -> Iterator[Mutant]:
    """Every such policy, section by section from top to bottom; those that cannot make a difference are left out.

    `program` is the model compiled; it tells which rows of a table exclude each other.
    """
    for parameter in model.parameters:
        for value in (parameter.value, *(dated.value for dated in parameter.values)):
            yield from _values("parameters", parameter.name, value, (f"`{parameter.name}`", f"`{parameter.name}`"))
    for decision in model.decisions:
        yield from _decision(model, program, decision)
    for indicator in model.indicators:
        words = f"indicator `{indicator.name}`", f"风险指标 `{indicator.name}`"
        yield from _texts("indicators", indicator.name, indicator.when, words, conditions)
    for cadence in model.cadences:
        yield from _cadence(program, cadence)


def _decision(model: Model, program: Program, decision: Decision) -> Iterator[Mutant]:
    name = decision.name
    yield from _texts("decisions", name, decision.expression, (f"`{name}`", f"`{name}`"), conditions)
    if decision.table is not None:
        policy = decision.hit_policy.text if decision.hit_policy is not None else "unique"
        ordered = policy in ("first", "rule_order")
        node = program.decisions.get(name)
        compiled = node.body if node is not None else None

        def swaps(row: Row, below: Row, number: int) -> bool:
            return ordered and _answers(row) != _answers(below) and _meet(compiled, number)

        yield from _table("decisions", name, decision.table, lambda at: _choices(model, decision, at), swaps)
    if decision.scorecard is not None:
        yield from _card(name, decision.scorecard)


def _answers(row: Row) -> tuple[str, ...]:
    return tuple(value.text.text for value in row.outputs)


def _meet(table: object, number: int) -> bool:
    """Whether the row of that number and the one below it may match together."""
    if not isinstance(table, CompiledTable):
        return True
    upper, lower = table.rows[number - 1 : number + 1]
    for above, below in zip(upper.cells, lower.cells, strict=True):
        if above.region is not None and below.region is not None and not above.region.meets(below.region):
            return False
    return True


def _cadence(program: Program, cadence: Cadence) -> Iterator[Mutant]:
    plan = cadence.plan
    if plan is None:
        return
    names = tuple(touchpoint.name for touchpoint in cadence.touchpoints)
    kind = next((at for at, output in enumerate(plan.outputs) if output.text == "touchpoint"), -1)

    compiled = program.cadences.get(cadence.name)

    def swaps(row: Row, below: Row, number: int) -> bool:
        """Rows of different kinds of contact do not touch each other."""
        same = row.outputs[kind].text.text == below.outputs[kind].text.text
        return same and _meet(compiled.table if compiled is not None else None, number)

    yield from _table("cadences", cadence.name, plan, lambda at: names if at == kind else (), swaps)


def _choices(model: Model, decision: Decision, at: int) -> tuple[str, ...]:
    """What may stand in an output column, as far as it is declared."""
    output: Output | None = decision.output
    if decision.outputs and decision.table is not None:
        name = decision.table.outputs[at].text
        output = next((one for key, one in decision.outputs if key.text == name), None)
    if output is None:
        return ()
    if output.levels_of is not None:
        scheme = next((one for one in model.schemes if one.name == output.levels_of.text), None)
        return scheme.levels.names() if scheme is not None and scheme.levels is not None else ()
    return output.one_of.names() if output.one_of is not None else ()


def _table(
    section: str,
    name: str,
    table: Table,
    choices: Callable[[int], tuple[str, ...]],
    swaps: Callable[[Row, Row, int], bool],
) -> Iterator[Mutant]:
    """`swaps` tells whether it may matter which of two neighbours comes first, by the number of the upper one."""
    for number, row in enumerate(table.rows, 1):
        words = f"`{name}`, row {number}", f"`{name}` 第 {number} 行"
        for cell in row.inputs:
            yield from _texts(section, name, cell, words, conditions)
        for at, value in enumerate(row.outputs):
            yield from _outputs(section, name, value, words, choices(at))
        rest = (*table.rows[: number - 1], *table.rows[number:])
        dropped = f"`{name}` without row {number}", f"删去 {words[1]}"
        yield _mutant(section, name, row.span, dropped, table, replace(table, rows=rest))
        if number < len(table.rows) and swaps(row, table.rows[number], number):
            rows = list(table.rows)
            rows[number - 1 : number + 1] = reversed(rows[number - 1 : number + 1])
            swapped = (
                f"rows {number} and {number + 1} of `{name}` in each other's place",
                f"对调 `{name}` 第 {number} 行和第 {number + 1} 行",
            )
            yield _mutant(section, name, row.span, swapped, table, replace(table, rows=tuple(rows)))


def _card(name: str, card: Scorecard) -> Iterator[Mutant]:
    for line in card.criteria:
        words = f"`{name}`, criterion `{line.name}`", f"`{name}` 的条件 `{line.name}`"
        if len(card.criteria) > 1:
            rest = tuple(one for one in card.criteria if one is not line)
            dropped = f"`{name}` without criterion `{line.name}`", f"删去 {words[1]}"
            yield from _unlike(
                card, [_mutant("decisions", name, line.span, dropped, card, replace(card, criteria=rest))]
            )
        yield from _line(name, card, line, words)
    for level in card.levels:
        words = f"`{name}`, level `{level.level.text}`", f"`{name}` 的等级 `{level.level.text}`"
        yield from _unlike(card, _values("decisions", name, level.points, words))


def _line(name: str, card: Scorecard, line: Criterion, words: Words) -> Iterator[Mutant]:
    yield from _texts("decisions", name, line.when, words, conditions)
    yield from _texts("decisions", name, line.expression, words, conditions)
    for band in line.bands:
        yield from _texts("decisions", name, band.test, words, conditions)
    for value in (line.points, line.weight, *(band.points for band in line.bands)):
        yield from _unlike(card, _values("decisions", name, value, words))


def _unlike(card: Scorecard, found: Iterable[Mutant]) -> Iterator[Mutant]:
    """Those that give another level for some combination of points."""
    for mutant in found:
        if not same_levels(card, _swap(card, mutant.old, mutant.new)):
            yield mutant


def _outputs(section: str, name: str, value: Value, words: Words, choices: tuple[str, ...]) -> Iterator[Mutant]:
    """Another answer: the next of those that are declared, else a number moved by one."""
    text = value.text.text.strip()
    if text in choices and len(choices) > 1 and not value.formula:
        other = choices[(choices.index(text) + 1) % len(choices)]
        yield _said(section, name, value.text, other, words)
    elif not choices:
        yield from _values(section, name, value, words)


def _values(section: str, name: str, content: Content | None, words: Words) -> Iterator[Mutant]:
    """Literals moved by one, formulas with one bound moved."""
    match content:
        case Value() if not content.null and not content.quoted:
            yield from _texts(section, name, content.text, words, conditions if content.formula else literals)
        case Items():
            for item in content.items:
                yield from _values(section, name, item, words)
        case Fields():
            for key, item in content.entries:
                yield from _values(section, name, item, tuple(f"{word}: {key.text}" for word in words))  # type: ignore[arg-type]


def _texts(
    section: str, name: str, fragment: Fragment | None, words: Words, edits: Callable[[str], Iterator[str]]
) -> Iterator[Mutant]:
    if fragment is not None:
        yield from (_said(section, name, fragment, other, words) for other in edits(fragment.text))


def _said(section: str, name: str, old: Fragment, new: str, words: Words) -> Mutant:
    start, end = _changed(old.text, new)
    before, after = old.text[start:end], new[start : len(new) - len(old.text) + end]
    changed = f"`{after}` instead of `{before}` in {words[0]}", f"将 {_spaced(words[1])}的 `{before}` 改为 `{after}`"
    return _mutant(section, name, old.at(start, end), changed, old, Fragment(new, old.span, (), False))


def _spaced(words: str) -> str:
    """Chinese words with a space behind a name."""
    return f"{words} " if words.endswith("`") else words


def _changed(old: str, new: str) -> tuple[int, int]:
    """The part of `old` that differs from `new`, with the comparison that it stands in."""
    if len(old) <= _SHORT:
        return 0, len(old)
    least = min(len(old), len(new))
    start = next((at for at in range(least) if old[at] != new[at]), least)
    same = next((at for at in range(least - start) if old[-1 - at] != new[-1 - at]), least - start)
    end = max(len(old) - same, start + 1)
    joints = list(_JOINT.finditer(old))
    left = max((found.end() for found in joints if found.end() <= start), default=0)
    right = min((found.start() for found in joints if found.start() >= end), default=len(old))
    while right > end and (old[right - 1] == " " or (old[right - 1] == ")" and _closed(old[left:right]) < 0)):
        right -= 1
    while left < start and (old[left] == " " or (old[left] == "(" and _closed(old[left:right]) > 0)):
        left += 1
    return left, right


def _closed(text: str) -> int:
    """How many brackets a text leaves open; below nought where it closes more."""
    return text.count("(") - text.count(")")


def _mutant(section: str, name: str, place: Span, said: Words, old: Any, new: Any) -> Mutant:
    return Mutant(section, name, place, Text((("en", said[0]), ("zh", said[1]))), old, new)
