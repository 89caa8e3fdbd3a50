"""Boundary rows of a decision as a test table, with the present answers filled in for the analyst to review."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

from relflow.diagnostics import width
from relflow.errors import NotFoundError, RelflowError
from relflow.policy import Policy
from relflow.program import Decision as DecisionNode
from relflow.program import Scheme
from relflow.results import Decision
from relflow.review.goals import reached
from relflow.rules import as_record, local_instant
from relflow.rules.recording import RecordingRun
from relflow.testing.boundaries import boundaries
from relflow.text import DEFAULT_LANGUAGE, Text
from relflow.values import Duration

__all__ = ["Generated", "generate"]

_POOL = 3000
_IT = Text(
    (
        ("en", "answers at the boundaries of `{name}` as today (generated, review each row)"),
        ("zh", "边界处 `{name}` 的现有结果（自动生成，请逐行复核）"),
    )
)
At = date | datetime | None
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Generated:
    """The text of a file of tests with so many `rows`; `left_out` are the facts that no cell can hold."""

    text: str
    rows: int
    left_out: tuple[str, ...] = ()


def generate(policy: Policy, name: str, *, at: At = None, most: int = 40, lang: str = DEFAULT_LANGUAGE) -> Generated:
    """A test of the decision or scheme `name` at its boundaries, at most so many rows, most informative first.

    A row tells more the more rules it reaches for the first time, and the more neighbouring values get another answer.
    Raises NotFoundError where there is nothing of that name, or nothing in it that a table can vary.
    """
    facts = boundaries(policy, name, at)
    if not facts:
        raise NotFoundError.of(
            "no-boundaries",
            f"`{name}` reads no fact that a table can vary",
            f"`{name}` 未用到可在表中取不同值的数据项",
            name=name,
        )
    pool = _Pool(policy, name, at, facts)
    chosen = pool.chosen(most)
    table = [[*facts, "||", *pool.outputs], *(pool.row(values) for values in chosen)]
    left_out = tuple(fact for fact in policy.facts_for(name) if fact not in facts)
    return Generated(_file(_IT.text(lang).format(name=name), name, at, table), len(chosen), left_out)


class _Pool:
    """The records to choose from, each decided once."""

    def __init__(self, policy: Policy, name: str, at: At, facts: Mapping[str, Values]) -> None:
        self.policy, self.name, self.at = policy, name, at
        self.facts = {fact: (*values, None) for fact, values in facts.items()}
        node = policy.program.nodes[name]
        self.outputs = [name]
        if isinstance(node, DecisionNode) and len(node.outputs) > 1:
            self.outputs = [output for output, _ in node.outputs]
        self._answers: dict[Values, tuple[Any, frozenset[Any]]] = {}

    def chosen(self, most: int) -> list[Values]:
        """The most informative records, greedily; ties go to the earlier one."""
        told = {values: self._tells(values) for values in self._records()}
        chosen: list[Values] = []
        known: set[Any] = set()
        while told and len(chosen) < most:
            best = max(
                told, key=lambda values: sum(weight for fact, weight in told[values].items() if fact not in known)
            )
            if told[best].keys() <= known:
                break
            known |= told.pop(best).keys()
            chosen.append(best)
        return chosen

    def _records(self) -> Iterator[Values]:
        """All combinations or, where there are too many, as many of them spread evenly, missing values last."""
        choices = list(self.facts.values())
        total = prod(map(len, choices))
        if total <= _POOL:
            yield from (values for values in product(*choices) if self._decided(values) is not None)
            return
        seen: set[Values] = set()
        for number in range(_POOL):
            rest, picked = number * total // _POOL + number, []
            for values in choices:
                rest, at = divmod(rest, len(values))
                picked.append(values[at])
            if tuple(picked) not in seen and self._decided(tuple(picked)) is not None:
                seen.add(tuple(picked))
                yield tuple(picked)

    def _tells(self, values: Values) -> dict[Any, int]:
        """What a record shows, with its weight: rules that decide, bounds where the answer turns, values."""
        decided = self._decided(values)
        assert decided is not None
        answer, goals = decided
        told: dict[Any, int] = {("answer", repr(answer)): 50}
        told |= {("goal", goal): 100 for goal in goals}
        for at, (fact, choices) in enumerate(self.facts.items()):
            place = choices.index(values[at])
            told["value", fact, place] = 2
            told["decides", fact, place, goals] = 1
            for near in {place - 1, place + 1} & set(range(len(choices) - (values[at] is not None))):
                other = self._decided((*values[:at], choices[near], *values[at + 1 :]))
                if other is not None and other[0] != answer:
                    told["turns", fact, place, near, repr(answer), repr(other[0])] = 10
        return told

    def _decided(self, values: Values) -> tuple[Any, frozenset[Any]] | None:
        """The answer and the rules that gave it; None where deciding is refused."""
        if values not in self._answers:
            try:
                self._answers[values] = self._decide(dict(zip(self.facts, values, strict=True)))
            except RelflowError:
                return None
        return self._answers[values]

    def _decide(self, record: Mapping[str, Any]) -> tuple[Any, frozenset[Any]]:
        run = RecordingRun(self.policy.program, as_record(record), local_instant(self.policy.program, self.at))
        outcome = run.outcome(self.name)
        value = outcome.value
        return ("unknown", None) if outcome.unknown else ("is", _frozen(value)), frozenset(reached(run))

    def row(self, values: Values) -> list[str]:
        """The cells of a row of the test table."""
        record = dict(zip(self.facts, values, strict=True))
        node = self.policy.program.nodes[self.name]
        if isinstance(node, Scheme):
            standing = self.policy.assign(self.name, record, at=self.at)
            answers = [_UNKNOWN if standing.unknown else standing.level]
        else:
            answers = self._outputs(self.policy.decide(self.name, record, at=self.at))
        return [*(_cell(value) for value in values), "||", *(_cell(answer) for answer in answers)]

    def _outputs(self, decision: Decision) -> list[Any]:
        if decision.unknown:
            return [_UNKNOWN] * len(self.outputs)
        if len(self.outputs) == 1:
            return [decision.value]
        value = decision.value if isinstance(decision.value, Mapping) else {}
        return [value.get(output) for output in self.outputs]


_UNKNOWN = object()


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    if isinstance(value, Mapping):
        return tuple((key, _frozen(item)) for key, item in value.items())
    return value


def _cell(value: Any) -> str:
    """A value as a literal of a test table."""
    if value is _UNKNOWN:
        return "unknown"
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return f"{value:_}"
        case str():
            return (
                value
                if re.fullmatch(r"[\w-]+", value) and value != "unknown"
                else '"' + value.replace('"', '\\"') + '"'
            )
        case list():
            return f"[{', '.join(map(_cell, value))}]"
        case date() | datetime():
            return value.isoformat()
        case Decimal() | float():
            return str(value)
    return Duration.of_value(value).text("en")


def _file(it: str, name: str, at: At, table: list[list[str]]) -> str:
    widths = [max(width(row[column]) for row in table) for column in range(len(table[0]))]
    lines = ["tests:", f"  - it: {it}", f"    decide: {name}"]
    if at is not None:
        lines.append(f"    today: {at.isoformat()}")
    lines.append("    table: |")
    for row in table:
        cells = [cell + " " * (cells - width(cell)) for cell, cells in zip(row, widths, strict=True)]
        lines.append("      | " + " | ".join(cells).replace(" | || | ", " || ") + " |")
    return "\n".join(lines) + "\n"
