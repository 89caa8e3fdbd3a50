"""Compiled expressions, and what stands in their place where one does not type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from relflow.diagnostics import Diagnostic, Fragment, Span
from relflow.feel import Checked, Type
from relflow.feel.tree import Node
from relflow.structs import dataclass

if TYPE_CHECKING:
    from relflow.feel import Recording

__all__ = ["Broken", "Code"]


@dataclass(frozen=True, slots=True)
class Code:
    """An expression that typed, and functions of the names it reads.

    `call` takes the instant (None where it is not known) and one value for each name of `reads`, in their order; it
    raises nothing. A unary test reads its input as `?`. `strict` is the same with every comparison of null open (null)
    instead of false, as rows and conditions need it where a fact is missing; `closed` is its tree. `record` takes the
    arguments of `call` and tells everything that happened.
    """

    fragment: Fragment
    checked: Checked
    closed: Checked
    reads: tuple[str, ...]
    call: Callable[..., Any]
    strict: Callable[..., Any]
    record: Callable[..., Recording]

    @property
    def tree(self) -> Node:
        """The syntax tree."""
        assert self.checked.tree is not None
        return self.checked.tree

    @property
    def type(self) -> Type:
        """The type of its value."""
        return self.checked.type

    @property
    def reads_time(self) -> bool:
        """Whether it asks for `now()` or `today()`."""
        return self.checked.reads_time

    @property
    def text(self) -> str:
        """The expression as written."""
        return self.fragment.text

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.fragment.span

    def __call__(self, names: Mapping[str, object], now: date | None = None) -> Any:
        """The value where `names` says what the names stand for; a name that is not there is null."""
        return self.call(now, *[names.get(name) for name in self.reads])


@dataclass(frozen=True, slots=True)
class Broken:
    """An expression that is wrong; the findings say how. A program that holds one cannot decide with it."""

    fragment: Fragment
    diagnostics: tuple[Diagnostic, ...] = ()
