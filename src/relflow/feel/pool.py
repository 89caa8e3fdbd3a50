"""What generated code refers to: constants and helpers under names that we made. A pool can be pickled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from relflow.feel import calls, collections, conforming, operators
from relflow.feel.builtins import BUILTINS
from relflow.feel.shortcuts import SHORTCUTS
from relflow.values import Range, to_text

__all__ = ["HELPERS", "Pool", "run"]

HELPERS: Final[Mapping[str, Any]] = {
    "_" + function.__name__.strip("_"): function
    for function in (
        *(getattr(operators, name) for name in operators.__all__),
        *(getattr(collections, name) for name in collections.__all__),
        calls.call_builtin,
        calls.call_host,
        calls.external,
        calls.invoke,
        calls.lambda_,
        calls.no_function,
        calls.unknown,
        calls.wrong_call,
        conforming.instance_of,
        *SHORTCUTS.values(),
    )
}
"""The functions that generated code may call, by the names it calls them."""
_CLASSES: Final = {
    "_Range": Range,
    "_int": int,
    "_float": float,
    "_str": str,
    "_bool": bool,
    "_date": date,
    "_timedelta": timedelta,
}

_PLAIN: Final = frozenset({int, str, bool, type(None)})
# equal date-times need not be the same: their zones are part of the value
_COMPARED: Final = frozenset({int, str, float, Decimal, date, timedelta, frozenset})
_LONGEST_PLAIN: Final = 200


def run(source: str, namespace: dict[str, Any]) -> None:
    """Execute source that this package generated: it holds nothing but names and constants that we made."""
    exec(compile(source, "<feel>", "exec"), namespace)  # noqa: S102 - no foreign text ever gets here


class Pool:
    """Constants and nested functions of one or more pieces of generated code."""

    def __init__(self) -> None:
        self._constants: dict[str, Any] = {}
        self._known: dict[tuple[Any, ...], str] = {}
        self._functions: list[str] = []
        self._builtins: dict[str, str] = {}
        self._fresh = 0

    def constant(self, value: Any) -> str:
        """Python source whose value is this constant."""
        if value.__class__ in _PLAIN and len(str(value)) < _LONGEST_PLAIN:
            return repr(value) if not (value.__class__ is int and value < 0) else f"({value!r})"
        # equal is not the same: 1.0 and 1.00 are written otherwise, and so is one instant in two zones
        key: tuple[Any, ...] = (value.__class__, value)
        if isinstance(value, date):
            key = (value.__class__, to_text(value))
        elif isinstance(value, Decimal | float):
            key = (value.__class__, str(value))
        if value.__class__ not in _COMPARED:
            key = (id(value),)
        name = self._known.get(key)
        if name is None:
            name = f"_c{len(self._constants)}"
            self._constants[name] = value
            self._known[key] = name
        return name

    def new(self, prefix: str) -> str:
        """A name for a temporary value."""
        self._fresh += 1
        return f"_{prefix}{self._fresh}"

    def builtin(self, name: str) -> str:
        """The name of a built-in's definition."""
        if name not in self._builtins:
            self._builtins[name] = f"_b{len(self._builtins)}"
        return self._builtins[name]

    def function(self, parameters: tuple[str, ...], body: str) -> str:
        """The name of a new function that returns `body`."""
        name = f"_f{len(self._functions)}"
        self._functions.append(f"def {name}({', '.join(parameters)}):\n    return {body}\n")
        return name

    def build(self, name: str, parameters: tuple[str, ...], body: str) -> Callable[..., Any]:
        """A Python function that returns the value of generated code."""
        namespace = self.namespace()
        run(f"def {name}({', '.join(parameters)}):\n    return {body}\n", namespace)
        function: Callable[..., Any] = namespace[name]
        return function

    def namespace(self) -> dict[str, Any]:
        """A fresh dict of globals for the code that used this pool."""
        names = {**HELPERS, **_CLASSES, "__builtins__": {}, **self._constants}
        names |= {python: BUILTINS[feel] for feel, python in self._builtins.items()}
        for source in self._functions:
            run(source, names)
        return names

    def __getstate__(self) -> tuple[Any, ...]:
        return (self._constants, self._functions, self._builtins, self._fresh)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._constants, self._functions, self._builtins, self._fresh = state
        self._known = {}
