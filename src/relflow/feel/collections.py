"""Lists, records and loops at run time: paths, filters, `for`, `some` and `every`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from relflow.feel import operators
from relflow.feel.bounds import MAX_ITEMS
from relflow.feel.nulls import fail
from relflow.feel.reasons import (
    NOT_A_LIST,
    NOT_COUNTABLE,
    NO_FIELD,
    NO_ITEM,
    TOO_MANY_ITEMS,
    kind_word_of,
)
from relflow.feel.steps import Budget, budget
from relflow.values import PROPERTIES, Range, kind_of, property_of, whole

__all__ = ["every", "field", "filter_list", "item_at", "loop", "pick", "some", "span"]

_NUMBERS: Final = frozenset({"number"})
Source = Callable[..., Any]


def field(value: Any, name: str) -> Any:
    """`value.name`: an entry, a property, or the list of them for a list (DMN 1.5, tables 64 and 65)."""
    if value.__class__ is dict:
        if name in value:
            return value[name]
        return fail(NO_FIELD, name=name)
    if value is None:
        return None
    if value.__class__ is list:
        try:
            return [item[name] for item in value]
        except (TypeError, KeyError):  # an item is no record, or one without that entry
            return [field(item, name) for item in value]
    if name in PROPERTIES.get(kind_of(value), ()):
        return property_of(value, name)
    return fail(NO_FIELD, name=name)


def pick(name: str, scopes: Sequence[Any], otherwise: Any) -> Any:
    """A name inside filters: the innermost item that has such an entry, else what the name means outside."""
    for item in scopes:
        if item.__class__ is dict and name in item:
            return item[name]
    return otherwise


def item_at(target: Any, index: Any) -> Any:
    """`target[index]` for a number: from 1, or from the end if negative; a single value is a list of itself."""
    if target is None:
        return None
    items = target if target.__class__ is list else [target]
    position = None if index is None or kind_of(index) != "number" else whole(index)
    if position is None:
        return None
    if position == 0 or abs(position) > len(items):
        return fail(NO_ITEM, count=len(items), index=position)
    return items[position - 1 if position > 0 else position]


def filter_list(target: Any, condition: Callable[[Any], Any]) -> Any:
    """`target[condition]`: the items for which it is true, or the one at the number that it gives."""
    if target is None:
        return None
    items = target if target.__class__ is list else [target]
    kept: list[Any] = []
    with budget() as steps:
        if not items and _is_index(condition(None)):
            return None
        for number, item in enumerate(items):
            if not steps.spend():
                return None
            result = condition(item)
            if result is True:
                kept.append(item)
            elif number == 0 and _is_index(result):
                return item_at(items, result)
    return kept


def _is_index(value: Any) -> bool:
    return value is not None and value is not True and value is not False and kind_of(value) == "number"


def span(low: Any, high: Any) -> Any:
    """What `low..high` in a loop runs through: whole numbers or dates, upward or downward."""
    if low is None or high is None:
        return None
    if kind_of(low) == kind_of(high) == "number":
        first, last = whole(low), whole(high)
        if first is not None and last is not None:
            return range(first, last + 1) if first <= last else range(first, last - 1, -1)
    if low.__class__ is high.__class__ is date:
        days = (high - low).days
        step = 1 if days >= 0 else -1
        return [date.fromordinal(low.toordinal() + day) for day in range(0, days + step, step)]
    return fail(NOT_COUNTABLE)


def _items(source: Any) -> Any:
    """The items of what stands after `in`: of a list, or of a range that can be counted through."""
    if source.__class__ is list or source.__class__ is range or source is None:
        return source
    if source.__class__ is not Range:
        return fail(NOT_A_LIST, value=kind_word_of(source))
    items = span(source.start, source.end) if source.start is not None and source.end is not None else None
    if items is None:
        return fail(NOT_COUNTABLE)
    return items[(0 if source.start_included else 1) : (len(items) if source.end_included else len(items) - 1)]


def _rows(sources: Sequence[Source], steps: Budget, bound: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...] | None]:
    """Each combination of items, the last source varying fastest; None once where there can be none."""
    items = _items(sources[len(bound)](*bound))
    if items is None:
        yield None
        return
    for item in items:
        if not steps.spend():
            yield None
            return
        row = (*bound, item)
        if len(row) == len(sources):
            yield row
        else:
            yield from _rows(sources, steps, row)


def loop(body: Callable[..., Any], *sources: Source, keeps: bool = False) -> Any:
    """`for … return body`; the body's last argument is the list of results so far.

    With `keeps` the body may put that list into its result, so it gets a copy each time, and copying counts as steps.
    """
    results: list[Any] = []
    with budget() as steps:
        for row in _rows(sources, steps):
            if row is None or (keeps and not steps.spend(len(results))):
                return None
            results.append(body(*row, results[:] if keeps else results))
            if len(results) > MAX_ITEMS:
                return fail(TOO_MANY_ITEMS, limit=MAX_ITEMS)
    return results


def some(condition: Callable[..., Any], *sources: Source) -> Any:
    """`some … satisfies …`: a disjunction over all combinations."""
    result: bool | None = False
    with budget() as steps:
        for row in _rows(sources, steps):
            if row is None:
                return None
            result = operators.disjunction(result, condition(*row))
            if result is True:
                break
    return result


def every(condition: Callable[..., Any], *sources: Source) -> Any:
    """`every … satisfies …`: a conjunction over all combinations."""
    result: bool | None = True
    with budget() as steps:
        for row in _rows(sources, steps):
            if row is None:
                return None
            result = operators.conjunction(result, condition(*row))
            if result is False:
                break
    return result
