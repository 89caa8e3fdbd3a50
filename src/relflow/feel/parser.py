"""Tokens to a tree, knowing the scope: names of several words need it while reading (DMN 1.5, 10.3.1)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final, Literal, NoReturn, TypeVar, cast

from relflow.diagnostics import Fragment, Message, Severity
from relflow.feel import tree
from relflow.feel.cursor import EXPRESSION, EXPRESSION_END, NAME, RANGE_END, Cursor
from relflow.feel.lexer import NotFeelError
from relflow.feel.names import KEYWORDS, NAME_SYMBOLS, Layer, longest, spelled
from relflow.feel.shapes import Shapes
from relflow.feel.tree import Node
from relflow.feel.typenames import parse_type
from relflow.feel.types import ANY, ListType

__all__ = ["Parser"]

NOT_A_NAME: Final = Message.of(
    "reserved-word",
    Severity.ERROR,
    "`{word}` is a word of the expression language and cannot be a name",
    "`{word}` 是表达式语言的保留词，不能用作名称",
)
SAME_KEY: Final = Message.of(
    "feel-syntax", Severity.ERROR, "`{key}` stands twice in this context", "`{key}` 在这个上下文里出现了两次"
)
ARROW: Final = Message.of(
    "comparison-arrow", Severity.ERROR, "`=>` is not a comparison", "`=>` 不是比较符号", "write `>=`", "写成 `>=`"
)
EQUAL_LESS: Final = Message.of(
    "comparison-arrow", Severity.ERROR, "`=<` is not a comparison", "`=<` 不是比较符号", "write `<=`", "写成 `<=`"
)
DOUBLE_EQUALS: Final = Message.of(
    "comparison-arrow", Severity.ERROR, "`==` is not a comparison", "`==` 不是比较符号", "write `=`", "写成 `=`"
)
_WRONG_PAIRS: Final = {">": ARROW, "<": EQUAL_LESS, "=": DOUBLE_EQUALS}

_COMPARISONS: Final = ("=", "!=", "<", "<=", ">", ">=")
_ORDERS: Final = ("<", "<=", ">", ">=")
Result = TypeVar("Result")


class Parser(Cursor):
    """Reads one expression; `layer` holds the names that its place may use."""

    def __init__(self, fragment: Fragment, layer: Layer, shapes: Shapes) -> None:
        super().__init__(fragment)
        self.layer = layer
        self.shapes = shapes
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

    # ---- expressions, loosest binding first

    def expression(self) -> Node:
        """Any expression."""
        self.deeper()
        try:
            return self._or()
        finally:
            self.depth -= 1

    def _or(self) -> Node:
        left = self._and()
        while self.is_word("or"):
            self.take()
            right = self._and()
            left = tree.Or(left, right, start=left.start, end=right.end)
        return left

    def _and(self) -> Node:
        left = self._comparison()
        while self.is_word("and"):
            self.take()
            right = self._comparison()
            left = tree.And(left, right, start=left.start, end=right.end)
        return left

    def _comparison(self) -> Node:
        left = self.endpoint()
        while True:
            if self.is_symbol(*_COMPARISONS):
                left = self._compare(left)
            elif self.is_word("between"):
                left = self._between(left)
            elif self.is_word("in"):
                left = self._in(left)
            else:
                return left

    def _compare(self, left: Node) -> Node:
        operator = self.operator()
        right = self.endpoint()
        return tree.Comparison(operator, left, right, start=left.start, end=right.end)

    def operator(self) -> Literal["=", "!=", "<", "<=", ">", ">="]:
        """Pass a comparison symbol; Excel's and other languages' spellings get their own findings."""
        token = self.take()
        following = self.token
        wrong = _WRONG_PAIRS.get(following.text) if token.text == "=" and following.start == token.end else None
        if wrong is not None:
            self.refuse(wrong, token.start, following.end)
        return cast('Literal["=", "!=", "<", "<=", ">", ">="]', token.text)

    def _between(self, value: Node) -> Node:
        self.take()
        low = self.endpoint()
        self.expect("and")
        high = self.endpoint()
        return tree.Between(value, low, high, start=value.start, end=high.end)

    def _in(self, value: Node) -> Node:
        self.take()
        position = self.at
        if self.is_symbol("("):
            tests = self._tests_in_brackets()
            if tests is not None:
                return tree.In(value, tests, start=value.start, end=self.last_end)
            self.retry(position)
        test = self.test(self.endpoint)
        return tree.In(value, (test,), start=value.start, end=self.last_end)

    def _tests_in_brackets(self) -> tuple[Node, ...] | None:
        """`(1, < 5, [7..9])` after `in`; None where the bracket only begins a longer expression."""
        self.take()
        tests = [self.test(self.expression)]
        while self.skip(","):
            tests.append(self.test(self.expression))
        if not self.is_symbol(")"):
            return None
        self.take()
        if len(tests) == 1 and self.is_symbol("+", "-", "*", "/", "**", ".", "[", "("):
            return None
        return tuple(tests)

    def test(self, operand: Callable[[], Node]) -> Node:
        """One positive unary test: a comparison with the input value, or any expression."""
        token = self.token
        if self.is_symbol(*_COMPARISONS):
            operator = self.operator()
            value = self.endpoint()
            return tree.Test(operator, value, start=token.start, end=value.end)
        return operand()

    def endpoint(self) -> Node:
        """A sum: what may stand beside a comparison or `..`."""
        left = self._product()
        while self.is_symbol("+", "-"):
            operator = self.take().text
            right = self._product()
            left = tree.Arithmetic(cast('Literal["+"]', operator), left, right, start=left.start, end=right.end)
        return left

    def _product(self) -> Node:
        left = self._power()
        while self.is_symbol("*", "/"):
            operator = self.take().text
            right = self._power()
            left = tree.Arithmetic(cast('Literal["*"]', operator), left, right, start=left.start, end=right.end)
        return left

    def _power(self) -> Node:
        left = self._negation()
        while self.is_symbol("**"):
            self.take()
            right = self._negation()
            left = tree.Arithmetic("**", left, right, start=left.start, end=right.end)
        return left

    def _negation(self) -> Node:
        if not self.is_symbol("-"):
            return self._instance_of()
        token = self.take()
        self.deeper()
        operand = self._negation()
        self.depth -= 1
        return tree.Negation(operand, start=token.start, end=operand.end)

    def _instance_of(self) -> Node:
        value = self._postfix()
        while self.is_word("instance"):
            self.take()
            self.expect("of")
            type_ = parse_type(self)
            value = tree.InstanceOf(value, type_, start=value.start, end=self.last_end)
        return value

    # ---- what follows a value

    def _postfix(self) -> Node:
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
        named = self._key_length(":") > 0
        while not self.is_symbol(")") or arguments:
            if named:
                names.append(self._key(":"))
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
                return self._context()
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
                return self._for()
            case "some" | "every" if self.ahead().kind == "name":
                return self._quantified()
            case "function" if self.ahead().text == "(":
                return self._function()
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

    # ---- what brings names of its own

    def within(self, layer: Layer, read: Callable[[], Result]) -> Result:
        """Read with more names in scope."""
        before, self.layer = self.layer, layer
        try:
            return read()
        finally:
            self.layer = before

    def _for(self) -> Node:
        start = self.take().start
        outer = self.layer
        loops = self._loops("return")
        self.layer.add("partial", ListType(ANY))
        body = self.within(self.layer, self.expression)
        self.layer = outer
        return tree.For(loops, body, start=start, end=body.end)

    def _quantified(self) -> Node:
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
            name = self._key("in")
            source = self.expression()
            high = self.expression() if self.skip("..") else None
            loops.append(tree.Loop(name, source, high, start=start, end=self.last_end))
            self.layer = Layer.of({name: self.shapes.item(source)}, self.layer)
            if not self.skip(","):
                break
        self.expect(end)
        return tuple(loops)

    def _function(self) -> Node:
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

    def _context(self) -> Node:
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
            key = self._key(":")
        value = self.expression()
        return tree.Entry(key, value, start=token.start, end=value.end)

    # ---- new names

    def _key(self, end: str) -> str:
        """A new name up to `end`, which is passed."""
        name = self._new_name(end)
        self.expect(end)
        return name

    def _new_name(self, *ends: str) -> str:
        size = self._key_length(*ends)
        if not size:
            self.unexpected(NAME)
        tokens = self.tokens[self.at : self.at + size]
        if tokens[0].text in KEYWORDS:
            self.refuse(NOT_A_NAME, tokens[0].start, tokens[0].end, word=tokens[0].text)
        self.at += size
        return spelled(tokens)

    def _key_length(self, *ends: str) -> int:
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
