"""What a policy does: the six verbs that may stand under `do`."""

from __future__ import annotations

from relflow.diagnostics import Fragment
from relflow.model.elements import Item
from relflow.model.values import Fields, Value
from relflow.structs import dataclass

__all__ = ["Assign", "Effect", "Notify", "Open", "Perform", "Raise", "Set"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify(Item):
    """Tell roles, `owner`, `customer`, or the users that a formula lists; `message` names a text of the policy."""

    to: tuple[Value, ...]
    message: Fragment | None = None
    with_: Fields | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Item):
    """Give the case to a role's holder, or to the user whom a formula names."""

    to: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Item):
    """Open a case of a workflow, one for each item of a list if `for_each` (a name or a formula) is there."""

    workflow: Fragment
    for_each: Value | None = None
    with_: Fields | None = None
    assign: Value | None = None
    within: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Set(Item):
    """Put values into the case's data."""

    values: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise(Item):
    """Move a datum one step up its `one_of`, or down if `lower`."""

    target: Fragment
    lower: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Perform(Item):
    """Ask the host to carry out an action of its own."""

    action: Fragment
    with_: Fields | None = None


Effect = Notify | Assign | Open | Set | Raise | Perform
