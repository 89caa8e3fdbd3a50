"""What an expression may name: facts with their types, a host's functions, and forms that higher rooms add."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import Any, Protocol

from relflow.diagnostics import Field, Message
from relflow.feel.definition import Signature
from relflow.feel.tree import Call, Node
from relflow.feel.types import Type
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["OUTER", "FormDefinition", "HostFunction", "Scope", "Site"]


class Site(Protocol):
    """Where a form is being expanded: what its `expand` may ask and tell."""

    @property
    def scope(self) -> Scope:
        """The names that may be used there."""
        ...

    def infer(self, node: Node) -> Type:
        """The type of an argument (its problems are reported on the way)."""
        ...

    def report(self, message: Message, node: Node, help: Text | None = None, **fields: Field) -> None:
        """Report a problem at an argument or at the call; `help` replaces the message's own remedy."""
        ...


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """A call that stands for an ordinary expression which only the policy knows, such as `at_least(tier, "key")`.

    `expand` gets the call as written and returns the tree it stands for, built from arguments of the call and new
    nodes; it is then checked and compiled like any expression. After `site.report(...)` it returns None. With `bare`,
    arguments that are single names need not be names in scope (`stale(basic)`): `expand` reads them as `tree.Name`.
    """

    name: str
    expand: Callable[[Call, Site], Node | None]
    bare: bool = False
    meaning: Text = field(default_factory=lambda: Text(()))


@dataclass(frozen=True, slots=True)
class HostFunction:
    """A function that a plugin registered; positional Python values in, one out; it must be pure.

    What it raises becomes null with a reason. `signature` types its parameters for the checker.
    """

    name: str
    signature: Signature
    call: Callable[..., Any]
    meaning: Text = field(default_factory=lambda: Text(()))


OUTER = "outer"
"""Under this key a scope's memory holds the scope around it, and the names that it has besides."""


class Memory(dict[Any, Any]):
    """What was worked out for a scope and may be worked out again: it is not pickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (Memory, ())


@dataclass(frozen=True, slots=True)
class Scope:
    """Names with types, host functions and forms.

    With `open` an unknown name is no error and reads as null: plain FEEL over a context that nobody declared.
    """

    names: Mapping[str, Type] = field(default_factory=dict)
    functions: Mapping[str, HostFunction] = field(default_factory=dict)
    forms: Mapping[str, FormDefinition] = field(default_factory=dict)
    open: bool = False
    memory: Memory = field(default_factory=Memory, init=False, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        names: Mapping[str, Type] | None = None,
        functions: Iterable[HostFunction] = (),
        forms: Iterable[FormDefinition] = (),
        *,
        open: bool = False,
    ) -> Scope:
        """A scope from plain collections, which are copied."""
        by_name = {function.name: function for function in functions}
        return cls(dict(names or {}), by_name, {form.name: form for form in forms}, open)

    def with_names(self, names: Mapping[str, Type]) -> Scope:
        """This scope with more names; the new ones hide those of the same spelling."""
        wider = Scope({**self.names, **names}, self.functions, self.forms, self.open)
        wider.memory[OUTER] = self, names
        return wider
