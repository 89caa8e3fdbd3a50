"""Tokens to a tree, knowing the scope: names of several words need it while reading (DMN 1.5, 10.3.1)."""

from __future__ import annotations

from decimal import Decimal
from typing import NoReturn, cast

from relflow.diagnostics import Fragment
from relflow.feel import tree
from relflow.feel.binder_syntax import BinderSyntax
from relflow.feel.cursor import EXPRESSION, EXPRESSION_END, NAME, RANGE_END
from relflow.feel.lexer import NotFeelError
from relflow.feel.names import KEYWORDS, Layer, longest
from relflow.feel.shapes import Shapes
from relflow.feel.tree import Node

__all__ = ["Parser"]


class Parser(BinderSyntax):
    """Reads one expression."""

    def __init__(self, fragment: Fragment, layer: Layer, shapes: Shapes) -> None:
        super().__init__(fragment, layer, shapes)
        self.closing = False

    def whole(self) -> Node:
        """The expression that the text is, to its end."""
        node = self.expression()
        if self.token.kind != "end":
            self.leftover()
        return node

    def leftover(self) -> NoReturn:
        """Refuse what follows a complete expression."""
        self.unexpected(EXPRESSION_END)

    # ---- what follows a value

    def operand(self) -> Node:
        """A value with all paths, filters and calls behind it."""
        closing, self.closing = self.closing, False
        node = self._primary()
        while True:
            if self.is_symbol("."):
                node = self._path(node)
            elif self.is_symbol("[") and not closing:
                node = self._filter(node)
            elif self.is_symbol("("):
                node = self._invocation(node)
            else:
                self.closing = closing
                return node

    def _path(self, target: Node) -> Node:
        self.take()
        if self.token.kind != "name":
            self.unexpected(NAME)
        name, size = longest(self.shapes.fields(target), self.tokens, self.at)
        if not size:
            name, size = self.token.text, 1
        self.at += size
        return tree.Path(target, name, start=target.start, end=self.last_end)

    def _filter(self, target: Node) -> Node:
        self.take()
        item = self.shapes.item(target)
        names = {"item": item, **self.shapes.names(item)}
        condition = self.within(Layer.of(names, self.layer), self.expression)
        self.expect("]")
        return tree.Filter(target, condition, start=target.start, end=self.last_end)

    def _invocation(self, function: Node) -> Node:
        arguments, names = self._arguments()
        place = {"start": function.start, "end": self.last_end}
        if isinstance(function, tree.Name):
            return tree.Call(function.name, arguments, names, **place)
        return tree.Invocation(function, arguments, names, **place)

    def _arguments(self) -> tuple[tuple[Node, ...], tuple[str, ...]]:
        self.expect("(")
        arguments: list[Node] = []
        names: list[str] = []
        named = self.key_length(":") > 0
        while not self.is_symbol(")") or arguments:
            if named:
                names.append(self.key(":"))
            arguments.append(self.expression())
            if not self.skip(","):
                break
        self.expect(")")
        return tuple(arguments), tuple(names)

    # ---- values

    def _primary(self) -> Node:
        token = self.token
        if token.kind == "number":
            self.take()
            return tree.Number(cast("Decimal", token.value), start=token.start, end=token.end)
        if token.kind == "string":
            self.take()
            return tree.String(cast("str", token.value), start=token.start, end=token.end)
        if token.kind == "name":
            return self._word()
        if token.kind == "symbol":
            return self._symbol()
        return self.unexpected(EXPRESSION)

    def _symbol(self) -> Node:
        token = self.token
        match token.text:
            case "(":
                return self._bracketed()
            case "[":
                return self._list_or_range()
            case "]":
                self.take()
                return self._range(token.start, self.expression(), low_included=False)
            case "{":
                return self.context()
            case "@" if self.ahead().kind == "string":
                self.take()
                text = self.take()
                return tree.AtLiteral(cast("str", text.value), start=token.start, end=text.end)
            case "<" | "<=" | ">" | ">=":
                return self._half_range()
            case _:
                return self.unexpected(EXPRESSION)

    def _bracketed(self) -> Node:
        start = self.take().start
        inner = self.expression()
        if self.is_symbol(".."):
            return self._range(start, inner, low_included=False)
        self.expect(")")
        return inner

    def _list_or_range(self) -> Node:
        start = self.take().start
        items: list[Node] = []
        if not self.is_symbol("]"):
            items.append(self.expression())
            if self.is_symbol(".."):
                return self._range(start, items[0], low_included=True)
            while self.skip(","):
                items.append(self.expression())
        self.expect("]")
        return tree.List(tuple(items), start=start, end=self.last_end)

    def _range(self, start: int, low: Node, *, low_included: bool) -> Node:
        self.expect("..")
        position = self.at
        try:
            high = self.endpoint()
            included = self._range_end()
        except NotFeelError:
            self.retry(position)
            self.closing = True
            high = self.endpoint()
            self.closing = False
            included = self._range_end()
        return tree.Range(low, high, low_included, included, start=start, end=self.last_end)

    def _range_end(self) -> bool:
        if not self.is_symbol("]", ")", "["):
            self.unexpected(RANGE_END)
        return self.take().text == "]"

    def _half_range(self) -> Node:
        token = self.token
        operator = self.operator()
        value = self.endpoint()
        place = {"start": token.start, "end": value.end}
        if operator in ("<", "<="):
            return tree.Range(None, value, False, operator == "<=", **place)
        return tree.Range(value, None, operator == ">=", False, **place)

    def _word(self) -> Node:
        token = self.token
        place = {"start": token.start, "end": token.end}
        match token.text:
            case "true" | "false":
                self.take()
                return tree.Boolean(token.text == "true", **place)
            case "null":
                self.take()
                return tree.Null(**place)
            case "if":
                return self._if()
            case "for":
                return self.loop()
            case "some" | "every" if self.ahead().kind == "name":
                return self.quantified()
            case "function" if self.ahead().text == "(":
                return self.function()
            case _:
                return self._name()

    def _name(self) -> Node:
        token = self.token
        name, size = self.layer.longest(self.tokens, self.at)
        built_in, length = longest(self.shapes.built_ins, self.tokens, self.at)
        if length > size and (self.ahead(length).text == "(" or self.layer.find(token.text) is None):
            name, size = built_in, length
        if not size:
            if token.text in KEYWORDS and not (token.text == "not" and self.ahead().text == "("):
                self.unexpected(EXPRESSION)
            name, size = token.text, 1
        self.at += size
        return tree.Name(name, start=token.start, end=self.last_end)

    def _if(self) -> Node:
        start = self.take().start
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        otherwise = self.expression()
        return tree.If(condition, then, otherwise, start=start, end=otherwise.end)
