"""What brings names of its own: loops, quantifiers, functions and contexts, and how new names are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, TypeVar, cast

from relflow.diagnostics import Fragment, Message, Severity
from relflow.feel import tree
from relflow.feel.cursor import NAME
from relflow.feel.names import KEYWORDS, NAME_SYMBOLS, Layer, spelled
from relflow.feel.operator_syntax import OperatorSyntax
from relflow.feel.shapes import Shapes
from relflow.feel.tree import Node
from relflow.feel.typenames import parse_type
from relflow.feel.types import ANY, ListType

__all__ = ["BinderSyntax"]

NOT_A_NAME: Final = Message.of(
    "reserved-word",
    Severity.ERROR,
    "`{word}` is a word of the expression language and cannot be a name",
    "`{word}` 是表达式语言的保留字，不能用作名称",
    "choose another name, e.g. `the_{word}`",
    "换一个名称，例如 `the_{word}`",
)
SAME_KEY: Final = Message.of(
    "feel-syntax",
    Severity.ERROR,
    "`{key}` stands twice in this context",
    "`{key}` 在这个上下文里出现了两次",
    "keep one of the two",
    "只保留一个",
)

Result = TypeVar("Result")


class BinderSyntax(OperatorSyntax):
    """Reads binders; `layer` holds the names that the place may use, `shapes` what is known of values."""

    def __init__(self, fragment: Fragment, layer: Layer, shapes: Shapes) -> None:
        super().__init__(fragment)
        self.layer = layer
        self.shapes = shapes

    def within(self, layer: Layer, read: Callable[[], Result]) -> Result:
        """Read with more names in scope."""
        before, self.layer = self.layer, layer
        try:
            return read()
        finally:
            self.layer = before

    def loop(self) -> Node:
        """`for … return …`."""
        start = self.take().start
        outer = self.layer
        loops = self._loops("return")
        self.layer.add("partial", ListType(ANY))
        body = self.within(self.layer, self.expression)
        self.layer = outer
        return tree.For(loops, body, start=start, end=body.end)

    def quantified(self) -> Node:
        """`some … satisfies …` and `every … satisfies …`."""
        token = self.take()
        outer = self.layer
        loops = self._loops("satisfies")
        condition = self.expression()
        self.layer = outer
        kind = cast('Literal["some", "every"]', token.text)
        return tree.Quantified(kind, loops, condition, start=token.start, end=condition.end)

    def _loops(self, end: str) -> tuple[tree.Loop, ...]:
        """The iterators up to `return` or `satisfies`; their names stay in `layer` for the caller to take away."""
        loops: list[tree.Loop] = []
        while True:
            start = self.token.start
            name = self.key("in")
            source = self.expression()
            high = self.expression() if self.skip("..") else None
            loops.append(tree.Loop(name, source, high, start=start, end=self.last_end))
            self.layer = Layer.of({name: self.shapes.item(source)}, self.layer)
            if not self.skip(","):
                break
        self.expect(end)
        return tuple(loops)

    def function(self) -> Node:
        """`function(…) …`."""
        start = self.take().start
        self.expect("(")
        parameters: list[tree.Parameter] = []
        while not self.is_symbol(")"):
            parameters.append(self._parameter())
            if not self.skip(","):
                break
        self.expect(")")
        external = self.skip("external")
        names = {parameter.name: parameter.type or ANY for parameter in parameters}
        body = self.within(Layer.of(names, self.layer), self.expression)
        return tree.Function(tuple(parameters), body, external, start=start, end=body.end)

    def _parameter(self) -> tree.Parameter:
        start = self.token.start
        name = self._new_name(":", ",", ")")
        type_ = parse_type(self) if self.skip(":") else None
        return tree.Parameter(name, type_, start=start, end=self.last_end)

    def context(self) -> Node:
        """`{key: value}`; an entry sees those before it, and a function sees itself."""
        start = self.take().start
        outer = self.layer
        self.layer = Layer.of({}, outer)
        entries: dict[str, tree.Entry] = {}
        while not self.is_symbol("}"):
            entry = self._entry()
            if entry.key in entries:
                self.refuse(SAME_KEY, entry.start, entry.end, key=entry.key)
            entries[entry.key] = entry
            self.layer.add(entry.key, self.shapes.of(entry.value))
            self.shapes.remember(entry.key)
            if not self.skip(","):
                break
        self.layer = outer
        self.expect("}")
        return tree.Context(tuple(entries.values()), start=start, end=self.last_end)

    def _entry(self) -> tree.Entry:
        token = self.token
        if token.kind == "string":
            self.take()
            self.expect(":")
            key = cast("str", token.value)
        else:
            key = self.key(":")
        if self.is_word("function"):
            self.layer.add(key, ANY)
        value = self.expression()
        return tree.Entry(key, value, start=token.start, end=value.end)

    def key(self, end: str) -> str:
        """A new name up to `end`, which is passed."""
        name = self._new_name(end)
        self.expect(end)
        return name

    def _new_name(self, *ends: str) -> str:
        size = self.key_length(*ends)
        if not size:
            self.unexpected(NAME)
        tokens = self.tokens[self.at : self.at + size]
        if tokens[0].text in KEYWORDS:
            self.refuse(NOT_A_NAME, tokens[0].start, tokens[0].end, word=tokens[0].text)
        self.at += size
        return spelled(tokens)

    def key_length(self, *ends: str) -> int:
        """How many tokens form a name that one of `ends` follows; 0 if none do."""
        if self.token.kind != "name":
            return 0
        size = 1
        while True:
            token = self.ahead(size)
            if token.text in ends and token.kind in ("symbol", "name"):
                return size
            if token.kind not in ("name", "number") and token.text not in NAME_SYMBOLS:
                return 0
            size += 1
