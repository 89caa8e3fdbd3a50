"""List functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cmp_to_key
from typing import Any, Final

from relflow.feel.builtins.define import (
    ANY_LIST,
    define,
    effort,
    first_type,
    joined_type,
    known,
    long_list,
    optional,
    param,
    rest,
    sig,
)
from relflow.feel.builtins.messages import BAD_POSITION, NULL_ARGUMENT, WRONG_ANSWER, WRONG_KIND
from relflow.feel.definition import Builtin
from relflow.feel.functions import Function
from relflow.feel.nulls import fail
from relflow.feel.reasons import kind_word, kind_word_of
from relflow.feel.steps import budget
from relflow.feel.types import ANY, BOOLEAN, NUMBER, FunctionType, ListType, Type, join
from relflow.values import Effort, Number, duration_nanoseconds, equal, exact_decimal, kind_of

__all__ = ["LISTS"]


class _WrongAnswerError(Exception):
    """A function given by the author answered neither true nor false."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer


def _index(position: Number, count: int) -> int | None:
    """The index of a position that counts from 1, or from -1 backwards; null where there is none."""
    number = int(position)
    if number == 0 or abs(number) > count:
        return fail(BAD_POSITION, position=number, count=count)
    return number - 1 if number > 0 else count + number


@known("list")
def _contains(items: list[Any], element: Any) -> bool:
    with effort() as work:
        return any(equal(item, element, work) is True for item in items)


@known("list", "start position")
def _sublist(items: list[Any], start: Number, length: Number | None = None) -> list[Any] | None:
    first = _index(start, len(items))
    if first is None:
        return None
    if length is None:
        return items[first:]
    count = int(length)
    if count < 1:
        return fail(WRONG_KIND, name="length", given=kind_word("number"))
    if first + count > len(items):
        return fail(BAD_POSITION, position=first + count, count=len(items))
    return items[first : first + count]


@known("list")
def _append(items: list[Any], *more: Any) -> list[Any] | None:
    return long_list([*items, *more])


def _concatenate(*lists: list[Any] | None) -> list[Any] | None:
    if any(items is None for items in lists):
        return fail(NULL_ARGUMENT, name="list")
    return long_list([item for items in lists if items is not None for item in items])


@known("list", "position")
def _insert_before(items: list[Any], position: Number, item: Any) -> list[Any] | None:
    index = _index(position, len(items))
    return None if index is None else long_list([*items[:index], item, *items[index:]])


@known("list", "position")
def _remove(items: list[Any], position: Number) -> list[Any] | None:
    index = _index(position, len(items))
    return None if index is None else [*items[:index], *items[index + 1 :]]


@known("list", "position")
def _list_replace(items: list[Any], place: Any, new: Any) -> list[Any] | None:
    if isinstance(place, Function):
        return _replace_matching(items, place, new)
    index = _index(place, len(items))
    return None if index is None else [*items[:index], new, *items[index + 1 :]]


def _replace_matching(items: list[Any], match: Function, new: Any) -> list[Any] | None:
    if len(match.parameters) != 2:
        return fail(WRONG_KIND, name="match", given=kind_word("function"))
    with budget() as steps:
        answers = [match(item, new) for item in items]
        for answer in answers:
            if not isinstance(answer, bool):
                return fail(WRONG_ANSWER, name="match", given=kind_word_of(answer)) if steps.left >= 0 else None
    return [new if answer else item for item, answer in zip(items, answers, strict=True)]


@known("list")
def _index_of(items: list[Any], match: Any) -> list[int]:
    with effort() as work:
        return [number for number, item in enumerate(items, 1) if equal(item, match, work) is True]


class _NoKeyError(Exception):
    """The value has no key: it has to be compared with each other one."""


_WITH_KEYS: Final[dict[str, Callable[[Any], Any]]] = {
    "null": lambda _value: None,
    "boolean": bool,
    "string": str,
    "number": exact_decimal,
    "date": lambda value: (value.year, value.month, value.day),
    "days and time duration": duration_nanoseconds,
    "years and months duration": lambda value: value.months,
}


