"""A run that keeps everything it saw: rows, cells, criteria, reasons of nulls."""

from __future__ import annotations

from typing import Any

from relflow.diagnostics import Diagnostic
from relflow.program import Broken, Code, ConformError, Decision, Node, Outcome, Run
from relflow.results import Reason
from relflow.text import Text

__all__ = ["RecordingRun"]

Seen = tuple[int, bool | None, tuple[tuple[Any, bool], ...]]


class RecordingRun(Run):
    """Answers as a plain run does, through the recording twins of expressions.

    `rows` has the rows of each table that were looked at, `criteria` those of each scorecard, `looked` the names that
    each name's answer rests on, `reasons` why expressions were null.
    """

    __slots__ = ("criteria", "looked", "reasons", "rows", "stack")

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.rows: dict[str, list[Seen]] = {}
        self.criteria: dict[str, list[tuple[int, Any, Any, Any]]] = {}
        self.looked: dict[str, dict[str, None]] = {}
        self.reasons: list[Reason] = []
        self.stack: list[str] = []

    def answer(self, node: Node) -> Outcome:
        """What a node answers; expressions on the way belong to it."""
        self.stack.append(node.id)
        self.looked.setdefault(node.id, {})
        outcome = super().answer(node)
        self.stack.pop()
        return outcome

    def expression(self, code: Code, *, strict: bool = False) -> Outcome:
        """The value of an expression; all that it reads counts."""
        self.look(code)
        return super().expression(code, strict=strict)

    def look(self, code: Code | Broken | None) -> None:
        """The current answer rests on what this expression reads."""
        if isinstance(code, Code) and self.stack:
            self.looked[self.stack[-1]].update((name, None) for name in code.reads if name != "?")

    def call(self, code: Code, *first: Any) -> Any:
        """The value of an expression or cell, its reasons kept."""
        return self.recorded(code, self.arguments(code, *first))

    def strict(self, code: Code, *first: Any) -> Any:
        """The value of a condition or cell, its reasons kept."""
        arguments = self.arguments(code, *first)
        value = code.strict(self.now, *arguments)
        if value is None:
            self.recorded(code, arguments)
        return value

    def recorded(self, code: Code, arguments: list[Any]) -> Any:
        """Run the recording twin; what went wrong because something is missing is no reason of its own."""
        recording = code.record(self.now, *arguments)
        if recording.reasons and not self.marked(code):
            node = self.stack[-1] if self.stack else ""
            for why in recording.reasons:
                reason = _reason(why.at(code.fragment), node)
                if reason not in self.reasons:
                    self.reasons.append(reason)
        return recording.value

    def saw_row(self, name: str, index: int, result: bool | None, cells: Any) -> None:
        """Keep a row that was looked at."""
        if index >= 0:
            self.rows.setdefault(name, []).append((index, result, tuple(cells)))
        else:
            self.rows[name] = []

    def saw_misfit(self, node: Decision, problem: ConformError) -> None:
        """Keep why a value is not of its decision's type."""
        self.reasons.append(Reason(problem.reason, problem.message, node.span, node.id))

    def saw_criterion(self, name: str, index: int, value: Any, low: Any, high: Any) -> None:
        """Keep a criterion."""
        self.criteria.setdefault(name, []).append((index, value, low, high))


def _reason(found: Diagnostic, node: str) -> Reason:
    said = Text((("en", found.text("en")), ("zh", found.text("zh"))))
    return Reason(found.name, said, found.span, node)
