"""One run over one record: what each name answers, and which names are missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from relflow.calendars import Calendar
from relflow.diagnostics import nearest
from relflow.errors import ClockRequiredError, FactError
from relflow.program.code import Broken, Code
from relflow.program.conform import ConformError, conform
from relflow.program.instants import as_day
from relflow.program.matching import decide_table
from relflow.program.nodes import KNOWN, Decision, Fact, Indicator, Node, Outcome, Parameter, Scheme
from relflow.program.program import Program
from relflow.program.scorecards import Scorecard
from relflow.program.scoring import decide_scorecard
from relflow.program.standings import level_in_force
from relflow.program.tables import Table
from relflow.text import Text

__all__ = ["KNOWN", "Run", "evaluate", "wrong_fact"]

Instant = datetime | date | None
EMPTY: Mapping[str, Any] = {}


class Run:
    """Answers names for one record at one instant; each name once.

    `values` has what names answered so far. `now` is an aware datetime in the policy's zone, or a date alone, or None;
    `known` the days as of which facts are known.
    """

    __slots__ = ("known", "now", "outcomes", "program", "provisional", "record", "state", "values")

    def __init__(
        self,
        program: Program,
        record: Mapping[str, Any],
        now: Instant = None,
        state: Mapping[str, Any] | None = None,
        known: Mapping[str, Any] | None = None,
    ) -> None:
        self.program = program
        self.record = record
        self.now = now
        self.state = state or EMPTY
        self.known = known or EMPTY
        self.provisional = False
        self.values: dict[str, Any] = {}
        self.outcomes: dict[str, Outcome] = {}

    @property
    def day(self) -> date | None:
        """The day of the instant."""
        return self.now.date() if isinstance(self.now, datetime) else self.now

    @property
    def calendar(self) -> Calendar:
        """The policy's working time."""
        return self.program.calendar

    def outcome(self, name: str) -> Outcome:
        """What a name answers."""
        found = self.outcomes.get(name)
        if found is None:
            node = self.program.nodes.get(name)
            found = self.answer(node) if node is not None else self.freshness(name)
            self.assume(name, found)
        return found

    def assume(self, name: str, outcome: Outcome) -> None:
        """Let a name answer that."""
        self.outcomes[name] = outcome
        self.values[name] = outcome.value

    def freshness(self, name: str) -> Outcome:
        """The day as of which a fact is known, for a name such as `known annual_amount`."""
        fact = name.removeprefix(KNOWN)
        day = as_day(self.known.get(fact), self.program.zone, f"known[{fact}]")
        if day is None and self.known:
            near = nearest(fact, [one for one in self.known if one not in self.program.facts])
            if near is not None:
                raise _misspelt(near, fact)
        return Outcome(day, unknown=day is None)

    def answer(self, node: Node) -> Outcome:
        """What a node answers, worked out now."""
        if self.now is None and node.id in self.program.timed:
            raise _no_clock(node.id)
        match node:
            case Fact():
                return self.fact(node)
            case Parameter():
                return self.parameter(node)
            case Decision(body=Table() as table):
                return decide_table(self, node.id, table)
            case Decision(body=Scorecard() as card):
                return decide_scorecard(self, node.id, card)
            case Decision(body=Code() as code):
                outcome = self.fitting(node, self.expression(code))
                return Outcome(outcome.value) if node.no_match else outcome
            case Indicator(when=Code() as code):
                return self.expression(code, strict=True)
            case Scheme():
                return level_in_force(self, node)
            case _:
                return Outcome(None, unknown=True)

    def fact(self, node: Fact) -> Outcome:
        """The host's value for a fact."""
        value = self.record.get(node.id)
        if value.__class__ in self.program.ordinary[node.id]:
            return Outcome(value)
        try:
            value = conform(value, node.type)
        except ConformError as problem:
            raise wrong_fact(node.id, problem) from None
        return Outcome(value, unknown=value is None)

    def parameter(self, node: Parameter) -> Outcome:
        """The company's value for a parameter, for the level in force where it differs by level."""
        if isinstance(node.code, Code):
            return self.expression(node.code)
        level = None
        if node.per is not None:
            found = self.outcome(node.per)
            if found.value is None:
                return Outcome(None, unknown=True)
            level = found.value
        value = node.value(level, self.day)
        return Outcome(value, unknown=value is None)

    def expression(self, code: Code, *, strict: bool = False) -> Outcome:
        """The value of an expression: unknown if it is null and something that it reads is missing."""
        marked = self.marked(code)
        value = self.strict(code) if strict and marked else self.call(code)
        return Outcome(value, unknown=value is None and marked)

    def fitting(self, node: Decision, outcome: Outcome) -> Outcome:
        """The answer of an expression if it is of the type that the decision declares, else null."""
        if not node.check or outcome.value is None:
            return outcome
        try:
            return Outcome(conform(outcome.value, node.type), outcome.unknown)
        except ConformError as problem:
            self.saw_misfit(node, problem)
            return Outcome(None)

    def call(self, code: Code, *first: Any) -> Any:
        """The value of an expression or, with its input as `first`, of a cell."""
        return code.call(self.now, *self.arguments(code, *first))

    def strict(self, code: Code, *first: Any) -> Any:
        """The value of a condition or, with its input as `first`, of a cell: null where a null leaves it open."""
        return code.strict(self.now, *self.arguments(code, *first))

    def arguments(self, code: Code, *first: Any) -> list[Any]:
        """The values of the names that an expression reads; `?` stands for `first`."""
        if code.reads_time and self.now is None:
            raise _no_clock(code.text)
        return [first[0] if name == "?" else self.outcome(name).value for name in code.reads]

    def marked(self, code: Code | Broken) -> bool:
        """Whether something that an expression reads is missing."""
        if isinstance(code, Broken):
            return True
        return any(self.outcome(name).unknown for name in code.reads if name != "?")

    # what a recording run keeps; a plain one does not

    def saw_row(self, name: str, index: int, result: bool | None, cells: Any) -> None:
        """Told of each row that was looked at."""

    def saw_misfit(self, node: Decision, problem: ConformError) -> None:
        """Told of a value that is not of the type that its decision declares."""

    def saw_criterion(self, name: str, index: int, value: Any, low: Any, high: Any) -> None:
        """Told of each criterion."""


