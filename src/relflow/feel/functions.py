"""Function values: what `function(x) x + 1` is at run time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relflow.feel.types import FunctionType
from relflow.structs import dataclass

__all__ = ["Function"]


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the expression language; calling it with its parameters' values gives a value or None.

    `parameters` are its parameters' names. Built-ins that take a function call it positionally.
    """

    parameters: tuple[str, ...]
    body: Callable[..., Any]
    type: FunctionType

    def __call__(self, *values: Any) -> Any:
        """The function's value for these arguments, in the order of its parameters."""
        return self.body(*values)

    def __str__(self) -> str:
        return f"function({', '.join(self.parameters)})"
