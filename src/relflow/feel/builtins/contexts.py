"""Context functions: `get value`, `get entries`, `context`, `context put`, `context merge`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from relflow.feel.builtins.define import ANY_LIST, define, known, param, sig
from relflow.feel.builtins.messages import (
    BAD_ENTRY,
    DUPLICATE_KEY,
    EMPTY_LIST,
    NO_KEY,
    NULL_ARGUMENT,
    WRONG_ITEM,
    WRONG_KIND,
)
from relflow.feel.definition import Builtin
from relflow.feel.nulls import fail
from relflow.feel.reasons import kind_word, kind_word_of
from relflow.feel.types import ANY, STRING, ListType, RecordType

__all__ = ["CONTEXTS"]

_CONTEXT: Final = RecordType((), open=True)
_ENTRY: Final = RecordType((("key", STRING), ("value", ANY)))
_CLAUSE: Final = "10.3.4.10"


@known("m", "key")
def _get_value(context: Mapping[str, Any], key: str) -> Any:
    return context[key] if key in context else fail(NO_KEY, key=key)


@known("m")
def _get_entries(context: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in context.items()]


@known("entries")
def _context(entries: list[Any]) -> dict[str, Any] | None:
    made: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, Mapping) or "value" not in entry or not isinstance(entry.get("key"), str):
            return fail(BAD_ENTRY)
        if entry["key"] in made:
            return fail(DUPLICATE_KEY, key=entry["key"])
        made[entry["key"]] = entry["value"]
    return made


@known("context", "key")
def _put(context: Mapping[str, Any], key: str | list[Any], value: Any) -> dict[str, Any] | None:
    keys = [key] if isinstance(key, str) else key
    if not keys:
        return fail(EMPTY_LIST)
    for name in keys:
        if not isinstance(name, str):
            return fail(WRONG_ITEM, given=kind_word_of(name), wanted=kind_word("string"))
    return _put_deep(context, keys, value)


def _put_deep(context: Mapping[str, Any], keys: list[str], value: Any) -> dict[str, Any] | None:
    """A copy of the context with another value at the end of the path; only its last key may be new."""
    copy = dict(context)
    inner = copy
    for name in keys[:-1]:
        below = inner.get(name)
        if not isinstance(below, Mapping):
            return fail(NO_KEY, key=name) if below is None else fail(WRONG_KIND, name=name, given=kind_word_of(below))
        inner[name] = dict(below)
        inner = inner[name]
    inner[keys[-1]] = value
    return copy


@known("contexts")
def _merge(contexts: list[Any]) -> dict[str, Any] | None:
    merged: dict[str, Any] = {}
    for context in contexts:
        if context is None:
            return fail(NULL_ARGUMENT, name="contexts")
        if not isinstance(context, Mapping):
            return fail(WRONG_ITEM, given=kind_word_of(context), wanted=kind_word("context"))
        merged.update(context)
    return merged


CONTEXTS: Final[tuple[Builtin, ...]] = (
    define(
        "get value",
        _get_value,
        sig(ANY, param("m", _CONTEXT), param("key", STRING)),
        ("The value that a record has under a key; null where it has none.", "记录中某个键的值；没有则为空值。"),
        _CLAUSE,
        ('get value({key1: "value1"}, "key1")', '"value1"'),
        ('get value({key1: "value1"}, "key2")', "null"),
    ),
    define(
        "get entries",
        _get_entries,
        sig(ListType(_ENTRY), param("m", _CONTEXT)),
        (
            "The entries of a record as a list of records with `key` and `value`.",
            "把记录变成由 `key` 和 `value` 组成的列表。",
        ),
        _CLAUSE,
        ("get entries({a: 1, b: 2})", '[{key: "a", value: 1}, {key: "b", value: 2}]'),
    ),
    define(
        "context",
        _context,
        sig(_CONTEXT, param("entries", ListType(_CONTEXT))),
        (
            "A record from a list of records with `key` and `value`; null where a key comes twice.",
            "由带 `key` 和 `value` 的列表生成记录；键重复则得空值。",
        ),
        _CLAUSE,
        ('context([{key: "a", value: 1}, {key: "b", value: 2}])', "{a: 1, b: 2}"),
    ),
    define(
        "context put",
        _put,
        (
            sig(_CONTEXT, param("context", _CONTEXT), param("key", STRING), param("value", ANY)),
            sig(_CONTEXT, param("context", _CONTEXT), param("keys", ListType(STRING)), param("value", ANY)),
        ),
        (
            "The record with another value under a key, or at the end of a path of keys.",
            "替换或加入某个键（或一串键所指的位置）的值。",
        ),
        _CLAUSE,
        ('context put({x: 1}, "y", 2)', "{x: 1, y: 2}"),
        ('context put({x: 1, y: {a: 0}}, ["y", "a"], 2)', "{x: 1, y: {a: 2}}"),
    ),
    define(
        "context merge",
        _merge,
        sig(_CONTEXT, param("contexts", ANY_LIST)),
        ("One record of several; where keys agree, the last one counts.", "合并几个记录；键相同时以最后一个为准。"),
        _CLAUSE,
        ("context merge([{x: 1}, {y: 2}])", "{x: 1, y: 2}"),
        ("context merge([{x: 1, y: 0}, {y: 2}])", "{x: 1, y: 2}"),
    ),
)
