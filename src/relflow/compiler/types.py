"""Declared types: what stands after `type`, `levels_of`, `one_of`, `unit`, `min` and `max`, as types of expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from relflow.compiler.literals import DID_YOU_MEAN, number
from relflow.diagnostics import Diagnostic, Fragment, Message, Severity, nearest
from relflow.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    NUMBER,
    STRING,
    TIME,
    ListType,
    NumberType,
    RecordType,
    StringType,
    Type,
)
from relflow.model import Declaration, Output, Parameter, Record, Value
from relflow.program import DURATION

__all__ = ["Types"]

UNKNOWN_TYPE = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no type `{text}` ({known})",
    "没有 `{text}` 这种类型（可用：{known}）",
)
UNKNOWN_SCHEME = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no scheme `{text}` under `tiers` or `risks`",
    "`tiers` 和 `risks` 中没有 `{text}`",
)
NOT_A_BOUND = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{text}` is no number, which a bound has to be",
    "`{text}` 不是数字，界限必须是数字",
)
BOUND_OF_TEXT = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`min` and `max` belong to numbers only",
    "`min` 和 `max` 只能用于数字",
)
RECORD_CYCLE = Message.of(
    "cycle",
    Severity.ERROR,
    "the record `{text}` contains itself",
    "记录 `{text}` 包含自身",
)

PLAIN: Mapping[str, Type] = {
    "string": STRING,
    "number": NUMBER,
    "boolean": BOOLEAN,
    "date": DATE,
    "datetime": DATE_TIME,
    "time": TIME,
    "duration": DURATION,
}
Declared = Declaration | Output | Parameter


@dataclass(slots=True)
class Types:
    """The types that a policy has, with the levels of its schemes; problems go into `diagnostics`."""

    diagnostics: list[Diagnostic]
    records: dict[str, Type] = field(default_factory=dict)
    levels: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def declare_records(self, records: tuple[Record, ...]) -> None:
        """Make the types of records; one may hold others, in any order, but not itself."""
        by_name = {record.name: record for record in records}
        open_: set[str] = set()

        def build(name: str) -> None:
            record = by_name[name]
            open_.add(name)
            fields: list[tuple[str, Type]] = []
            for declaration in record.fields:
                inner = declaration.type.name.text if declaration.type is not None else ""
                if inner in open_:
                    self.diagnostics.append(RECORD_CYCLE.at(declaration.span, text=inner))
                    fields.append((declaration.name, ANY))
                    continue
                if inner in by_name and inner not in self.records:
                    build(inner)
                fields.append((declaration.name, self.declared(declaration)))
            open_.discard(name)
            self.records[name] = RecordType(tuple(fields), name)

        for name in by_name:
            if name not in self.records:
                build(name)

    def declared(self, declaration: Declared) -> Type:
        """The type that a fact, a field, an output or a parameter declares; anything if it declares none."""
        levels_of = None if isinstance(declaration, Parameter) else declaration.levels_of
        many = declaration.type is not None and declaration.type.many
        inner = self._levels(levels_of) if levels_of is not None else self._named(declaration)
        inner = self._detailed(inner, declaration)
        return ListType(inner) if many else inner

    def _levels(self, name: Fragment) -> Type:
        levels = self.levels.get(name.text)
        if levels is None:
            self._unknown(UNKNOWN_SCHEME, name, list(self.levels))
            return STRING
        return StringType(levels=levels or None, scheme=name.text)

    def _named(self, declaration: Declared) -> Type:
        if declaration.type is None:
            return STRING if declaration.one_of is not None else ANY
        name = declaration.type.name
        found = PLAIN.get(name.text) or self.records.get(name.text)
        if found is None:
            self._unknown(UNKNOWN_TYPE, name, [*PLAIN, *self.records])
            return ANY
        return found

    def _detailed(self, type_: Type, declaration: Declared) -> Type:
        low, high = self._bound(declaration.min), self._bound(declaration.max)
        if isinstance(type_, NumberType):
            return NumberType(declaration.unit.text if declaration.unit is not None else None, low, high)
        for bound in (declaration.min, declaration.max):
            if bound is not None:
                self.diagnostics.append(BOUND_OF_TEXT.at(bound.span))
        choices = declaration.one_of
        if isinstance(type_, StringType) and choices is not None and not choices.suggested:
            return StringType(one_of=choices.names())
        return type_

    def _bound(self, bound: Value | None) -> Any:
        if bound is None:
            return None
        value = number(bound.text.text)
        if value is None:
            self.diagnostics.append(NOT_A_BOUND.at(bound.span, text=bound.text.text))
        return value

    def _unknown(self, message: Message, name: Fragment, known: list[str]) -> None:
        near = nearest(name.text, known)
        if near is None:
            self.diagnostics.append(message.at(name.span, text=name.text, known=tuple(known)))
        else:
            found = message.at(name.span, help=DID_YOU_MEAN, text=name.text, known=tuple(known), near=near)
            self.diagnostics.append(found)
