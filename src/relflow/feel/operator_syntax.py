"""The operators of the grammar, loosest binding first (DMN 1.5, grammar rules 2, 4 and 49)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Final, Literal, cast

from relflow.diagnostics import Message, Severity
from relflow.feel import tree
from relflow.feel.cursor import Cursor
from relflow.feel.tree import Node
from relflow.feel.typenames import parse_type

__all__ = ["OperatorSyntax"]

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


class OperatorSyntax(Cursor):
    """Reads expressions down to signs and `instance of`; what operators stand between is read by `operand`."""

    @abstractmethod
    def operand(self) -> Node:
        """A value with all paths, filters and calls behind it."""

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
        value = self.operand()
        while self.is_word("instance"):
            self.take()
            self.expect("of")
            type_ = parse_type(self)
            value = tree.InstanceOf(value, type_, start=value.start, end=self.last_end)
        return value
