"""The words of notifications: templates filled in every language, personal values masked."""

from __future__ import annotations

from relflow.program.workflows import Hole, Template
from relflow.text import Text
from relflow.workflow.phrases import MASK, shown
from relflow.workflow.scene import Scene

__all__ = ["filled"]


def filled(scene: Scene, template: Template) -> tuple[Text, dict[str, object]]:
    """The message's text in the languages of its template, and the values of its holes that are not personal."""
    values: dict[str, object] = {}
    pairs = []
    for lang, parts in template.parts:
        words = [part if isinstance(part, str) else _hole(scene, part, lang or "en", values) for part in parts]
        pairs.append((lang, "".join(words)))
    return Text(tuple(pairs)), values


def _hole(scene: Scene, hole: Hole, lang: str, values: dict[str, object]) -> str:
    if hole.personal:
        return MASK
    value = scene.value(hole.formula)
    values[hole.formula.text] = value
    datum = scene.workflow.data.get(hole.formula.text)
    if datum is not None and isinstance(value, str) and value in datum.labels:
        return datum.labels[value].text(lang)
    return shown(value, lang, scene.workflow.zone)
