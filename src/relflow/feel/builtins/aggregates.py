"""Functions that make one value of a list: `count`, `min`, `max`, `sum`, `mean`, `median`, `stddev`, `mode`."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any, Final

from relflow.feel.builtins.define import ANY_LIST, define, item_type, known, param, rest, sig
from relflow.feel.builtins.messages import EMPTY_LIST, NO_RESULT, NULL_ARGUMENT, WRONG_ITEM
from relflow.feel.definition import Builtin, Signature
from relflow.feel.nulls import fail
from relflow.feel.reasons import NOT_COMPARABLE, kind_word, kind_word_of
from relflow.feel.types import ANY, NUMBER, ListType, Type
from relflow.values import Number, compare, decimals, exact_decimal, is_number

__all__ = ["AGGREGATES"]


# whole numbers, of which none can be infinite or undefined
_EXACT: Final = frozenset({int})


def _items(values: tuple[Any, ...]) -> list[Any] | None:
    """The one list among the arguments, or the arguments themselves."""
    if len(values) != 1:
        return list(values)
    if values[0] is None:
        return fail(NULL_ARGUMENT, name="list")
    return values[0] if isinstance(values[0], list) else [values[0]]


def _of_numbers(function: Callable[[list[Number]], Any], least: int = 1) -> Callable[..., Any]:
    """`function` over at least so many numbers; null for fewer, and where an item is no number."""

    def call(*values: Any) -> Any:
        items = _items(values)
        if items is None:
            return None
        if set(map(type, items)) - _EXACT:
            for item in items:
                if not is_number(item):
                    return fail(WRONG_ITEM, given=kind_word_of(item), wanted=kind_word("number"))
        if len(items) < least:
            return fail(EMPTY_LIST)
        try:
            return function(items)
        except ArithmeticError:
            return fail(NO_RESULT)

    return call


def _extreme(direction: int) -> Callable[..., Any]:
    """The smallest (-1) or the largest (1) item."""

    def call(*values: Any) -> Any:
        items = _items(values)
        if items is None:
            return None
        if not items:
            return fail(EMPTY_LIST)
        best = items[0]
        for item in items:
            order = compare(item, best)
            if order is None:
                return fail(NOT_COMPARABLE, left=kind_word_of(item), right=kind_word_of(best))
            if order == direction:
                best = item
        return best

    return call


def _sum(items: list[Number]) -> Number:
    if set(map(type, items)) == _EXACT:
        return decimals.add(sum(items), 0)
    return reduce(decimals.add, items)


def _mean(items: list[Number]) -> Number:
    return decimals.divide(_sum(items), len(items))


def _median(items: list[Number]) -> Number:
    ordered = sorted(items, key=exact_decimal)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return decimals.divide(decimals.add(ordered[middle - 1], ordered[middle]), 2)


def _stddev(items: list[Number]) -> Number:
    """The standard deviation of a sample; exact until the division and the root."""
    values = [Fraction(exact_decimal(item)) for item in items]
    mean = sum(values, Fraction()) / len(values)
    variance = sum(((value - mean) ** 2 for value in values), Fraction()) / (len(values) - 1)
    return decimals.square_root(decimals.divide(variance.numerator, variance.denominator))


def _mode(items: list[Number]) -> list[Number]:
    counts: dict[Any, list[Number]] = {}
    for item in items:
        counts.setdefault(exact_decimal(item), []).append(item)
    most = max(map(len, counts.values()), default=0)
    return [counts[key][0] for key in sorted(counts) if len(counts[key]) == most]


def _numbers(returns: Type) -> tuple[Signature, ...]:
    infer = item_type if returns == NUMBER else None
    return (
        sig(returns, param("list", ListType(NUMBER)), infer=infer),
        sig(returns, rest("n", NUMBER), infer=infer),
    )


_COMPARABLES: Final = (
    sig(ANY, param("list", ANY_LIST), infer=item_type),
    sig(ANY, rest("c", ANY), infer=item_type),
)
_PLAIN: Final = tuple(sig(NUMBER, *signature.parameters) for signature in _numbers(NUMBER))
_CLAUSE: Final = "10.3.4.4"

AGGREGATES: Final[tuple[Builtin, ...]] = (
    define(
        "count",
        known("list")(len),
        sig(NUMBER, param("list", ANY_LIST)),
        ("How many items the list has, nulls included.", "列表的项数，空值也计入。"),
        _CLAUSE,
        ("count([1, 2, 3])", "3"),
        ("count([])", "0"),
        ("count([1, null])", "2"),
    ),
    define(
        "min",
        _extreme(-1),
        _COMPARABLES,
        ("The smallest item; null for an empty list.", "最小的一项；空列表得空值。"),
        _CLAUSE,
        ("min([1, 2, 3])", "1"),
        ("min(1, 2, 3)", "1"),
        ("min([])", "null"),
    ),
    define(
        "max",
        _extreme(1),
        _COMPARABLES,
        ("The largest item; null for an empty list.", "最大的一项；空列表得空值。"),
        _CLAUSE,
        ("max(1, 2, 3)", "3"),
        ('max([@"2026-01-01", @"2026-04-15"])', '@"2026-04-15"'),
    ),
    define(
        "sum",
        _of_numbers(_sum),
        _numbers(NUMBER),
        ("The sum of the numbers; null for an empty list.", "各数之和；空列表得空值。"),
        _CLAUSE,
        ("sum([1, 2, 3])", "6"),
        ("sum(0.1, 0.2)", "0.3"),
        ("sum([])", "null"),
    ),
    define(
        "mean",
        _of_numbers(_mean),
        _numbers(NUMBER),
        ("The average of the numbers; null for an empty list.", "各数的平均值；空列表得空值。"),
        _CLAUSE,
        ("mean([1, 2, 3])", "2"),
        ("mean([])", "null"),
    ),
    define(
        "product",
        _of_numbers(lambda items: reduce(decimals.multiply, items)),
        _PLAIN,
        ("The product of the numbers; null for an empty list.", "各数之积；空列表得空值。"),
        _CLAUSE,
        ("product([2, 3, 4])", "24"),
        ("product([])", "null"),
    ),
    define(
        "median",
        _of_numbers(_median),
        _numbers(NUMBER),
        (
            "The middle one of the numbers in order, or the average of the two in the middle; null for an empty list.",
            "排序后居中的数，偶数个时取中间两个的平均；空列表得空值。",
        ),
        _CLAUSE,
        ("median(8, 2, 5, 3, 4)", "4"),
        ("median([6, 1, 2, 3])", "2.5"),
    ),
    define(
        "stddev",
        _of_numbers(_stddev, least=2),
        _numbers(NUMBER),
        (
            "The standard deviation of the numbers as a sample; null for fewer than two.",
            "样本标准差；不足两个数得空值。",
        ),
        _CLAUSE,
        ("stddev([47])", "null"),
        ("decimal(stddev(2, 4, 7, 5), 8)", "2.08166600"),
    ),
    define(
        "mode",
        _of_numbers(_mode, least=0),
        _numbers(ListType(NUMBER)),
        ("The numbers that occur most often, in ascending order.", "出现次数最多的数，按升序排列。"),
        _CLAUSE,
        ("mode(6, 3, 9, 6, 6)", "[6]"),
        ("mode([6, 1, 9, 6, 1])", "[1, 6]"),
        ("mode([])", "[]"),
    ),
)
