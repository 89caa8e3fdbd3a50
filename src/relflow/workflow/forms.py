"""What people typed into a form, as the data of an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from relflow.compiler.literals import read
from relflow.diagnostics import Diagnostic, Fragment
from relflow.model import Items, Value
from relflow.program.workflows import Workflow
from relflow.text import Text
from relflow.workflow.data import typed

__all__ = ["Form", "parse"]

_LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Form:
    """Typed data, and for each field that says nothing usable why."""

    data: Mapping[str, object] = field(default_factory=dict)
    problems: Mapping[str, Text] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every field could be read."""
        return not self.problems


def parse(workflow: Workflow, texts: Mapping[str, str | list[str]]) -> Form:
    """The data that form fields stand for: `5000万`, `2026-03-02`, `2 working days`, `true`, a text.

    `texts` has a text for each datum, or a list of texts where a form lets one choose several; an empty text means
    nothing was entered. A text with `one_of` is given by its value, not by its label.
    """
    found: dict[str, object] = {}
    problems: dict[str, Text] = {}
    for name, text in texts.items():
        datum = workflow.data.get(name)
        value: object = text or None
        if datum is not None and value is not None:
            value = read(_content(text), datum.type, workflow.calendar.zone)
        if isinstance(value, Diagnostic):
            problems[name] = Text(tuple((lang, _sentence(value, lang)) for lang in _LANGUAGES))
        else:
            found[name] = value
    good, bad = typed(workflow, found)
    return Form(good, {**problems, **bad})


def _content(text: str | list[str]) -> Value | Items:
    """A text as a literal; it never is a formula, whatever somebody typed."""
    if isinstance(text, str):
        return Value(Fragment.of(text), quoted=True)
    return Items(tuple(Value(Fragment.of(one), quoted=True) for one in text), Fragment.of("").span)


def _sentence(problem: Diagnostic, lang: str) -> str:
    remedy = problem.help(lang)
    if remedy is None:
        return problem.text(lang)
    return f"{problem.text(lang)}；{remedy}" if lang == "zh" else f"{problem.text(lang)}; {remedy}"
