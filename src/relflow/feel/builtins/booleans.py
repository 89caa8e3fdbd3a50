"""Boolean functions: `not`, `is`, `all`, `any`."""

from __future__ import annotations

from typing import Any, Final

from relflow.feel.builtins.define import define, effort, known, param, rest, sig
from relflow.feel.builtins.messages import NULL_ARGUMENT, WRONG_ITEM, WRONG_KIND
from relflow.feel.definition import Builtin
from relflow.feel.nulls import fail
from relflow.feel.reasons import kind_word, kind_word_of
from relflow.feel.types import ANY, BOOLEAN, ListType
from relflow.values import identical

__all__ = ["BOOLEANS"]


def _not(negand: Any) -> bool | None:
    if isinstance(negand, bool):
        return not negand
    if negand is None:
        return fail(NULL_ARGUMENT, name="negand")
    return fail(WRONG_KIND, name="negand", given=kind_word_of(negand))


@known()
def _is(first: Any, second: Any) -> bool:
    if not isinstance(first, list | dict):
        return identical(first, second)
    with effort() as work:
        return identical(first, second, work)


def _decided(values: tuple[Any, ...], deciding: bool) -> bool | None:
    """Three-valued `and` (false decides) or `or` (true decides) over the arguments or the one list among them."""
    items = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    if len(values) == 1 and values[0] is None:
        return fail(NULL_ARGUMENT, name="list")
    for item in items:
        if item is deciding:
            return bool(item)
    for item in items:
        if not isinstance(item, bool):
            return fail(WRONG_ITEM, given=kind_word_of(item), wanted=kind_word("boolean"))
    return not deciding


_LIST = (
    sig(BOOLEAN, param("list", ListType(BOOLEAN))),
    sig(BOOLEAN, rest("b", BOOLEAN)),
)

BOOLEANS: Final[tuple[Builtin, ...]] = (
    define(
        "not",
        _not,
        sig(BOOLEAN, param("negand", BOOLEAN)),
        (
            "The opposite: false for true, true for false; null for everything else.",
            "取反：真变假，假变真；其他值得空值。",
        ),
        "10.3.4.2",
        ("not(true)", "false"),
        ("not(null)", "null"),
    ),
    define(
        "is",
        _is,
        sig(BOOLEAN, param("value1", ANY), param("value2", ANY)),
        (
            "Whether two values are of one kind and represented alike; unlike `=`, the same instant in another zone is "
            "another value.",
            "两个值是否同类且表示完全相同；与 `=` 不同，同一时刻用不同时区表示就不算相同。",
        ),
        "10.3.4.6",
        ('is(@"2026-04-15T12:00:00Z", @"2026-04-15T13:00:00+01:00")', "false"),
        ("is(1, 1.0)", "true"),
        ('is(@"P1Y", @"P12M")', "true"),
    ),
    define(
        "all",
        lambda *values: _decided(values, deciding=False),
        _LIST,
        (
            "False if any item is false, else true if all are true; null if that is open. True for an empty list.",
            "有一项为假就是假；全部为真才是真；无法确定时得空值。空列表得真。",
        ),
        "10.3.4.4",
        ("all([true, false, null])", "false"),
        ("all([true, null])", "null"),
        ("all([])", "true"),
    ),
    define(
        "any",
        lambda *values: _decided(values, deciding=True),
        _LIST,
        (
            "True if any item is true, else false if all are false; null if that is open. False for an empty list.",
            "有一项为真就是真；全部为假才是假；无法确定时得空值。空列表得假。",
        ),
        "10.3.4.4",
        ("any([false, true, null])", "true"),
        ("any([false, null])", "null"),
        ("any([])", "false"),
    ),
)
