"""Shapes with parts: mappings of a fixed vocabulary, elements under their ids, lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import field
from keyword import iskeyword
from typing import ClassVar

from relflow.diagnostics import Fragment, Message, Severity, Span, nearest
from relflow.model import Fields
from relflow.reader.compose import MappingNode, Node, ScalarNode, SequenceNode
from relflow.reader.document import PLACEHOLDER
from relflow.reader.reading import Reading, Schemas, Shape, both, is_empty, wrong_shape
from relflow.reader.scalars import DID_YOU_MEAN, ID_PATTERN, read_id
from relflow.reader.splits import belongs, is_number, split_value, splits
from relflow.reader.strings import balanced
from relflow.reader.traps import cut_value, indentation, suspicious, trapped_text
from relflow.reader.values import ContentShape
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["Key", "Many", "Named", "OneOrMany", "Part", "Ref", "entries", "items"]

UNKNOWN_KEY = Message.of(
    "unknown-key",
    Severity.ERROR,
    "`{word}` is not a key of {kind} ({known})",
    "{kind}没有 `{word}` 这个键（可用：{known}）",
    "for a note of your own write `x_{word}`",
    "自己的备注请写成 `x_{word}`",
)
MISSING_KEY = Message.of(
    "missing-key",
    Severity.ERROR,
    "`{key}` is missing; {kind} needs it",
    "缺少 `{key}`，{kind}必须有这一项",
    "add `{key}: {example}`: {meaning}",
    "补上 `{key}: {example}`：{meaning}",
)
NOT_A_NAME = Message.of(
    "wrong-shape",
    Severity.ERROR,
    "a name has to be a single text",
    "名称必须是一段文字",
    "write a name, a colon and a space: `name: …`",
    "写成名称、冒号、空格：`name: …`",
)
_EMPTY = ScalarNode("", "", None, None, "")
_MAX_PIECES = 50
"""How many commas an expression may have that is put together again for a remedy."""

_MAPPING = both("names with values", "一组“名称: 值”")
_LIST = both("a list", "一个列表")


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a mapping: the shape of its value, and what it means in both languages."""

    shape: Shape
    en: str
    zh: str
    required: bool = False

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """The value's schema with the meaning as hover text; a `$ref` is wrapped, for draft-07 drops what is beside."""
        inner = self.shape.schema(schemas)
        described = {"description": f"{self.en}\n\n{self.zh}"}
        return {**described, "allOf": [inner]} if "$ref" in inner else {**described, **inner}


def entries(node: MappingNode, reading: Reading) -> Iterator[tuple[ScalarNode, Node]]:
    """The pairs of a mapping, without names that are no text and what traps left of others.

    The names are nodes still: of most of them nobody asks for more than the text.
    """
    skipped = 0
    for number, (key_node, value_node) in enumerate(node.value):
        if skipped:
            skipped -= 1
            continue
        if not isinstance(key_node, ScalarNode):
            reading.report(NOT_A_NAME, reading.span(key_node))
            continue
        if reading.document.reported(key_node) or key_node.tag:
            continue
        if suspicious(key_node.value) and _trapped(reading, key_node, value_node):
            continue
        rest = _rest(value_node, node.value[number + 1 :]) if node.flow_style and _cut(value_node) else ()
        if rest:
            skipped = len(rest)
            cut_value(reading, key_node.value, reading.fragment(value_node), "".join(rest))
        split = _split(value_node, node.value[number + 1 :]) if node.flow_style and not rest else ()
        if split:
            skipped = len(split)
            split_value(reading, reading.fragment(value_node), split)
        yield key_node, _reported(value_node) if rest or split else value_node


def _trapped(reading: Reading, key: ScalarNode, value: Node) -> bool:
    """Report a name that begins with odd blanks, or that has swallowed its colon."""
    text = reading.fragment(key)
    return indentation(reading, text) or ((is_empty(value) or not key.style) and trapped_text(reading, text))


