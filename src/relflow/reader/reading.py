"""One file while it is being read: its findings, and how a shape asks for the text and the place of a node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import ClassVar

from relflow.diagnostics import Diagnostic, Field, Fragment, Message, Severity, Source, Span
from relflow.reader.compose import MappingNode, Node, ScalarNode, SequenceNode
from relflow.reader.document import Document
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["MAX_FINDINGS", "Reading", "Schemas", "Shape", "both", "got", "is_empty", "wrong_shape"]

MAX_FINDINGS = 500

WRONG_SHAPE = Message.of(
    "wrong-shape",
    Severity.ERROR,
    "`{key}` takes {wanted}, not {got}",
    "`{key}` 需要{wanted}，这里是{got}",
    "write it like this: `{example}`",
    "写法示例：`{example}`",
)
TOO_MANY = Message.of(
    "too-many-findings",
    Severity.ERROR,
    "this file has more than {count} mistakes; the rest of them is not shown",
    "本文件的错误超过 {count} 处，其余不再列出",
    "mend those above first",
    "先改正以上各处",
)
MISSING_VALUE = Message.of(
    "wrong-shape",
    Severity.ERROR,
    "`{key}` has no value; it takes {wanted}",
    "`{key}` 没有值，需要{wanted}",
    "write it like this: `{example}`",
    "写法示例：`{example}`",
)


def both(en: str, zh: str) -> Text:
    """A text in the two languages."""
    return Text((("en", en), ("zh", zh)))


_LIST = both("a list", "列表")
_MAPPING = both("names with values", "一组“名称: 值”")
_SCALAR = both("a single value", "单个值")


@dataclass(slots=True)
class Reading:
    """A document with the findings so far.

    `relaxed` is set for an overlay, whose elements only fill what others declare, so that nothing is missing there.
    `csv` gives the text of a CSV file that a table names.
    """

    document: Document
    relaxed: bool = False
    csv: Callable[[Fragment, Reading], Source | None] | None = None
    found: list[Diagnostic] = field(default_factory=list)

    def report(self, message: Message, span: Span, help: Text | None = None, **fields: Field) -> None:
        """One more finding, up to a number that nobody reads any more."""
        if self.full:
            return
        self.found.append(message.at(span, help, **fields))
        if len(self.found) == MAX_FINDINGS:
            self.found.append(TOO_MANY.at(span, count=MAX_FINDINGS))

    @property
    def full(self) -> bool:
        """Whether further findings are dropped."""
        return len(self.found) >= MAX_FINDINGS

    def span(self, node: Node) -> Span:
        """The place of a node."""
        return self.document.span(node)

    def fragment(self, node: ScalarNode) -> Fragment:
        """The text of a scalar with its place."""
        return self.document.fragment(node)

    def place(self, span: Span) -> str:
        """A place as a remedy names it."""
        return f"{span.source.name}:{span.line}"


class Shape:
    """What may stand in a place: it reads a node into a part of the model, and says itself as JSON Schema.

    `wanted` are the words for it, `example` shows a value.
    """

    wanted: ClassVar[Text] = _SCALAR
    example: str = "…"
    divided: ClassVar[bool] = False
    """Whether a full-width comma in it was meant to divide a list."""

    def read(self, node: Node, reading: Reading, key: str) -> object | None:
        """What the node says; None, with a finding, if it does not have this shape. `key` is the name of the place."""
        raise NotImplementedError

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """The same as JSON Schema, with named parts put into `schemas`."""
        raise NotImplementedError


@dataclass(slots=True)
class Schemas:
    """The named parts of a JSON Schema while it is being written; `relaxed` as in a Reading."""

    definitions: dict[str, dict[str, object]] = field(default_factory=dict)
    relaxed: bool = False

    def named(self, name: str, build: Callable[[], dict[str, object]], *, fillable: bool = False) -> dict[str, object]:
        """A reference to the part `name`, which is built when it is first needed.

        A `fillable` part has a second form for overlays; inside any other part everything has to be whole.
        """
        before = self.relaxed
        self.relaxed = before and fillable
        full = f"{name}_in_overlay" if self.relaxed else name
        if full not in self.definitions:
            self.definitions[full] = {}
            self.definitions[full].update(build())
        self.relaxed = before
        return {"$ref": f"#/definitions/{full}"}


def is_empty(node: Node) -> bool:
    """Whether nothing, or a plain null, stands there."""
    return isinstance(node, ScalarNode) and not node.style and node.value in ("", "~", "null", "Null", "NULL")


def got(node: Node) -> Text:
    """The words for what stands there."""
    if isinstance(node, SequenceNode):
        return _LIST
    if isinstance(node, MappingNode):
        return _MAPPING
    return _SCALAR


def wrong_shape(reading: Reading, node: Node, key: str, shape: Shape, found: Text | None = None) -> None:
    """Report that something else stands there than the shape wants; `found` are better words for it."""
    if reading.document.reported(node):
        return
    example = f"{key}: {shape.example}"
    if is_empty(node):
        if reading.document.damaged:
            return
        reading.report(MISSING_VALUE, reading.span(node), key=key, wanted=shape.wanted, example=example)
    else:
        words = found or got(node)
        reading.report(WRONG_SHAPE, reading.span(node), key=key, wanted=shape.wanted, got=words, example=example)
