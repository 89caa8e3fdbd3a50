"""The words of notifications: templates filled in every language, personal values masked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from relflow.feel.types import NumberType
from relflow.program.workflows import Hole, Template, Workflow
from relflow.results import Case
from relflow.text import Text
from relflow.workflow.phrases import MASK, shown
from relflow.workflow.scene import Scene

__all__ = ["filled", "wording"]

_Parts = tuple[str | Hole, ...]


def filled(scene: Scene, template: Template, *, reveal: bool = False) -> tuple[Text, dict[str, object]]:
    """The message's text in the languages of its template, and the values of its holes that are not personal.

    Personal values are masked unless `reveal` is set, and where they are not known.
    """
    values: dict[str, object] = {}
    pairs = []
    for lang, parts in _languages(template):
        words = [part if isinstance(part, str) else _hole(scene, part, lang or "en", values, reveal) for part in parts]
        pairs.append((lang, "".join(words)))
    return Text(tuple(pairs)), values


def wording(
    workflow: Workflow,
    case: Case,
    template: Template,
    given: Mapping[str, object],
    facts: Mapping[str, object],
    now: datetime,
    *,
    standings: Mapping[str, object] | None = None,
) -> Text:
    """A message's text with its personal values, as the case stands now; `given` is what its effect gave it."""
    scene = Scene(workflow, case, facts, now, standings)
    scene.local = {name: value for name, value in given.items() if name not in {"workflow", "state", "account"}}
    return filled(scene, template, reveal=True)[0]


def _languages(template: Template) -> Iterator[tuple[str, _Parts]]:
    """The template in each language; words for all languages may still hold values that each says its own way."""
    for lang, parts in template.parts:
        if lang or all(isinstance(part, str) for part in parts):
            yield lang, parts
        else:
            yield from (("en", parts), ("zh", parts))


def _hole(scene: Scene, hole: Hole, lang: str, values: dict[str, object], reveal: bool) -> str:
    formula = hole.formula
    if hole.personal and not reveal:
        return MASK
    value = scene.value(formula)
    if hole.personal and value is None:
        return MASK
    if not hole.personal:
        values[formula.text] = value
    datum = scene.workflow.data.get(formula.text)
    if datum is not None and isinstance(value, str) and value in datum.labels:
        return datum.labels[value].text(lang)
    if isinstance(formula.type, NumberType) and formula.type.unit and isinstance(value, int | float | Decimal):
        # an amount is read in groups of three digits, a number without a unit may be a year or a code
        return f"{value:,}"
    return shown(value, lang, scene.workflow.zone)
