"""How points and ranges lie to one another: `before`, `meets`, `overlaps`, `during`, `starts` and their like."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from relflow.feel.builtins.define import ANY_RANGE, define, param, sig
from relflow.feel.builtins.messages import NULL_ARGUMENT
from relflow.feel.definition import Builtin, Signature
from relflow.feel.nulls import fail
from relflow.feel.reasons import NOT_COMPARABLE, kind_word_of
from relflow.feel.types import ANY, BOOLEAN
from relflow.values import Range, compare

__all__ = ["RELATIONS"]


class _IncomparableError(Exception):
    """Two ends of which neither is less."""

    def __init__(self, first: Any, second: Any) -> None:
        self.values = first, second


def _order(first: Any, second: Any) -> int:
    order = compare(first, second)
    if order is None:
        raise _IncomparableError(first, second)
    return order


def _as_range(value: Any) -> Range:
    """A point as the range of itself alone."""
    return value if isinstance(value, Range) else Range(value, value)


# Where two ends lie to one another. An end without a value is infinitely far away on its side.
def _starts(a: Range, b: Range) -> int:
    """-1 where `a` holds values below all of `b`, 0 where both begin alike, 1 where `b` begins lower."""
    if a.start is None or b.start is None:
        return (a.start is not None) - (b.start is not None)
    return _order(a.start, b.start) or b.start_included - a.start_included


def _ends(a: Range, b: Range) -> int:
    """-1 where `b` ends higher, 0 where both end alike, 1 where `a` holds values above all of `b`."""
    if a.end is None or b.end is None:
        return (a.end is None) - (b.end is None)
    return _order(a.end, b.end) or a.end_included - b.end_included


def _gap(a: Range, b: Range) -> int:
    """-1 where `a` ends before `b` begins, 0 where the two share that one point, 1 where they share more."""
    if a.end is None or b.start is None:
        return 1
    return _order(a.end, b.start) or -int(not (a.end_included and b.start_included))


Relation = Callable[[Any, Any], bool]


def _before(a: Any, b: Any) -> bool:
    return _gap(_as_range(a), _as_range(b)) < 0


def _meets(a: Range, b: Range) -> bool:
    return _gap(a, b) == 0


def _overlaps(a: Range, b: Range) -> bool:
    return _gap(a, b) >= 0 and _gap(b, a) >= 0


def _overlaps_before(a: Range, b: Range) -> bool:
    return _starts(a, b) < 0 and _gap(a, b) >= 0 and _ends(a, b) <= 0


def _includes(a: Any, b: Any) -> bool:
    outer, inner = _as_range(a), _as_range(b)
    return _starts(outer, inner) <= 0 and _ends(outer, inner) >= 0


def _finishes(a: Any, b: Any) -> bool:
    inner, outer = _as_range(a), _as_range(b)
    return _ends(inner, outer) == 0 and _starts(outer, inner) <= 0


def _starts_in(a: Any, b: Any) -> bool:
    inner, outer = _as_range(a), _as_range(b)
    return _starts(inner, outer) == 0 and _ends(outer, inner) >= 0


def _coincides(a: Any, b: Any) -> bool:
    first, second = _as_range(a), _as_range(b)
    return _starts(first, second) == 0 and _ends(first, second) == 0


def _swapped(relation: Relation) -> Relation:
    return lambda a, b: relation(b, a)


def _safe(relation: Relation) -> Callable[[Any, Any], bool | None]:
    """Null where an argument is, and where two ends cannot be compared."""

    @wraps(relation)
    def call(a: Any, b: Any) -> bool | None:
        if a is None or b is None:
            return fail(NULL_ARGUMENT, name="point" if a is None else "range")
        try:
            return relation(a, b)
        except _IncomparableError as error:
            left, right = error.values
            return fail(NOT_COMPARABLE, left=kind_word_of(left), right=kind_word_of(right))

    return call


_RANGES: Final = sig(BOOLEAN, param("range1", ANY_RANGE), param("range2", ANY_RANGE))
_IN: Final = sig(BOOLEAN, param("point", ANY), param("range", ANY_RANGE))
_HAS: Final = sig(BOOLEAN, param("range", ANY_RANGE), param("point", ANY))
_POINTS: Final = sig(BOOLEAN, param("point1", ANY), param("point2", ANY))


def _define(
    name: str,
    relation: Relation,
    signatures: tuple[Signature, ...],
    meaning: tuple[str, str],
    *examples: tuple[str, str],
) -> Builtin:
    return define(name, _safe(relation), signatures, meaning, "10.3.4.7", *examples)


RELATIONS: Final[tuple[Builtin, ...]] = (
    _define(
        "before",
        _before,
        (_RANGES, _IN, _HAS, _POINTS),
        ("Whether the first lies wholly before the second.", "前者是否完全在后者之前。"),
        ("before(1, 10)", "true"),
        ("before([1..5), [5..10])", "true"),
        ("before([1..5], 5)", "false"),
    ),
    _define(
        "after",
        _swapped(_before),
        (_RANGES, _IN, _HAS, _POINTS),
        ("Whether the first lies wholly after the second.", "前者是否完全在后者之后。"),
        ("after(10, [1..5])", "true"),
        ("after([5..10], [1..5))", "true"),
    ),
    _define(
        "meets",
        _meets,
        (_RANGES,),
        (
            "Whether the first range ends with the value that the second begins with.",
            "前一区间的末值是否就是后一区间的首值。",
        ),
        ("meets([1..5], [5..10])", "true"),
        ("meets([1..5), [5..10])", "false"),
    ),
    _define(
        "met by",
        _swapped(_meets),
        (_RANGES,),
        (
            "Whether the first range begins with the value that the second ends with.",
            "前一区间的首值是否就是后一区间的末值。",
        ),
        ("met by([5..10], [1..5])", "true"),
        ("met by((5..10], [1..5])", "false"),
    ),
    _define(
        "overlaps",
        _overlaps,
        (_RANGES,),
        ("Whether the two ranges have a value in common.", "两个区间是否有共同的值。"),
        ("overlaps([1..5], [3..8])", "true"),
        ("overlaps([1..5), [5..8])", "false"),
    ),
    _define(
        "overlaps before",
        _overlaps_before,
        (_RANGES,),
        (
            "Whether the first range begins before the second and ends inside it.",
            "前一区间是否先开始，并在后一区间之内结束。",
        ),
        ("overlaps before([1..5], [3..8])", "true"),
        ("overlaps before([1..5), [5..8])", "false"),
    ),
    _define(
        "overlaps after",
        _swapped(_overlaps_before),
        (_RANGES,),
        (
            "Whether the first range begins inside the second and ends after it.",
            "前一区间是否在后一区间之内开始，并更晚结束。",
        ),
        ("overlaps after([3..8], [1..5])", "true"),
        ("overlaps after([5..8], [1..5))", "false"),
    ),
    _define(
        "finishes",
        _finishes,
        (_RANGES, _IN),
        ("Whether the first ends as the second does and begins no earlier.", "前者是否与后者同时结束，且开始不更早。"),
        ("finishes(10, [1..10])", "true"),
        ("finishes([5..10), [1..10])", "false"),
    ),
    _define(
        "finished by",
        _swapped(_finishes),
        (_RANGES, _HAS),
        ("Whether the second ends as the first does and begins no earlier.", "后者是否与前者同时结束，且开始不更早。"),
        ("finished by([1..10], 10)", "true"),
        ("finished by([1..10], [5..10])", "true"),
    ),
    _define(
        "includes",
        _includes,
        (_RANGES, _HAS),
        ("Whether the second lies within the first.", "后者是否在前者之内。"),
        ("includes([1..10], 5)", "true"),
        ("includes([1..10), [1..10])", "false"),
    ),
    _define(
        "during",
        _swapped(_includes),
        (_RANGES, _IN),
        ("Whether the first lies within the second.", "前者是否在后者之内。"),
        ("during(5, [1..10])", "true"),
        ("during((1..10), [1..10])", "true"),
    ),
    _define(
        "starts",
        _starts_in,
        (_RANGES, _IN),
        ("Whether the first begins as the second does and ends no later.", "前者是否与后者同时开始，且结束不更晚。"),
        ("starts(1, [1..10])", "true"),
        ("starts((1..5], [1..10])", "false"),
    ),
    _define(
        "started by",
        _swapped(_starts_in),
        (_RANGES, _HAS),
        ("Whether the second begins as the first does and ends no later.", "后者是否与前者同时开始，且结束不更晚。"),
        ("started by([1..10], 1)", "true"),
        ("started by([1..10], [1..5])", "true"),
    ),
    _define(
        "coincides",
        _coincides,
        (_RANGES, _POINTS),
        ("Whether the two are the same.", "两者是否相同。"),
        ("coincides(5, 5)", "true"),
        ("coincides([1..5], [1..5))", "false"),
    ),
)
