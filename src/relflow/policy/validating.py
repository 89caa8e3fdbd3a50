"""What is wrong with a record of facts, all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from relflow.errors import ClockRequiredError, FactError
from relflow.program import Code, ConformError, Fact, Program, Run, conform, wrong_fact

__all__ = ["validate"]


def validate(program: Program, record: Mapping[str, Any], now: datetime | date | None) -> Iterator[FactError]:
    """Facts of the wrong type or out of bounds; then, if there are none, required ones that are missing.

    Whether a fact is required may depend on a decision that reads the time; without `now` that is left open.
    """
    wrong = False
    for name, fact in program.facts.items():
        try:
            conform(record.get(name), fact.type)
        except ConformError as problem:
            wrong = True
            yield wrong_fact(name, problem)
    if not wrong:
        run = Run(program, record, now)
        yield from (_required(fact) for fact in program.facts.values() if _lacks(run, fact))


def _lacks(run: Run, fact: Fact) -> bool:
    if not isinstance(fact.required, Code) or run.outcome(fact.id).value is not None:
        return False
    try:
        return run.strict(fact.required) is True
    except ClockRequiredError:
        return False


def _required(fact: Fact) -> FactError:
    return FactError.of(
        "required",
        f"the fact `{fact.id}` is required and missing",
        f"缺少必填数据项 `{fact.id}`",
        fact=fact.id,
    )
