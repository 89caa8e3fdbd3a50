"""The functions that answer: one for each name, made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from relflow.program import Program
from relflow.results import Decision
from relflow.rules.fast import fast_entry
from relflow.rules.questions import Question

__all__ = ["Entries", "Entry"]

Entry = Callable[
    [Mapping[str, Any], "datetime | date | str | None", "Mapping[str, Any] | None", "Mapping[str, Any] | None"],
    Decision,
]


class Entries(dict[str, Entry]):
    """The entry of each name; raises KeyError for a name that the program does not have."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self._program = program
        self._questions: dict[str, Question] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names that can be decided: decisions, indicators and schemes."""
        program = self._program
        return (*program.decisions, *program.indicators, *program.schemes)

    def question(self, name: str) -> Question:
        """The question behind a name."""
        found = self._questions.get(name)
        if found is None:
            found = self._questions[name] = Question(self._program, name)
        return found

    def __missing__(self, name: str) -> Entry:
        if name not in self._program.nodes:
            raise KeyError(name)
        question = self.question(name)
        entry = self[name] = fast_entry(question) or question.decide
        return entry
