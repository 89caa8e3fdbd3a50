"""What is wrong with a record of facts, all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from relflow.errors import ClockRequiredError, FactError
from relflow.program import Broken, Code, ConformError, Fact, Program, Role, Run, conform, wrong_fact

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
        facts = [name for name, fact in program.facts.items() if _lacks(run, name, fact.required)]
        yield from (_required(program.facts[name]) for name in facts)
        for role in program.roles.values():
            name = role.from_ or ""
            if name in program.facts and name not in facts and _lacks(run, name, role.required):
                yield _nobody(role)


def _lacks(run: Run, name: str, required: Code | Broken | None) -> bool:
    """Whether a fact has to be there and is not."""
    if not isinstance(required, Code) or run.outcome(name).value not in (None, ""):
        return False
    try:
        return run.strict(required) is True
    except ClockRequiredError:
        return False


def _required(fact: Fact) -> FactError:
    return FactError.of(
        "required",
        f"the fact `{fact.id}` is required and missing",
        f"缺少必填数据项 `{fact.id}`",
        fact=fact.id,
    )


def _nobody(role: Role) -> FactError:
    return FactError.of(
        "required",
        f"the role `{role.id}` is required, and the fact `{role.from_}` that names who holds it is missing",
        f"必须有人担任 `{role.id}`，但缺少指明担任者的数据项 `{role.from_}`",
        fact=role.from_,
        role=role.id,
    )
