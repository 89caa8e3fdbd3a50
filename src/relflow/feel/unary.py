"""Cells of decision tables: `-`, `not(…)`, and lists of unary tests (DMN 1.5, grammar rules 13 to 15)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from relflow.diagnostics import Diagnostic, Field, Message, Severity
from relflow.feel import tree
from relflow.feel.cursor import ENDS_EARLY, UNEXPECTED
from relflow.feel.habits import JOINS
from relflow.feel.parser import Parser
from relflow.feel.tree import Node
from relflow.text import Text

__all__ = ["UnaryParser"]

AND_IN_CELL: Final = Message.of(
    "and-in-cell",
    Severity.ERROR,
    "a cell cannot join tests with `and`",
    "单元格里不能用 `and` 连接条件",
    "write a range, such as `[50..60)`, or use `?`: `? >= 50 and ? < 60`",
    "写成区间，例如 `[50..60)`，或使用 `?`：`? >= 50 and ? < 60`",
)
OR_IN_CELL: Final = Message.of(
    "and-in-cell",
    Severity.ERROR,
    "a cell cannot join tests with `or`",
    "单元格里不能用 `or` 连接条件",
    "put a comma between them: in a cell it means `or`",
    "改用逗号分隔：单元格里逗号就是“或”",
)
EMPTY_CELL: Final = Message.of(
    "empty-cell",
    Severity.ERROR,
    "this cell is empty",
    "单元格为空",
    "write `-` if anything may stand here",
    "不限制就写 `-`",
)
HOW_TO_WRITE: Final = Text(
    (
        ("en", 'a cell holds tests such as `>= 5`, `[5..9)`, `"x","y"`, `not("x")`, or `-` if it does not matter'),
        ("zh", '单元格里写条件，例如 `>= 5`、`[5..9)`、`"x","y"`、`not("x")`；不限制写 `-`'),
    )
)
_ORDERS: Final = ("<", "<=", ">", ">=", "=", "!=")


class UnaryParser(Parser):
    """Reads one cell."""

    def finding(self, message: Message, start: int, end: int, **fields: Field) -> Diagnostic:
        """A finding at these offsets; what is no FEEL at all comes with how a cell is written."""
        found = super().finding(message, start, end, **fields)
        return replace(found, own_help=HOW_TO_WRITE) if message in (UNEXPECTED, ENDS_EARLY) else found

    def whole(self) -> Node:
        """The tests of the cell, to its end."""
        if self.at_end():
            self.refuse(EMPTY_CELL, 0, len(self.fragment.text))
        if self.is_symbol("-") and self.ahead().kind == "end":
            token = self.take()
            return tree.Dash(start=token.start, end=token.end)
        negated = self._not()
        if negated is not None:
            return negated
        tests = self._tests()
        if not self.at_end():
            self.leftover()
        return tree.Tests(tests, start=tests[0].start, end=self.last_end)

    def _not(self) -> Node | None:
        """`not(tests)` if its bracket closes at the end of the cell; else it is a call of the function."""
        token = self.token
        if not (self.is_word("not") and self.ahead().text == "("):
            return None
        position = self.at
        self.at += 2
        tests = self._tests()
        if self.skip(")") and self.at_end():
            return tree.Not(tests, start=token.start, end=self.last_end)
        self.retry(position)
        return None

    def _tests(self) -> tuple[Node, ...]:
        tests = [self._test()]
        while self.skip(","):
            tests.append(self._test())
        return tuple(tests)

    def _test(self) -> Node:
        test = self.test(self.expression)
        joined = JOINS.get(self.token.text)
        following = self.ahead(2 if self.ahead().text == self.token.text else 1)
        if joined and following.kind == "symbol" and following.text in _ORDERS:
            message = AND_IN_CELL if joined == "and" else OR_IN_CELL
            self.refuse(message, test.start, self.tokens[-1].end)
        return test
