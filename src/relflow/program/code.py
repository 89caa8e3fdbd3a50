"""Compiled expressions, and what stands in their place where one does not type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relflow.diagnostics import Diagnostic, Fragment, Span
from relflow.feel.tree import Node
from relflow.feel.types import Type

__all__ = ["Broken", "Code"]


@dataclass(frozen=True, slots=True)
class Code:
    """An expression that typed: its tree, its type, the names it reads, and a function of their values.

    `call` takes the instant (None where it is not known) and one value for each name of `reads`, in their order; it
    raises nothing. A unary test reads its input as `?`. `strict` is the same with every comparison of null open (null)
    instead of false, as rows and conditions need it where a fact is missing. `record` runs the recording twin and
    gives the value with the reasons of nulls. `source` and `strict_source` are given by the emitter.
    """

    fragment: Fragment
    tree: Node
    type: Type
    reads: tuple[str, ...]
    reads_time: bool
    call: Callable[..., Any]
    strict: Callable[..., Any]
    record: Callable[..., Any]

    @property
    def text(self) -> str:
        """The expression as written."""
        return self.fragment.text

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.fragment.span

    def __call__(self, names: Mapping[str, object], now: datetime | None = None) -> Any:
        """The value where `names` says what the names stand for; a name that is not there is null."""
        return self.call(now, *[names.get(name) for name in self.reads])


@dataclass(frozen=True, slots=True)
class Broken:
    """An expression that is wrong; the findings say how. A program that holds one cannot decide with it."""

    fragment: Fragment
    diagnostics: tuple[Diagnostic, ...] = ()