def _key(value: Any, work: Effort, level: int = 0) -> Any:
    """Something that equal values share and others do not. Raises _NoKeyError where there is nothing of the kind."""
    work.spend(level)
    kind = kind_of(value)
    if kind == "list":
        return kind, tuple([_key(item, work, level + 1) for item in value])
    if kind == "context":
        return kind, frozenset([(name, _key(item, work, level + 1)) for name, item in value.items()])
    read = _WITH_KEYS.get(kind)
    if read is None:
        raise _NoKeyError
    return kind, read(value)


def _distinct(items: list[Any]) -> list[Any]:
    kept: list[Any] = []
    others: list[Any] = []
    simple: set[Any] = set()
    with effort() as work:
        for item in items:
            try:
                key = _key(item, work)
                known_before = key in simple
                simple.add(key)
            except _NoKeyError:
                known_before = any(equal(item, other, work) is True for other in others)
                others.append(item)
            if not known_before:
                kept.append(item)
    return kept


@known()
def _union(*lists: list[Any] | None) -> list[Any] | None:
    joined = _concatenate(*lists)
    return None if joined is None else _distinct(joined)


@known("list")
def _flatten(items: list[Any]) -> list[Any]:
    with effort() as work:
        return list(_leaves(items, work))


def _leaves(items: list[Any], work: Effort) -> Iterator[Any]:
    stack = [iter(items)]
    while stack:
        for item in stack[-1]:
            work.spend()
            if isinstance(item, list):
                stack.append(iter(item))
                break
            yield item
        else:
            stack.pop()


@known("list", "precedes")
def _sort(items: list[Any], precedes: Function) -> list[Any] | None:
    if len(precedes.parameters) != 2:
        return fail(WRONG_KIND, name="precedes", given=kind_word("function"))

    def before(first: Any, second: Any) -> bool:
        answer = precedes(first, second)
        if not isinstance(answer, bool):
            raise _WrongAnswerError(answer)
        return answer

    def order(first: Any, second: Any) -> int:
        return -1 if before(first, second) else 1 if before(second, first) else 0

    with budget() as steps:
        try:
            return sorted(items, key=cmp_to_key(order))
        except _WrongAnswerError as error:
            given = kind_word_of(error.answer)
            return fail(WRONG_ANSWER, name="precedes", given=given) if steps.left >= 0 else None


def _with_item(place: int) -> Callable[[tuple[Type, ...]], Type]:
    """A list of the items of the first argument and of one more."""

    def infer(types: tuple[Type, ...]) -> Type:
        first = types[0] if types else ANY
        if not isinstance(first, ListType):
            return ANY_LIST
        return ListType(join(first.item, joined_type(types[place:]))) if len(types) > place else first

    return infer


def _flat(types: tuple[Type, ...]) -> Type:
    inner = types[0] if types else ANY
    while isinstance(inner, ListType):
        inner = inner.item
    return ListType(inner)


_LIST: Final = param("list", ANY_LIST)
_CLAUSE: Final = "10.3.4.4"
_PREDICATE: Final = FunctionType((ANY, ANY), BOOLEAN)