def evaluate(
    program: Program,
    name: str,
    record: Mapping[str, Any],
    now: Instant = None,
    state: Mapping[str, Any] | None = None,
) -> Outcome:
    """What `name` answers for a record of facts (and, in a case, its data).

    Raises FactError for a fact of the wrong type, ClockRequiredError where the time is read and `now` is None.
    """
    return Run(program, record, now, state).outcome(name)


def wrong_fact(name: str, problem: ConformError) -> FactError:
    """The error for a fact of the wrong type or out of bounds; it names the fact and says no value."""
    en = f"the fact `{name}` cannot be used: {problem.text('en')}"
    zh = f"数据项 `{name}` 无法使用：{problem.text('zh')}"
    return FactError(Text((("en", en), ("zh", zh))), reason=problem.reason, fact=name)


def _misspelt(name: str, fact: str) -> FactError:
    return FactError.of(
        "unknown-fact",
        f"`known` names `{name}`, which is no fact: did you mean `{fact}`?",
        f"`known` 中的 `{name}` 不是数据项，是否想写 `{fact}`？",
        fact=name,
    )


def _no_clock(name: str) -> ClockRequiredError:
    return ClockRequiredError.of(
        "clock-required",
        f"`{name}` reads the time: pass `at=` (a date, or a datetime with its zone)",
        f"`{name}` 要用到当前时间：请传入 `at=`（日期，或带时区的时间）",
        name=name,
    )
