"""Effects in the reader's words: the verb, and the workflow, the people or the datum by what they are called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from relflow.model import Open, Value
from relflow.program import Program
from relflow.program.workflows import Workflow
from relflow.report.handbook_words import say
from relflow.text import Text, join

__all__ = ["effects_text"]


def effects_text(program: Program, effects: Sequence[Any], lang: str) -> str:
    """What is done, one after the other."""
    return ("；" if lang.startswith("zh") else "; ").join(_effect(program, one, lang) for one in effects)


def _effect(program: Program, effect: Any, lang: str) -> str:
    verb: str = say(f"do_{type(effect).__name__.lower()}", lang)
    gap = "" if lang.startswith("zh") else " "
    for part in ("workflow", "action", "target"):
        named = getattr(effect, part, None)
        if named is not None:
            what = _what(program, str(named.text), effect, lang)
            return verb + (" " if what.isascii() else gap) + what
    to = getattr(effect, "to", ())
    people = [_person(program, one.text.text, lang) for one in (to if isinstance(to, tuple) else (to,))]
    return verb + gap + join(people, lang)


def _what(program: Program, name: str, effect: Any, lang: str) -> str:
    """A workflow by its label, with what tells this one from others of its kind."""
    if name not in program.workflows:
        return name
    workflow = program.workflows[name]
    label: str = workflow.label.text(lang)
    told = [text.text(lang) for text in _told(workflow, effect)]
    if not told:
        return label
    return f"{label}（{join(told, lang)}）" if lang.startswith("zh") else f"{label} ({join(told, lang)})"


def _told(workflow: Workflow, effect: object) -> Iterator[Text]:
    """The choices that an effect gives the new case, by their labels: the kind of a risk, the subject of a review."""
    if not isinstance(effect, Open) or effect.with_ is None:
        return
    for name, value in effect.with_.entries:
        datum = workflow.data.get(name.text)
        written = value.text.text if isinstance(value, Value) and not value.formula else ""
        if datum is not None and written in datum.labels:
            yield datum.labels[written]


def _person(program: Program, name: str, lang: str) -> str:
    role = program.roles.get(name)
    if role is not None and role.label is not None:
        return role.label.text(lang)
    return say(name, lang) if name in ("owner", "customer") else name