LISTS: Final[tuple[Builtin, ...]] = (
    define(
        "list contains",
        _contains,
        sig(BOOLEAN, _LIST, param("element", ANY)),
        ("Whether an item equals `element`; null may be asked for.", "列表中是否有等于 `element` 的项；可以查空值。"),
        _CLAUSE,
        ("list contains([1, 2, 3], 2)", "true"),
        ("list contains([1, null], null)", "true"),
    ),
    define(
        "sublist",
        _sublist,
        sig(ANY_LIST, _LIST, param("start position", NUMBER), optional("length", NUMBER), infer=first_type),
        (
            "The items from a position on, all or `length` of them; the first position is 1, the last -1.",
            "从某个位置起的项，取到末尾或只取 `length` 个；第一个位置是 1，最后一个是 -1。",
        ),
        _CLAUSE,
        ("sublist([4, 5, 6], 1, 2)", "[4, 5]"),
        ("sublist([4, 5, 6], -2)", "[5, 6]"),
    ),
    define(
        "append",
        _append,
        sig(ANY_LIST, _LIST, rest("item", ANY), infer=_with_item(1)),
        ("The list with more items at its end.", "在列表末尾加上若干项。"),
        _CLAUSE,
        ("append([1], 2, 3)", "[1, 2, 3]"),
    ),
    define(
        "concatenate",
        _concatenate,
        sig(ANY_LIST, rest("list", ANY_LIST), infer=joined_type),
        ("The items of several lists, one list after the other.", "把几个列表首尾相接。"),
        _CLAUSE,
        ("concatenate([1, 2], [3])", "[1, 2, 3]"),
    ),
    define(
        "insert before",
        _insert_before,
        sig(ANY_LIST, _LIST, param("position", NUMBER), param("newItem", ANY), infer=_with_item(2)),
        ("The list with a new item before the one at a position.", "在某个位置之前插入一项。"),
        _CLAUSE,
        ("insert before([1, 3], 1, 2)", "[2, 1, 3]"),
        ("insert before([1, 3], -1, 2)", "[1, 2, 3]"),
    ),
    define(
        "remove",
        _remove,
        sig(ANY_LIST, _LIST, param("position", NUMBER), infer=first_type),
        ("The list without the item at a position.", "去掉某个位置上的项。"),
        _CLAUSE,
        ("remove([1, 2, 3], 2)", "[1, 3]"),
    ),
    define(
        "list replace",
        _list_replace,
        (
            sig(ANY_LIST, _LIST, param("position", NUMBER), param("newItem", ANY), infer=_with_item(2)),
            sig(ANY_LIST, _LIST, param("match", _PREDICATE), param("newItem", ANY), infer=_with_item(2)),
        ),
        (
            "The list with a new item at a position, or instead of each item for which `match(item, newItem)` is true.",
            "把某个位置上的项换成新的；或把 `match(item, newItem)` 为真的各项都换掉。",
        ),
        _CLAUSE,
        ("list replace([2, 4, 7, 8], 3, 6)", "[2, 4, 6, 8]"),
        ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", "[5, 5, 7, 8]"),
    ),
    define(
        "reverse",
        known("list")(lambda items: items[::-1]),
        sig(ANY_LIST, _LIST, infer=first_type),
        ("The items in the opposite order.", "把各项倒序排列。"),
        _CLAUSE,
        ("reverse([1, 2, 3])", "[3, 2, 1]"),
    ),
    define(
        "index of",
        _index_of,
        sig(ListType(NUMBER), _LIST, param("match", ANY)),
        ("The positions of the items that equal `match`.", "等于 `match` 的各项的位置。"),
        _CLAUSE,
        ("index of([1, 2, 3, 2], 2)", "[2, 4]"),
    ),
    define(
        "union",
        _union,
        sig(ANY_LIST, rest("list", ANY_LIST), infer=joined_type),
        ("The items of several lists, each once.", "几个列表的并集，重复的只留一个。"),
        _CLAUSE,
        ("union([1, 2], [2, 3])", "[1, 2, 3]"),
    ),
    define(
        "distinct values",
        known("list")(_distinct),
        sig(ANY_LIST, _LIST, infer=first_type),
        ("The items, each once, in the order of their first occurrence.", "去掉重复的项，保持首次出现的顺序。"),
        _CLAUSE,
        ("distinct values([1, 2, 3, 2, 1])", "[1, 2, 3]"),
    ),
    define(
        "flatten",
        _flatten,
        sig(ANY_LIST, _LIST, infer=_flat),
        ("The items of all nested lists in one.", "把嵌套的列表展开成一个列表。"),
        _CLAUSE,
        ("flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]"),
    ),
    define(
        "sort",
        _sort,
        sig(ANY_LIST, _LIST, param("precedes", _PREDICATE), infer=first_type),
        (
            "The items in order, where `precedes(x, y)` says whether x comes before y; equal ones keep their order.",
            "排序；`precedes(x, y)` 说明 x 是否排在 y 之前，相同的保持原来的次序。",
        ),
        "10.3.4.9",
        ("sort([3, 1, 4, 5, 2], function(x, y) x < y)", "[1, 2, 3, 4, 5]"),
    ),
)
