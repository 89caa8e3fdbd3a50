"""Short forms in which the built-in functions are written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final

from relflow.feel.builtins.messages import NO_RESULT, NULL_ARGUMENT, TOO_LONG
from relflow.feel.definition import Builtin, Example, Parameter, Signature
from relflow.feel.nulls import fail
from relflow.feel.reasons import TOO_MANY_STEPS
from relflow.feel.steps import budget
from relflow.feel.types import ANY, ListType, RangeType, Type, join
from relflow.text import Text
from relflow.values import Effort, TooMuchError
from relflow.values.effort import MOST_ITEMS

__all__ = [
    "ANY_LIST",
    "ANY_RANGE",
    "LONGEST_LIST",
    "LONGEST_TEXT",
    "define",
    "effort",
    "first_type",
    "item_type",
    "joined_type",
    "known",
    "long_list",
    "optional",
    "param",
    "rest",
    "sig",
]

LONGEST_TEXT: Final = 1_000_000
LONGEST_LIST: Final = 1_000_000
_SMALL: Final = 100
ANY_LIST: Final = ListType(ANY)
ANY_RANGE: Final = RangeType(ANY)


def param(name: str, type_: Type) -> Parameter:
    """A parameter that has to be given."""
    return Parameter(name, type_)


def optional(name: str, type_: Type) -> Parameter:
    """A parameter that may be left out."""
    return Parameter(name, type_, optional=True)


def rest(name: str, type_: Type) -> Parameter:
    """A parameter that takes all further arguments."""
    return Parameter(name, type_, variadic=True)


def sig(returns: Type, *parameters: Parameter, infer: Callable[[tuple[Type, ...]], Type] | None = None) -> Signature:
    """One way to call a function."""
    return Signature(parameters, returns, infer)


def define(
    name: str,
    call: Callable[..., Any],
    signatures: Signature | Sequence[Signature],
    meaning: tuple[str, str],
    clause: str,
    *examples: tuple[str, str],
    reads_time: bool = False,
) -> Builtin:
    """A built-in function; `meaning` is English, then Chinese."""
    return Builtin(
        name,
        (signatures,) if isinstance(signatures, Signature) else tuple(signatures),
        call,
        Text((("en", meaning[0]), ("zh", meaning[1]))),
        tuple(Example(expression, result) for expression, result in examples),
        clause,
        reads_time,
    )


def known(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give null for a null among the arguments with these names, the first ones; and for arithmetic without result."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*values: Any) -> Any:
            for name, value in zip(names, values, strict=False):
                if value is None:
                    return fail(NULL_ARGUMENT, name=name)
            if not _affordable(values):
                return None
            try:
                return function(*values)
            except TooMuchError:
                return fail(TOO_MANY_STEPS, limit=MOST_ITEMS)
            except (ArithmeticError, ValueError):
                return fail(NO_RESULT)

        return call

    return decorate


def _affordable(values: tuple[Any, ...]) -> bool:
    """Whether the evaluation may still look at arguments of this size; small ones cost nothing but the call."""
    size = sum(len(value) for value in values if isinstance(value, list | str))
    if size < _SMALL:
        return True
    with budget() as steps:
        return steps.spend(size // _SMALL)


@contextmanager
def effort() -> Iterator[Effort]:
    """Work on nested or many items, taken from the steps of the evaluation. Raises TooMuchError beyond them."""
    with budget() as steps:
        work = Effort(max(0, min(steps.left, MOST_ITEMS)))
        try:
            yield work
        finally:
            steps.spend(work.used)


def long_list(items: list[Any]) -> list[Any] | None:
    """The list, or null where it is longer than lists may be."""
    return items if len(items) <= LONGEST_LIST else fail(TOO_LONG, limit=LONGEST_LIST)


def first_type(types: tuple[Type, ...]) -> Type:
    """The result is of the first argument's type."""
    return types[0] if types else ANY


def item_type(types: tuple[Type, ...]) -> Type:
    """The result is of the type of the first argument's items."""
    first = types[0] if types else ANY
    return first.item if isinstance(first, ListType) else first


def joined_type(types: tuple[Type, ...]) -> Type:
    """The result is of a type that all arguments have."""
    result = types[0] if types else ANY
    for type_ in types[1:]:
        result = join(result, type_)
    return result
