"""The words of notifications: templates filled in every language, personal values masked."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from relflow.feel.types import NumberType
from relflow.program.workflows import Hole, Template
from relflow.text import Text
from relflow.workflow.phrases import MASK, shown
from relflow.workflow.scene import Scene

__all__ = ["filled"]

_Parts = tuple[str | Hole, ...]


def filled(scene: Scene, template: Template) -> tuple[Text, dict[str, object]]:
    """The message's text in the languages of its template, and the values of its holes that are not personal."""
    values: dict[str, object] = {}
    pairs = []
    for lang, parts in _languages(template):
        words = [part if isinstance(part, str) else _hole(scene, part, lang or "en", values) for part in parts]
        pairs.append((lang, "".join(words)))
    return Text(tuple(pairs)), values


def _languages(template: Template) -> Iterator[tuple[str, _Parts]]:
    """The template in each language; words for all languages may still hold values that each says its own way."""
    for lang, parts in template.parts:
        if lang or all(isinstance(part, str) for part in parts):
            yield lang, parts
        else:
            yield from (("en", parts), ("zh", parts))


def _hole(scene: Scene, hole: Hole, lang: str, values: dict[str, object]) -> str:
    if hole.personal:
        return MASK
    formula = hole.formula
    value = scene.value(formula)
    values[formula.text] = value
    datum = scene.workflow.data.get(formula.text)
    if datum is not None and isinstance(value, str) and value in datum.labels:
        return datum.labels[value].text(lang)
    if isinstance(formula.type, NumberType) and formula.type.unit and isinstance(value, int | float | Decimal):
        # an amount is read in groups of three digits, a number without a unit may be a year or a code
        return f"{value:,}"
    return shown(value, lang, scene.workflow.zone)