def _cut(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.style and not balanced(node.value)


def _rest(value: ScalarNode, following: list[tuple[Node, Node]]) -> tuple[str, ...]:
    """What a comma cut off a value and YAML takes for names without values; nothing if it stays open all the same."""
    pieces: list[str] = []
    for key, empty in following[:_MAX_PIECES]:
        if not isinstance(key, ScalarNode) or not is_empty(empty):
            break
        pieces.append(f", {key.value}")
        if balanced(value.value + "".join(pieces)):
            return tuple(pieces)
    return ()


def _split(value: Node, following: list[tuple[Node, Node]]) -> tuple[str, ...]:
    """What commas split off a number with thousands or a text in full-width quotes, which YAML takes for names."""
    if not isinstance(value, ScalarNode) or value.style or not splits(value.value):
        return ()
    pieces: list[str] = []
    end = value.end_mark.index
    for key, empty in following[:_MAX_PIECES]:
        if not isinstance(key, ScalarNode) or not is_empty(empty) or not belongs(value.value, pieces, key.value):
            break
        if is_number(value.value) and key.start_mark.index != end + 1:
            break
        pieces.append(key.value)
        end = key.end_mark.index
    return tuple(pieces)


def _reported(node: Node) -> ScalarNode:
    """A node in the place of one whose mistake is known."""
    return ScalarNode("", PLACEHOLDER, node.start_mark, node.end_mark)


def items(node: SequenceNode, reading: Reading, key: str) -> Iterator[Node]:
    """The nodes of a list, without what commas left of an expression."""
    skipped = 0
    for number, item in enumerate(node.value):
        if skipped:
            skipped -= 1
            continue
        rest: tuple[str, ...] = ()
        if node.flow_style and _cut(item):
            rest = _rest(item, [(one, _EMPTY) for one in node.value[number + 1 : number + 1 + _MAX_PIECES]])
            skipped = len(rest)
        if rest:
            cut_value(reading, key, reading.fragment(item), "".join(rest))
        yield _reported(item) if rest else item


@dataclass(frozen=True, slots=True)
class Part(Shape):
    """A mapping of a fixed vocabulary, read into `make(**values, span=…)`.

    `name` is the schema's, `kind` the user's word for it. `common` are keys that every part may have. `check` looks
    at the keys together, and `rules` say the same as JSON Schema. With `empty` the part may say nothing at all.
    A `fillable` part may lack what it needs in an overlay, which only fills what the policy has.
    """

    name: str
    kind: Text
    make: Callable[..., object]
    keys: Mapping[str, Key]
    common: Mapping[str, Key] = field(default_factory=dict)
    check: Callable[[AbstractSet[str], Span, Reading], None] | None = None
    wanted: ClassVar[Text] = _MAPPING
    example: str = "{…}"
    empty: bool = False
    fillable: bool = False
    rules: Mapping[str, object] = field(default_factory=dict)
    notes: bool = True

    def read(self, node: Node, reading: Reading, key: str) -> object | None:
        """The part of the model."""
        return self.element(node, reading, key, None)

    def element(self, node: Node, reading: Reading, key: str, id: Fragment | None) -> object | None:
        """The part of the model, under its id if it has one."""
        if not isinstance(node, MappingNode):
            if is_empty(node) and self.empty:
                return self._made({}, node, reading, id)
            if not (isinstance(node, ScalarNode) and not node.style and trapped_text(reading, reading.fragment(node))):
                wrong_shape(reading, node, key, self)
            # others may name it, and should not be told that it does not exist
            return None if id is None else self._made({}, node, reading, id)
        values = self.values(node, reading, id)
        return self._made(values, node, reading, id)

    def values(self, node: MappingNode, reading: Reading, id: Fragment | None) -> dict[str, object]:
        """What stands under each key that the vocabulary has, notes under `notes`."""
        known = {**self.keys, **self.common}
        values: dict[str, object] = {}
        notes = []
        seen: set[str] = set()
        for key, value_node in entries(node, reading):
            name = key.value
            found = known.get(name)
            if found is not None:
                if name not in seen:
                    seen.add(name)
                    value = found.shape.read(value_node, reading, name)
                    if value is not None:
                        values[name] = value
            elif self.notes and name.startswith("x_"):
                note = ContentShape().read(value_node, reading, name)
                if note is not None:
                    notes.append((reading.fragment(key), note))
            else:
                guess = unknown_key(reading, reading.fragment(key), self.kind, known)
                # a misspelt key is not missing as well
                seen.add(guess or name)
        self._missing(node, reading, seen, id)
        if self.check is not None:
            self.check(seen, id.span if id is not None else reading.span(node), reading)
        if notes:
            values["notes"] = Fields(tuple(notes), reading.span(node))
        return values

    def _missing(self, node: MappingNode, reading: Reading, seen: set[str], id: Fragment | None) -> None:
        if reading.document.damaged or (reading.relaxed and self.fillable):
            return
        place = id.span if id is not None else reading.span(node)
        for name, key in self.keys.items():
            if key.required and name not in seen:
                meaning = both(key.en[:1].lower() + key.en[1:].rstrip("."), key.zh.rstrip("。"))
                example = key.shape.example
                reading.report(MISSING_KEY, place, key=name, kind=self.kind, example=example, meaning=meaning)

    def _made(self, values: dict[str, object], node: Node, reading: Reading, id: Fragment | None) -> object | None:
        span = reading.span(node)
        renamed = {f"{name}_" if iskeyword(name) else name: value for name, value in values.items()}
        if id is not None:
            renamed["id"] = id
        try:
            return self.make(**renamed, span=span)
        except TypeError:
            # a required part was missing or could not be read, which has been reported
            return None

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """An object with these keys and notes, no others."""
        return schemas.named(self.name, lambda: self._object(schemas), fillable=self.fillable)

    def _object(self, schemas: Schemas) -> dict[str, object]:
        known = {**self.keys, **self.common}
        body: dict[str, object] = {
            "type": ["object", "null"] if self.empty else "object",
            "description": f"{self.kind.text('en')}\n\n{self.kind.text('zh')}",
            "properties": {name: key.schema(schemas) for name, key in known.items()},
            "additionalProperties": False,
        }
        if self.notes:
            body["patternProperties"] = {"^x_": {}}
        required = [name for name, key in self.keys.items() if key.required]
        if not (schemas.relaxed and self.fillable):
            if required:
                body["required"] = required
            body.update(self.rules)
        return body


def unknown_key(reading: Reading, key: Fragment, kind: Text, known: Mapping[str, object]) -> str | None:
    """Report a key that the vocabulary does not have, with the one that was probably meant."""
    if reading.full:
        return None
    guess = nearest(key.text, known)
    hint = DID_YOU_MEAN if guess else None
    reading.report(UNKNOWN_KEY, key.span, hint, word=key.text, kind=kind, known=tuple(known), nearest=guess or "")
    return guess


@dataclass(frozen=True, slots=True)
class Named(Shape):
    """Elements under their ids; with `free` the ids are texts that need not be names."""

    part: Part | Ref
    free: bool = False
    wanted: ClassVar[Text] = _MAPPING
    example: str = "{…}"
    keep_notes: bool = False

    def read(self, node: Node, reading: Reading, key: str) -> tuple[object, ...] | None:
        """The elements in order."""
        if is_empty(node):
            return ()
        if not isinstance(node, MappingNode):
            if not (isinstance(node, ScalarNode) and not node.style and trapped_text(reading, reading.fragment(node))):
                wrong_shape(reading, node, key, self)
            return None
        part = self.part.part if isinstance(self.part, Ref) else self.part
        made = []
        seen: set[str] = set()
        for key_node, value in entries(node, reading):
            if key_node.value.startswith("x_") or key_node.value in seen:
                continue
            seen.add(key_node.value)
            name = reading.fragment(key_node)
            if self.free or read_id(name, reading):
                made.append(part.element(value, reading, name.text, name))
        return tuple(element for element in made if element is not None)

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """An object whose keys are names."""
        inner = self.part.schema(schemas)
        if self.free:
            return {"type": ["object", "null"], "patternProperties": {"^x_": {}}, "additionalProperties": inner}
        return {
            "type": ["object", "null"],
            "patternProperties": {"^x_": {}, ID_PATTERN: inner},
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class Ref(Shape):
    """A shape that is defined later, for parts that hold parts of their own kind."""

    name: str
    later: Callable[[], Part]
    wanted: ClassVar[Text] = _MAPPING
    example: str = "{…}"

    @property
    def part(self) -> Part:
        """The shape itself."""
        return self.later()

    def read(self, node: Node, reading: Reading, key: str) -> object | None:
        """As the shape itself."""
        return self.part.read(node, reading, key)

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """As the shape itself."""
        return self.part.schema(schemas)


@dataclass(frozen=True, slots=True)
class Many(Shape):
    """A list, each item of one shape."""

    item: Shape
    wanted: ClassVar[Text] = _LIST

    @property
    def example(self) -> str:  # type: ignore[override]
        """A list of one."""
        return f"[{self.item.example}]"

    def read(self, node: Node, reading: Reading, key: str) -> tuple[object, ...] | None:
        """The items that could be read."""
        if not isinstance(node, SequenceNode):
            wrong_shape(reading, node, key, self)
            return None
        read = [self.item.read(item, reading, key) for item in items(node, reading, key)]
        return tuple(value for value in read if value is not None)

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """An array."""
        return {"type": "array", "items": self.item.schema(schemas)}


@dataclass(frozen=True, slots=True)
class OneOrMany(Shape):
    """One item, or a list of them."""

    item: Shape
    wanted: ClassVar[Text] = both("one or a list", "一个或一个列表")

    @property
    def example(self) -> str:  # type: ignore[override]
        """One."""
        return self.item.example

    def read(self, node: Node, reading: Reading, key: str) -> tuple[object, ...] | None:
        """The items, also of one."""
        if isinstance(node, SequenceNode):
            return Many(self.item).read(node, reading, key)
        value = self.item.read(node, reading, key)
        return None if value is None else (value,)

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """An item or an array."""
        inner = self.item.schema(schemas)
        return {"anyOf": [inner, {"type": "array", "items": inner}]}
