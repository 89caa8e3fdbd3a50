"""What the stages of one compilation share: the model, the types, the expressions, the findings, the nodes so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any
from zoneinfo import ZoneInfo

from relflow.calendars import Calendar
from relflow.compiler.expressions import Expressions
from relflow.compiler.literals import read
from relflow.compiler.types import Types
from relflow.diagnostics import Diagnostic, Fragment
from relflow.feel.scope import HostFunction
from relflow.feel.types import STRING, RecordType, Type
from relflow.model import Content, Item, Model, Value, Wording
from relflow.program import Broken, Code, Fact, Node, Valued
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["World", "ids", "label", "texts"]


@dataclass(slots=True)
class World:
    """One compilation. Every stage adds nodes and findings; none stops at a mistake."""

    model: Model
    diagnostics: list[Diagnostic]
    types: Types
    expressions: Expressions
    zone: ZoneInfo
    calendar: Calendar
    nodes: dict[str, Node] = field(default_factory=dict)
    functions: tuple[HostFunction, ...] = ()
    parts: dict[str, Any] = field(default_factory=dict)
    _accounts: dict[bool, Type] = field(default_factory=dict)

    def report(self, *found: Diagnostic) -> None:
        """Keep findings."""
        self.diagnostics.extend(found)

    def account(self, *, open: bool) -> Type:
        """What workflows know of an account, once all facts are declared; `open`: it may have others as well."""
        if open not in self._accounts:
            facts = tuple((name, node.type) for name, node in self.nodes.items() if isinstance(node, Fact))
            self._accounts[open] = RecordType((("id", STRING), *facts), "account", open=open)
        return self._accounts[open]

    def literal(self, content: Content, type_: Type) -> Any:
        """The value of a literal; None, with the finding kept, where it is wrong."""
        value = read(content, type_, self.zone)
        if isinstance(value, Diagnostic):
            self.report(value)
            return None
        return value

    def valued(self, value: Value | None, type_: Type) -> Any:
        """A literal's value, or the code of a formula; None where there is nothing."""
        if value is None:
            return None
        if value.formula:
            return self.expressions.value(value.text, type_)
        return self.literal(value, type_)

    def code(self, value: Value | None, type_: Type) -> Code | Broken | None:
        """The code of a formula or of a literal, which then is a constant."""
        if value is None or value.null:
            return None
        if value.formula:
            return self.expressions.value(value.text, type_)
        found = read(value, type_, self.zone)
        if isinstance(found, Diagnostic):
            self.report(found)
            return Broken(value.text, (found,))
        return self.expressions.constant(value.text, found, type_)

    def rate(self, value: Value | None, type_: Type) -> Valued | None:
        """A literal or a formula of a cadence, None where there is nothing."""
        if value is None or value.null:
            return None
        found = self.valued(value, type_)
        if isinstance(found, Code | Broken):
            return Valued(value.span, code=found)
        return Valued(value.span, found)


def label(item: Item) -> Text | None:
    """What people call an element."""
    return text(item.label)


def text(wording: Wording | None) -> Text | None:
    """A wording without its places."""
    return wording.text if wording is not None else None


def texts(labels: Mapping[str, Wording]) -> dict[str, Text]:
    """Labels without their places."""
    return {name: wording.text for name, wording in labels.items()}


def ids(fragments: tuple[Fragment, ...]) -> tuple[str, ...]:
    """Ids as text."""
    return tuple(fragment.text for fragment in fragments)


Stage = Callable[[World], None]
