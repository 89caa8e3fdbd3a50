"""A policy's facts as Python types: what a host may pass, for its type checker."""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterator

from relflow.feel import ListType, NumberType, RecordType, ScalarType, StringType, Type
from relflow.program import Program

__all__ = ["python_types"]

_SCALARS = {
    "boolean": "bool",
    "date": "date",
    "date and time": "datetime",
    "time": "time",
    "days and time duration": "timedelta",
    "years and months duration": "YearsMonthsDuration",
}
_NUMBER = "int | float | Decimal"


def python_types(program: Program) -> str:
    """A module with a TypedDict for the record of an account, one for each kind of record in it, and the levels.

    Every fact may be left out or be None: a missing fact is an answer, too.
    """
    records: dict[str, RecordType] = {}
    facts = [(name, fact.type) for name, fact in program.facts.items()]
    for _, type_ in facts:
        _collect(type_, records)
    body = [line for name, record in records.items() for line in _record(_class(name), record.fields)]
    body += _record(f"{_class(program.id or 'policy')}Account", facts)
    for name, scheme in program.schemes.items():
        body += [f"{_class(name)}Level = {_literal(scheme.levels)}", ""]
    text = "\n".join(body)
    return "\n".join([*_head(program, text), "", "", text.strip(), ""])


def _head(program: Program, body: str) -> Iterator[str]:
    """The docstring and the imports that the body needs."""
    yield f'"""Types of the policy {program.id} {program.version}; written by `relflow types`."""'
    yield ""
    yield "from __future__ import annotations"
    yield ""
    stdlib = [
        name for name in ("date", "datetime", "time", "timedelta") if f" {name} " in f" {body} ".replace("\n", " ")
    ]
    if stdlib:
        yield f"from datetime import {', '.join(stdlib)}"
    if "Decimal" in body:
        yield "from decimal import Decimal"
    yield f"from typing import {'Literal, ' if 'Literal[' in body else ''}TypedDict"
    if "YearsMonthsDuration" in body:
        yield ""
        yield "from relflow.values import YearsMonthsDuration"


def _collect(type_: Type, records: dict[str, RecordType]) -> None:
    if isinstance(type_, ListType):
        _collect(type_.item, records)
    elif isinstance(type_, RecordType) and type_.name:
        for _, field in type_.fields:
            _collect(field, records)
        records[type_.name] = type_


def _record(name: str, fields: list[tuple[str, Type]] | tuple[tuple[str, Type], ...]) -> list[str]:
    """A TypedDict by class if all names allow it, else by call."""
    if all(field.isidentifier() and not keyword.iskeyword(field) for field, _ in fields):
        lines = [f"    {field}: {_hint(type_)} | None" for field, type_ in fields] or ["    pass"]
        return [f"class {name}(TypedDict, total=False):", *lines, "", ""]
    entries = [f'    "{field}": {json.dumps(_hint(type_) + " | None")},' for field, type_ in fields]
    return [f'{name} = TypedDict("{name}", {{', *entries, "}, total=False)", "", ""]


def _hint(type_: Type) -> str:
    match type_:
        case NumberType():
            return _NUMBER
        case StringType():
            return _literal(type_.allowed) if type_.allowed else "str"
        case ListType():
            return f"list[{_hint(type_.item)}]"
        case RecordType(name=str() as name):
            return _class(name)
        case ScalarType(name=name):
            return _SCALARS.get(name, "object")
        case _:
            return "object"


def _literal(values: tuple[str, ...]) -> str:
    return f"Literal[{', '.join(json.dumps(value, ensure_ascii=False) for value in values)}]" if values else "str"


def _class(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
