"""Shapes of what a policy says in several ways: any value, a text by language, a type, a list of choices."""

from __future__ import annotations

from typing import ClassVar

from relflow.diagnostics import Fragment, Message, Severity, nearest
from relflow.model import Choice, Choices, Content, Fields, Items, Type, Value, Wording
from relflow.reader.compose import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode
from relflow.reader.reading import Reading, Schemas, Shape, both, is_empty, wrong_shape
from relflow.reader.scalars import DID_YOU_MEAN, Literal, scalar
from relflow.reader.traps import cut_text, cut_value, full_width
from relflow.structs import dataclass
from relflow.text import LANGUAGES, Text

__all__ = ["EMPTY_LIST", "ChoicesShape", "ContentShape", "FieldsShape", "TypeShape", "WordingShape"]

UNKNOWN_LANGUAGE = Message.of(
    "unknown-key",
    Severity.ERROR,
    "`{word}` is not a language of texts ({known})",
    "文字没有 `{word}` 这种语言（可用：{known}）",
    "choose one of them",
    "选择其中一个",
)
EMPTY_LIST = Message.of(
    "empty-list",
    Severity.ERROR,
    "`{key}` lists nothing",
    "`{key}` 的列表是空的",
    "name the values, or leave `{key}` out",
    "列出可取的值，或去掉 `{key}`",
)
TWICE = Message.of(
    "duplicate-value",
    Severity.ERROR,
    "`{word}` stands in `{key}` twice",
    "`{word}` 在 `{key}` 中出现了两次",
    "keep one of the two",
    "只保留一个",
)


@dataclass(frozen=True, slots=True)
class ContentShape(Shape):
    """Any value: a scalar, a list, names with values."""

    wanted: ClassVar[Text] = both("a value", "一个值")
    example: str = "30 days"

    def read(self, node: Node, reading: Reading, key: str) -> Content | None:
        """The value; an empty one is a null `Value`."""
        if isinstance(node, ScalarNode):
            value = Literal(empty=True).read(node, reading, key)
            return value if isinstance(value, Value) else None
        if isinstance(node, SequenceNode):
            read = [self.read(item, reading, key) for item in node.value]
            return Items(tuple(item for item in read if item is not None), reading.span(node))
        return self.fields(node, reading, key) if isinstance(node, MappingNode) else None

    def fields(self, node: MappingNode, reading: Reading, key: str) -> Fields:
        """The values under their names."""
        found = []
        for name_node, value_node in node.value:
            if isinstance(name_node, ScalarNode) and not reading.document.reported(name_node):
                name = reading.fragment(name_node)
                if is_empty(value_node) and full_width(reading, name):
                    continue
                value = self.read(value_node, reading, name.text or key)
                if value is not None:
                    found.append((name, value))
        return Fields(tuple(found), reading.span(node))

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """Anything."""
        return {}


@dataclass(frozen=True, slots=True)
class FieldsShape(Shape):
    """Names with any values."""

    wanted: ClassVar[Text] = both("names with values", "一组“名称: 值”")
    example: str = "{…}"

    def read(self, node: Node, reading: Reading, key: str) -> Fields | None:
        """The values under their names."""
        if isinstance(node, MappingNode):
            return ContentShape().fields(node, reading, key)
        if is_empty(node):
            return Fields((), reading.span(node))
        if isinstance(node, ScalarNode) and not node.style and full_width(reading, reading.fragment(node)):
            return None
        wrong_shape(reading, node, key, self)
        return None

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """An object."""
        return {"type": ["object", "null"]}


@dataclass(frozen=True, slots=True)
class WordingShape(Shape):
    """A text for people: one for all languages, or one for each."""

    wanted: ClassVar[Text] = both("a text, or one for each language", "一段文字，或按语言分列")
    example: str = "{en: …, zh: …}"

    def read(self, node: Node, reading: Reading, key: str) -> Wording | None:
        """The text."""
        if not isinstance(node, MappingNode):
            text = scalar(node, reading, key, self)
            if text is not None and isinstance(node, ScalarNode):
                cut_text(reading, key, node, text)
            return None if text is None else Wording((("", text),), text.span)
        pairs: list[tuple[str, Fragment]] = []
        cut: list[str] = []
        for name_node, value_node in node.value:
            if not isinstance(name_node, ScalarNode):
                continue
            language = name_node.value
            if language not in LANGUAGES:
                name = reading.fragment(name_node)
                if is_empty(value_node) and full_width(reading, name):
                    continue
                if pairs and node.flow_style and is_empty(value_node):
                    cut.append(f", {language}")
                else:
                    self._unknown(reading, name)
                continue
            self._cut(reading, pairs, cut)
            text = scalar(value_node, reading, language, self)
            if text is not None:
                if isinstance(value_node, ScalarNode):
                    cut_text(reading, language, value_node, text)
                pairs.append((language, text))
        self._cut(reading, pairs, cut)
        return Wording(tuple(pairs), reading.span(node)) if pairs else None

    @staticmethod
    def _cut(reading: Reading, pairs: list[tuple[str, Fragment]], cut: list[str]) -> None:
        """Report a text that commas cut, once all that follows it is known."""
        if cut:
            cut_value(reading, *pairs[-1], "".join(cut))
            cut.clear()

    @staticmethod
    def _unknown(reading: Reading, language: Fragment) -> None:
        guess = nearest(language.text, LANGUAGES)
        hint = DID_YOU_MEAN if guess else None
        reading.report(UNKNOWN_LANGUAGE, language.span, hint, word=language.text, known=LANGUAGES, nearest=guess or "")

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """A scalar, or an object of languages."""
        return schemas.named("text", self._named)

    @staticmethod
    def _named() -> dict[str, object]:
        one: dict[str, object] = {"type": ["string", "number", "boolean"]}
        by_language = {"type": "object", "properties": dict.fromkeys(LANGUAGES, one), "additionalProperties": False}
        return {"anyOf": [one, by_language]}


