"""Types as they are written after `instance of` and in parameters."""

from __future__ import annotations

from typing import Final

from relflow.feel import types
from relflow.feel.cursor import NAME, TYPE, Cursor
from relflow.feel.names import spelled
from relflow.feel.types import FunctionType, ListType, RangeType, RecordType, ScalarType, Type

__all__ = ["BY_NAME", "parse_type"]

BY_NAME: Final[dict[str, Type]] = {
    str(type_): type_
    for type_ in (
        types.ANY,
        types.NULL,
        types.NUMBER,
        types.STRING,
        types.BOOLEAN,
        types.DATE,
        types.TIME,
        types.DATE_TIME,
        types.DAYS_DURATION,
        types.MONTHS_DURATION,
        types.WORKING_DURATION,
    )
}


def parse_type(cursor: Cursor) -> Type:
    """A type; an unknown one is a `ScalarType` whose name no type has, of which nothing is an instance."""
    cursor.deeper()
    first = cursor.token
    if first.kind != "name":
        cursor.unexpected(TYPE)
    if cursor.ahead().text == "<" and first.text in ("list", "range", "context", "function"):
        type_ = _constructed(cursor)
    else:
        type_ = _named(cursor)
    cursor.depth -= 1
    return type_


def _named(cursor: Cursor) -> Type:
    for name in sorted(BY_NAME, key=len, reverse=True):
        parts = name.split()
        if [cursor.ahead(i).text for i in range(len(parts))] == parts:
            cursor.at += len(parts)
            return BY_NAME[name]
    tokens = [cursor.take()]
    while cursor.is_symbol(".") and cursor.ahead().kind == "name":
        tokens += [cursor.take(), cursor.take()]
    return ScalarType(spelled(tokens))


def _constructed(cursor: Cursor) -> Type:
    kind = cursor.take().text
    cursor.expect("<")
    if kind == "context":
        return _record(cursor)
    if kind == "function":
        return _function(cursor)
    inner = parse_type(cursor)
    _close(cursor)
    return ListType(inner) if kind == "list" else RangeType(inner)


def _record(cursor: Cursor) -> Type:
    fields: list[tuple[str, Type]] = []
    while True:
        start = cursor.at
        while not cursor.is_symbol(":", ">") and cursor.token.kind != "end":
            cursor.take()
        if cursor.at == start:
            cursor.unexpected(NAME)
        name = spelled(cursor.tokens[start : cursor.at])
        cursor.expect(":")
        fields.append((name, parse_type(cursor)))
        if not cursor.skip(","):
            break
    _close(cursor)
    return RecordType(tuple(fields))


def _function(cursor: Cursor) -> Type:
    parameters: list[Type] = []
    if not cursor.is_symbol(">"):
        parameters.append(parse_type(cursor))
        while cursor.skip(","):
            parameters.append(parse_type(cursor))
    _close(cursor)
    cursor.expect("-")
    cursor.expect(">")
    return FunctionType(tuple(parameters), parse_type(cursor))


def _close(cursor: Cursor) -> None:
    """Pass `>`, also where it ran together with a following `=`."""
    token = cursor.token
    if token.kind == "symbol" and token.text == ">=":
        cursor.tokens[cursor.at : cursor.at + 1] = [
            token._replace(text=">", end=token.start + 1),
            token._replace(text="=", start=token.start + 1),
        ]
    cursor.expect(">")
