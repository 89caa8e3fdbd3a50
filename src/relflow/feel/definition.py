"""What a built-in function is: its signatures, its implementation and its page in the reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relflow.feel.types import Type
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["Builtin", "Example", "Parameter", "Signature"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; a `variadic` one is the last and takes the rest, each as an argument of its own."""

    name: str
    type: Type
    optional: bool = False
    variadic: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function.

    `returns` is what the checker assumes. Where it depends on the arguments (the item type of a list, the unit of a
    sum), `infer` gets the argument types in the order of `parameters` and answers instead.
    """

    parameters: tuple[Parameter, ...]
    returns: Type
    infer: Callable[[tuple[Type, ...]], Type] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """An expression and the value it gives, both as FEEL text; the reference shows it and the tests run it."""

    expression: str
    result: str


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function of the standard library.

    `call` gets one positional Python value for each parameter of the chosen signature, in its order, None for an
    optional one that was left out; the values of a variadic parameter follow one by one. The first signature is chosen
    whose names (or count) and types fit; an argument fits any type if it is null, so `call` decides what null means.
    A list of one item was already unwrapped, and a single value already wrapped, where only that fits. Arguments are
    numbers as int, float or Decimal (never bool), text as str, lists as list, contexts as dict, functions as
    `relflow.feel.functions.Function`, ranges as `relflow.feel.ranges.Range`. It returns a value of these kinds, or
    `fail(...)`, and raises nothing. Where `reads_time`, the current instant comes first: an aware datetime or None.
    """

    name: str
    signatures: tuple[Signature, ...]
    call: Callable[..., Any]
    meaning: Text
    examples: tuple[Example, ...]
    clause: str
    reads_time: bool = False
