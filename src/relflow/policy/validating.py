"""What is wrong with a record of facts, all of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from relflow.diagnostics import nearest
from relflow.errors import ClockRequiredError, FactError
from relflow.feel import ListType, RecordType, Type
from relflow.program import Broken, Code, ConformError, Fact, Program, Role, Run, conform, wrong_fact

__all__ = ["misspelt", "validate"]


def validate(program: Program, record: Mapping[str, Any], now: datetime | date | None) -> Iterator[FactError]:
    """Misspelt names, facts of the wrong type or out of bounds; if there are none, required ones that are missing.

    Names that resemble no missing fact are other columns of a CRM and left alone. Whether a fact is required may depend
    on a decision that reads the time; without `now` that is left open.
    """
    wrong = False
    for name, near in misspelt(program.facts, record):
        wrong = True
        yield _no_fact(name, near)
    for name, fact in program.facts.items():
        try:
            yield from (_no_field(name, *one) for one in _misspelt_fields(fact.type, record.get(name)))
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


def misspelt(known: Collection[str], given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names that are given and not known, each with the known one that was likely meant and is not given."""
    absent = [name for name in known if name not in given]
    for name in given if absent else ():
        near = nearest(str(name), absent) if name not in known else None
        if near is not None:
            yield str(name), near


def _misspelt_fields(type_: Type, value: Any) -> Iterator[tuple[str, str]]:
    """The same within a record, and within each record of a list."""
    if isinstance(type_, ListType) and isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from _misspelt_fields(type_.item, item)
    elif isinstance(type_, RecordType) and isinstance(value, Mapping):
        yield from misspelt([name for name, _ in type_.fields], value)
        for name, field in type_.fields:
            yield from _misspelt_fields(field, value.get(name))


def _lacks(run: Run, name: str, required: Code | Broken | None) -> bool:
    """Whether a fact has to be there and is not."""
    if not isinstance(required, Code) or run.outcome(name).value not in (None, ""):
        return False
    try:
        return run.strict(required) is True
    except ClockRequiredError:
        return False


def _no_fact(name: str, near: str) -> FactError:
    return FactError.of(
        "unknown-fact",
        f"`{name}` is no fact of the policy: did you mean `{near}`?",
        f"`{name}` 不是本制度的数据项，是否想写 `{near}`？",
        fact=name,
    )


def _no_field(fact: str, name: str, near: str) -> FactError:
    return FactError.of(
        "unknown-field",
        f"the fact `{fact}` has no field `{name}`: did you mean `{near}`?",
        f"数据项 `{fact}` 没有字段 `{name}`，是否想写 `{near}`？",
        fact=fact,
        field=name,
    )


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
