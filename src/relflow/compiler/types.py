"""Declared types: what stands after `type`, `levels_of`, `one_of`, `unit`, `min` and `max`, as types of expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from relflow.compiler.literals import DID_YOU_MEAN, number, read
from relflow.diagnostics import Diagnostic, Fragment, Message, Severity, nearest
from relflow.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    NUMBER,
    STRING,
    TIME,
    AnyType,
    ListType,
    NumberType,
    RecordType,
    StringType,
    Type,
)
from relflow.model import Declaration, Output, Parameter, Record, Value
from relflow.program import DURATION
from relflow.structs import dataclass

__all__ = ["Types"]

UNKNOWN_TYPE = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no type `{text}` ({known})",
    "没有 `{text}` 这种类型（可用：{known}）",
    "choose one of them, or declare it under `records:`",
    "选择其中一个，或在 `records:` 下声明",
)
LIST_IN_QUOTES = Message.of(
    "wrong-shape",
    Severity.ERROR,
    "the type of a list stands without quotes",
    "列表类型不加引号",
    "write `type: {text}`",
    "写成 `type: {text}`",
)
UNKNOWN_SCHEME = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no scheme `{text}` under `tiers` or `risks`",
    "`tiers` 和 `risks` 中没有 `{text}`",
    "declare it there",
    "在其中声明",
)
NOT_A_BOUND = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{text}` is no number, which a bound has to be",
    "`{text}` 不是数字，界限必须是数字",
    "write a number, e.g. `0`, `5000万`, `80%`",
    "写数字，例如 `0`、`5000万`、`80%`",
)
BOUND_OF_TEXT = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`min` and `max` belong to numbers only",
    "`min` 和 `max` 只能用于数字",
    "take it out, and test the value in a decision",
    "去掉，需要时在判定中检查取值",
)
BOUNDS_CROSSED = Message.of(
    "contradiction",
    Severity.ERROR,
    "no number lies between `min` {low} and `max` {high}",
    "没有数字能同时满足 `min` {low} 和 `max` {high}",
    "exchange the two, or correct one of them",
    "对调两者，或改正其中一个",
)
UNIT_OF_TEXT = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`unit` belongs to numbers only",
    "`unit` 只能用于数字",
    "take it out, or write `type: number`",
    "去掉，或改为 `type: number`",
)
LUNAR_TEXT = Message.of(
    "wrong-type",
    Severity.ERROR,
    "only a date can be `lunar`",
    "只有日期才能标为 `lunar`",
    "take it out, or write `type: date`",
    "去掉，或改为 `type: date`",
)
TAKEN_TYPE = Message.of(
    "duplicate-name",
    Severity.ERROR,
    "`{text}` is a type of its own and cannot be the name of a record",
    "`{text}` 本身就是一种类型，不能用作记录名",
    "rename the record",
    "给记录改名",
)
RECORDS_TOO_DEEP = Message.of(
    "too-deep",
    Severity.ERROR,
    "with `{text}` records stand more than {limit} deep within each other",
    "加上 `{text}` 后，记录嵌套超过 {limit} 层",
    "name what it refers to by an id: `type: string`",
    "用标识指代：`type: string`",
)
RECORD_CYCLE = Message.of(
    "cycle",
    Severity.ERROR,
    "the record `{text}` contains itself",
    "记录 `{text}` 包含自身",
    "name what it refers to by an id: `type: string`",
    "用标识指代：`type: string`",
)

_OTHER_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("text", "str", "varchar", "char", "id", "文本", "文字", "字符串"), "string"),
    **dict.fromkeys(("int", "integer", "float", "decimal", "money", "amount", "percent", "数字", "金额"), "number"),
    **dict.fromkeys(("bool", "flag", "yes_no", "是否", "布尔"), "boolean"),
    **dict.fromkeys(("day", "日期"), "date"),
    **dict.fromkeys(("timestamp", "date_time", "时刻", "日期时间"), "datetime"),
    **dict.fromkeys(("interval", "period", "时长", "期限"), "duration"),
    **dict.fromkeys(("list", "array", "列表", "清单"), "[string]"),
    **dict.fromkeys(("enum", "choice", "select", "枚举", "选项"), "string"),
}
"""What types are called elsewhere."""

MAX_RECORDS = 20
"""Records within records."""

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
        for record in records:
            if record.name in PLAIN:
                self.diagnostics.append(TAKEN_TYPE.at(record.id.span, text=record.name))
        by_name = {record.name: record for record in records if record.name not in PLAIN}
        open_: set[str] = set()
        depth: dict[str, int] = {}

        def build(name: str) -> None:
            record = by_name[name]
            open_.add(name)
            fields: list[tuple[str, Type]] = []
            depth[name] = 1
            for declaration in record.fields:
                inner = declaration.type.name.text if declaration.type is not None else ""
                found = None
                if inner in open_:
                    found = RECORD_CYCLE.at(declaration.span, text=inner)
                elif inner in by_name and inner not in self.records and len(open_) <= MAX_RECORDS:
                    build(inner)
                if found is None and inner in by_name and depth.get(inner, MAX_RECORDS) >= MAX_RECORDS:
                    found = RECORDS_TOO_DEEP.at(declaration.span, text=inner, limit=str(MAX_RECORDS))
                if found is not None:
                    self.diagnostics.append(found)
                    fields.append((declaration.name, ANY))
                    continue
                depth[name] = max(depth[name], 1 + depth.get(inner, 0))
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
        self._check_details(inner, declaration)
        return ListType(inner) if many else inner

    def _check_details(self, type_: Type, declaration: Declared) -> None:
        """What a type says nothing about: a unit without a number, a lunar text, values of another type."""
        if isinstance(type_, AnyType):
            return
        if declaration.unit is not None and not isinstance(type_, NumberType):
            self.diagnostics.append(UNIT_OF_TEXT.at(declaration.unit.span))
        if isinstance(declaration, Declaration) and declaration.lunar and type_ not in (DATE, DATE_TIME):
            self.diagnostics.append(LUNAR_TEXT.at(declaration.id.span))
        if declaration.one_of is None or isinstance(type_, StringType):
            return
        for choice in declaration.one_of.choices:
            found = read(Value(choice.text), type_)
            if isinstance(found, Diagnostic):
                self.diagnostics.append(found)

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
            known = [*PLAIN, *self.records]
            if name.text.startswith("[") and name.text[1:-1].strip() in known:
                self.diagnostics.append(LIST_IN_QUOTES.at(name.span, text=name.text))
            else:
                self._unknown(UNKNOWN_TYPE, name, known, _OTHER_WORDS.get(name.text.lower()))
            return ANY
        return found

    def _detailed(self, type_: Type, declaration: Declared) -> Type:
        numeric = isinstance(type_, NumberType)
        low, high = (self._bound(bound) if numeric else None for bound in (declaration.min, declaration.max))
        if isinstance(type_, NumberType):
            if low is not None and high is not None and low > high and declaration.max is not None:
                self.diagnostics.append(BOUNDS_CROSSED.at(declaration.max.span, low=str(low), high=str(high)))
                low = high = None
            return NumberType(declaration.unit.text if declaration.unit is not None else None, low, high)
        for bound in (declaration.min, declaration.max):
            if bound is not None and not isinstance(type_, AnyType):
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

    def _unknown(self, message: Message, name: Fragment, known: list[str], meant: str | None = None) -> None:
        near = meant or nearest(name.text, known)
        if near is None:
            self.diagnostics.append(message.at(name.span, text=name.text, known=tuple(known)))
        else:
            found = message.at(name.span, help=DID_YOU_MEAN, text=name.text, known=tuple(known), near=near)
            self.diagnostics.append(found)