@dataclass(frozen=True, slots=True)
class TypeShape(Shape):
    """The name of a type, in brackets for a list of it."""

    wanted: ClassVar[Text] = both("a type", "一个类型")
    example: str = "number"

    def read(self, node: Node, reading: Reading, key: str) -> Type | None:
        """The type as written."""
        if isinstance(node, SequenceNode) and len(node.value) == 1 and isinstance(node.value[0], ScalarNode):
            name = scalar(node.value[0], reading, key, self)
            return None if name is None else Type(name, True, reading.span(node))
        if isinstance(node, SequenceNode):
            wrong_shape(reading, node, key, self)
            return None
        name = scalar(node, reading, key, self)
        return None if name is None else Type(name, False, name.span)

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """A text, or an array of one."""
        return schemas.named("type", self._named)

    @staticmethod
    def _named() -> dict[str, object]:
        common = ["string", "number", "boolean", "date", "datetime", "time", "duration"]
        one = {"anyOf": [{"enum": common}, {"type": "string"}]}
        return {"anyOf": [*one["anyOf"], {"type": "array", "items": one, "minItems": 1, "maxItems": 1}]}


@dataclass(frozen=True, slots=True)
class ChoicesShape(Shape):
    """Values in order: a list, names with what people call them, or `{suggested: …}` of either."""

    divided: ClassVar[bool] = True

    wanted: ClassVar[Text] = both("a list", "一个列表")
    example: str = "[high, medium, low]"

    def read(self, node: Node, reading: Reading, key: str) -> Choices | None:
        """The choices."""
        suggested = self._suggested(node)
        choices = self._choices(node if suggested is None else suggested, reading, key)
        if choices is None:
            return None
        if not choices:
            if (node if suggested is None else suggested).value:
                return None
            reading.report(EMPTY_LIST, reading.span(node), key=key)
            return None
        seen = set()
        for choice in choices:
            if choice.text.text in seen:
                reading.report(TWICE, choice.text.span, word=choice.text.text, key=key)
            seen.add(choice.text.text)
        return Choices(tuple(choices), suggested is not None, reading.span(node))

    @staticmethod
    def _suggested(node: Node) -> Node | None:
        if isinstance(node, MappingNode) and len(node.value) == 1:
            name, value = node.value[0]
            if isinstance(name, ScalarNode) and name.value == "suggested" and isinstance(value, CollectionNode):
                return value
        return None

    def _choices(self, node: Node, reading: Reading, key: str) -> list[Choice] | None:
        if isinstance(node, SequenceNode):
            texts = [scalar(item, reading, key, self) for item in node.value]
            return [Choice(text) for text in texts if text is not None]
        if not isinstance(node, MappingNode):
            wrong_shape(reading, node, key, self)
            return None
        choices = []
        for name, value in node.value:
            text = scalar(name, reading, key, self)
            label = None if is_empty(value) else WordingShape().read(value, reading, name.value)
            if text is not None:
                choices.append(Choice(text, label))
        return choices

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """An array or an object."""
        return schemas.named("choices", lambda: self._named(schemas))

    @staticmethod
    def _named(schemas: Schemas) -> dict[str, object]:
        listed = {"type": "array", "items": {"type": ["string", "number", "boolean"]}, "minItems": 1}
        labelled = {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"anyOf": [{"type": "null"}, WordingShape().schema(schemas)]},
        }
        suggested = {
            "type": "object",
            "required": ["suggested"],
            "properties": {"suggested": {"anyOf": [listed, labelled]}},
            "additionalProperties": False,
        }
        return {"anyOf": [listed, suggested, labelled]}
