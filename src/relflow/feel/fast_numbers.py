"""Straight Python for arithmetic and comparisons: exact on ints, through our decimals for the rest."""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal

from relflow.feel import tree
from relflow.feel.code import NO_CONSTANT, Code, piece
from relflow.feel.general import OPERATORS, General
from relflow.feel.guards import MIXED, ORDERED, Known
from relflow.feel.pool import HELPERS
from relflow.feel.tree import Node

__all__ = ["FastNumbers"]


class FastNumbers(General):
    """Operators on values of known kinds.

    After emitting, `bounded` holds the sources of numbers whose guard has to be the bounded one.
    """

    bounded: set[str]

    @abstractmethod
    def known(self, node: Node) -> Known | None:
        """The node's code where its kind is sure."""

    @abstractmethod
    def literal(self, value: object) -> Known | None:
        """A constant of a known kind."""

    def negated(self, node: tree.Negation) -> Known | None:
        """`-value` of a number."""
        operand = self.known(node.operand)
        if operand is not None and operand.code.constant is not NO_CONSTANT:
            return self._folded("-", Known(self.constant(0), "number"), operand)
        if operand is None or operand.kind not in MIXED:
            return None
        name, bound = self.bind(operand)
        self.limit(operand)
        code = piece(f"(-{name} if {{}}.__class__ is _int else _negate({name}))", bound, bound=_own(name, bound))
        return Known(code, "exact", operand.null, operand.digits)

    def arithmetic(self, node: tree.Arithmetic) -> Known | None:
        """An operation on two numbers."""
        code = General.value(self, node) if _all_literal(node) else None
        if code is not None and code.constant is not NO_CONSTANT:
            return self.literal(code.constant)
        left, right = self.known(node.left), self.known(node.right)
        if left is None or right is None or left.kind not in MIXED or right.kind not in MIXED:
            return None
        folded = self._folded(node.operator, left, right)
        if folded is not None:
            return folded
        digits = left.digits + right.digits if node.operator == "*" else max(left.digits, right.digits) + 1
        null = left.null or right.null or node.operator in ("/", "**")
        operands = self._exact_operand(left), self._exact_operand(right)
        if node.operator == "**" or digits > 33:
            helper = OPERATORS[node.operator]
            return Known(piece(f"{helper}({{}}, {{}})", *operands), "exact", True, 34)
        return Known(self._integers(node.operator, left, right), "exact", null or digits > 30, digits)

    def _folded(self, operator: str, left: Known, right: Known) -> Known | None:
        """An operation on two constants."""
        operands = [self._exact_operand(known).constant for known in (left, right)]
        if NO_CONSTANT in operands:
            return None
        value = HELPERS[OPERATORS[operator]](*operands)
        if isinstance(value, int | Decimal):
            known = self.literal(value)
            return known or Known(self.constant(value), "exact", digits=34)
        helper = piece(f"{OPERATORS[operator]}({{}}, {{}})", *map(self.constant, operands))
        return Known(helper, "exact", null=True, digits=34)

    def _exact_operand(self, known: Known) -> Code:
        """An operand as our decimals want it: a float literal goes back to its decimal."""
        if isinstance(known.code.constant, float):
            return self.constant(Decimal(repr(known.code.constant)))
        return known.code

    def _integers(self, operator: str, left: Known, right: Known) -> Code:
        """Python's own operator where both sides are ints, else our decimals."""
        helper = OPERATORS[operator]
        operands = self._exact_operand(left), self._exact_operand(right)
        if any(code.constant is not NO_CONSTANT and code.constant.__class__ is not int for code in operands):
            return piece(f"{helper}({{}}, {{}})", *operands)
        self.limit(left)
        self.limit(right)
        first, first_code = self.bind(left)
        second, second_code = self.bind(right)
        tests = [
            "{}.__class__ is _int"
            for code in (first_code, second_code)
            if code.constant is NO_CONSTANT or code.constant.__class__ is not int
        ]
        parts = [code for code in (first_code, second_code) if code.constant.__class__ is not int]
        exact = f"{first} {operator} {second}"
        if operator == "/":
            tests.append(f"{second} and {first} % {second} == 0")
            exact = f"{first} // {second}"
        # both are bound before either is used: `and` would leave the second unbound where the first is no int
        if len(parts) == 2:
            tests[:2] = [_both(parts)]
        text = f"({exact} if {' and '.join(tests)} else {helper}({first}, {second}))"
        own = [*_own(first, first_code), *_own(second, second_code)]
        return piece(text, *parts, bound=own)

    def limit(self, known: Known) -> None:
        """Ask for the bounded guard where the value is a guarded name."""
        if known.kind == "number" and known.code.text.isidentifier():
            self.bounded.add(known.code.text)

    def bind(self, known: Known) -> tuple[str, Code]:
        """A name for a value, and the code that gives it that name: itself where it is a name or a literal."""
        code = known.code
        if code.text.isidentifier() or (code.constant is not NO_CONSTANT and "{" not in code.text):
            return code.text, code
        name = self.new("x")
        return name, piece(f"({name} := {{}})", code, free=(name,))

    def compared(self, operator: str, left: Known | None, right: Known | None, *, truth: bool) -> Known | None:
        """A comparison of two known values."""
        if left is None or right is None or not self.comparable(left, right):
            return None
        first, second = self.operands(left, right)
        if operator in ("=", "!="):
            sign = "==" if operator == "=" else "!="
            return Known(piece(f"({{}} {sign} {{}})", first, second), "boolean")
        if left.kind not in ORDERED:
            return None
        return self._ordered(operator, Known(first, left.kind, left.null), Known(second, right.kind, right.null), truth)

    def comparable(self, left: Known, right: Known) -> bool:
        """Whether Python compares them as decimals compare: a float never meets a Decimal."""
        if left.kind == right.kind != "number":
            return True
        if not {left.kind, right.kind} <= MIXED:
            return False
        numbers = [known for known in (left, right) if known.kind == "number"]
        constant = any(known.code.constant is not NO_CONSTANT for known in numbers)
        if len(numbers) == 2 and not constant:
            self.limit(left)
            self.limit(right)
        return len(numbers) != 1 or constant

    def operands(self, left: Known, right: Known) -> tuple[Code, Code]:
        """Both sides, float literals as decimals where the other side may be one."""
        if left.kind == right.kind:
            return left.code, right.code
        return self._exact_operand(left), self._exact_operand(right)

    def _ordered(self, operator: str, left: Known, right: Known, truth: bool) -> Known:
        names: list[str] = []
        codes: list[Code] = []
        own: list[str] = []
        for known in (left, right):
            name, code = self.bind(known) if known.null else (known.code.text, known.code)
            names.append(name)
            codes.append(code)
            own += _own(name, code) if known.null else []
        nulls = [code for code, known in zip(codes, (left, right), strict=True) if known.null]
        used = [
            Code(name) if known.null else code for name, code, known in zip(names, codes, (left, right), strict=True)
        ]
        if not nulls:
            return Known(piece(f"({{}} {operator} {{}})", *used), "boolean")
        if truth:
            text = "(" + "{} is not None and " * len(nulls) + f"{{}} {operator} {{}})"
            return Known(piece(text, *nulls, *used, bound=own), "boolean")
        checks = " or ".join(["{} is None"] * len(nulls))
        text = f"(None if {checks} else {{}} {operator} {{}})"
        return Known(piece(text, *nulls, *used, bound=own), "boolean", null=True)


def _own(name: str, code: Code) -> tuple[str, ...]:
    """The temporary name that `_bound` made, if it made one."""
    return (name,) if code.text != name else ()


def _both(parts: list[Code]) -> str:
    """A test that two values are ints which evaluates both, so that temporaries of both exist afterwards."""
    if any(":=" in part.text for part in parts[1:]):
        return "({}.__class__ is _int) & ({}.__class__ is _int)"
    return "{}.__class__ is _int and {}.__class__ is _int"


def _all_literal(node: Node) -> bool:
    if isinstance(node, tree.Arithmetic):
        return _all_literal(node.left) and _all_literal(node.right)
    return isinstance(node, tree.Number | tree.AtLiteral | tree.String | tree.Constant) or (
        isinstance(node, tree.Negation) and _all_literal(node.operand)
    )
