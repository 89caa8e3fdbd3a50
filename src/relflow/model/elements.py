"""What every part of a policy has: its place, its clauses, its words, its notes."""

from __future__ import annotations

from relflow.diagnostics import Fragment, Span
from relflow.model.values import Content, Fields, Wording
from relflow.structs import dataclass

__all__ = ["Choice", "Choices", "Dated", "Element", "Item", "Type"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A part of a policy that has no name of its own, such as a step or a key node.

    `source` are clause ids of the manual, `notes` what was written under `x_…` keys.
    """

    span: Span
    label: Wording | None = None
    because: Wording | None = None
    source: tuple[Fragment, ...] = ()
    notes: Fields | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Element(Item):
    """A part of a policy that others name by its `id`."""

    id: Fragment

    @property
    def name(self) -> str:
        """The id as text."""
        return self.id.text


@dataclass(frozen=True, slots=True)
class Type:
    """The name of a type as written, `many` for `[type]`."""

    name: Fragment
    many: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a place may take, or one level, with what people call it."""

    text: Fragment
    label: Wording | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """`one_of` or `levels`, in order; `suggested` if the manual only names examples, which leaves the list open.

    A formula instead of a list (`one_of: = names`) does not exist: the list has to be known when the policy loads.
    """

    choices: tuple[Choice, ...]
    suggested: bool
    span: Span

    def names(self) -> tuple[str, ...]:
        """The values as text, in order."""
        return tuple(choice.text.text for choice in self.choices)

    def labels(self) -> dict[str, Wording]:
        """What people call them, where the policy says so."""
        return {choice.text.text: choice.label for choice in self.choices if choice.label is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A value and the day from which it holds."""

    since: Fragment
    value: Content
