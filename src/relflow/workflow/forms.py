"""What people typed into a form, as the data of an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from relflow.compiler.literals import read
from relflow.diagnostics import Diagnostic, Fragment
from relflow.model import Items, Value
from relflow.program.workflows import Workflow
from relflow.text import Text
from relflow.workflow import refusals
from relflow.workflow.data import typed
from relflow.workflow.phrases import phrase

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


def parse(workflow: Workflow, texts: Mapping[str, str | list[str]], event: str | None = None) -> Form:
    """The data that form fields stand for: `5000万`, `2026-03-02`, `2 working days`, `true`, a text.

    `texts` has a text for each datum, or a list of texts where a form lets one choose several; an empty text means
    nothing was entered. A text with `one_of` is given by its value, not by its label. With an `event`, fields that no
    alternative of it takes are problems. Raises RefusedError (`event`) for an event that the workflow has not.
    """
    if event is not None and event not in workflow.events:
        raise refusals.nothing_like_it(workflow, event)
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
    if event is not None:
        takes = _takes(workflow, event)
        foreign = phrase("it is not asked for here", "在此不需要填写")
        bad |= {name: foreign for name, value in good.items() if value is not None and name not in takes}
        good = {name: value for name, value in good.items() if name in takes}
    return Form(good, {**problems, **bad})


def _takes(workflow: Workflow, event: str) -> set[str]:
    """The data that may come with an event, in whichever state and alternative."""
    found = [state.events[event] for state in workflow.states.values() if event in state.events]
    return {name for one in found for alternative in one.alternatives for name in alternative.takes}


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
