"""Trees to straight Python, for values that a guard has found to be of their declared types.

Numbers stay what the host passed: int or float. Comparing them with a literal of at most 15 digits, as int or float,
gives what decimals give; arithmetic is exact on integers and goes through our decimals for the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from relflow.feel import tree
from relflow.feel.code import NO_CONSTANT, Code, Frame, piece, same_object
from relflow.feel.fast_numbers import FastNumbers
from relflow.feel.guards import BOUND, DIGITS, FOLDED, ORDERED, Known, kind_of_type
from relflow.feel.pool import Pool
from relflow.feel.scope import Scope
from relflow.feel.tree import Node, reads_input
from relflow.feel.types import Type

__all__ = ["Fast"]


class _Test(NamedTuple):
    """The truth of one test; whether it may only be asked of a value that is not null, and never is unknown then."""

    code: Code
    needs_value: bool = False
    sure: bool = True


class Fast(FastNumbers):
    """The general code, with straight forms where kinds are known.

    After emitting, `bounded` holds the sources of numbers whose guard has to be the bounded one.
    """

    def __init__(
        self,
        pool: Pool,
        scope: Scope,
        frames: tuple[Frame, ...],
        node_types: Mapping[int, Type],
        *,
        input: str | None,
        input_type: Type | None,
        nullable: Collection[str] | None,
        constants: Mapping[str, Any],
        bounded: set[str],
    ) -> None:
        super().__init__(pool, scope, frames, node_types, input=input)
        self.input_type = input_type
        self.nullable = nullable
        self.constants = constants
        self.bounded = bounded
        self._outermost = input
        self._memo: dict[tuple[int, object], Known | None] = {}

    def value(self, node: Node) -> Code:
        """The node's value."""
        known = self.known(node)
        return self.settled(known.code) if known is not None else super().value(node)

    def ternary(self, node: Node) -> Code:
        """A condition: True, False or None."""
        known = self.known(node)
        return known.code if known is not None and known.kind == "boolean" else super().ternary(node)

    def truth(self, node: Node) -> Code:
        """Truthy exactly where the node is true."""
        return self.settled(self._truth(node))

    def _truth(self, node: Node) -> Code:
        match node:
            case tree.And(left=left, right=right):
                return piece("({} and {})", self.truth(left), self.truth(right))
            case tree.Or(left=left, right=right):
                return piece("({} or {})", self.truth(left), self.truth(right))
            case tree.Comparison(operator=operator, left=left, right=right):
                compared = self.compared(operator, self.known(left), self.known(right), truth=True)
                compared = compared or self.known(node)
                return compared.code if compared else self.value(node)
            case tree.Between(value=value, low=low, high=high):
                return self._between_truth(value, low, high) or self.value(node)
            case tree.In(value=value, tests=tests):
                return self._tested_truth(tests, value) or self.value(node)
            case tree.Tests(tests=tests):
                return self._tested_truth(tests, None) or self.value(node)
            case tree.Call(function="not", arguments=(operand,), names=()) if not self.is_bound("not"):
                return self._false(operand)
            case tree.Not(tests=tests):
                return self._tested_truth(tests, None, negated=True) or same_object(self.value(node), True)
            case tree.If(condition=condition, then=then, otherwise=otherwise):
                return piece("({} if {} else {})", self.truth(then), self.truth(condition), self.truth(otherwise))
            case tree.Form(expansion=expansion):
                return self.truth(expansion)
            case _:
                known = self.known(node)
                boolean = known is not None and known.kind == "boolean"
                return self.value(node) if boolean else super().truth(node)

    def _false(self, node: Node) -> Code:
        known = self.known(node)
        if known is not None and known.kind == "boolean" and not known.null:
            return piece("(not {})", known.code)
        return same_object(self.ternary(node), False)

    def _between_truth(self, value: Node, low: Node, high: Node) -> Code | None:
        """Two comparisons, where the value may be named twice."""
        subject, first, last = self.known(value), self.known(low), self.known(high)
        if subject is None or not subject.code.text.isidentifier():
            return None
        above = self.compared(">=", subject, first, truth=True)
        below = self.compared("<=", subject, last, truth=True)
        return piece("({} and {})", above.code, below.code) if above and below else None

    # ---- values of a known kind

    def known(self, node: Node) -> Known | None:
        """The node's code where its kind is sure."""
        key = id(node), self.frames[-1].serial
        if key not in self._memo:
            self._memo[key] = self._known(node)
        return self._memo[key]

    def _known(self, node: Node) -> Known | None:
        match node:
            case tree.Number() | tree.String() | tree.Boolean() | tree.AtLiteral() | tree.Constant():
                return self.literal(super().value(node).constant)
            case tree.Name(name=name):
                return self._known_name(name)
            case tree.Form(expansion=expansion):
                return self.known(expansion)
            case tree.Negation():
                return self.negated(node)
            case tree.Arithmetic():
                return self.arithmetic(node)
            case tree.Comparison(operator=operator, left=left, right=right):
                found = self.compared(operator, self.known(left), self.known(right), truth=False)
                return found or self._is_null(node)
            case tree.And() | tree.Or():
                return self._logic(node)
            case tree.If():
                return self._known_if(node)
            case tree.In(value=value, tests=tests):
                return self._tested_known(tests, self.known(value))
            case tree.Tests(tests=tests):
                return self._tested_known(tests, self._known_name("?"))
            case tree.Not(tests=tests):
                return self._tested_known(tests, self._known_name("?"), "not ")
            case _:
                return None

    def literal(self, value: Any) -> Known | None:
        """A constant: a number of at most 15 digits as int or float, others by their class."""
        if isinstance(value, Decimal) and _digits(value) <= DIGITS:
            number = float(value)
            return Known(Code(repr(number), constant=number), "number")
        kind = FOLDED.get(value.__class__)
        if kind is None or (kind == "number" and abs(value) >= BOUND):
            return None
        code = Code(self.pool.constant(value), constant=value)
        return Known(code, kind, digits=len(str(abs(value))) if value.__class__ is int else DIGITS)

    def _known_name(self, name: str) -> Known | None:
        if name in self.constants and not self._hidden(name):
            return self.literal(self.constants[name])
        if name == "?":
            type_ = self.input_type if self.input is not None and self.input == self._outermost else None
            null = self.nullable is None or "?" in self.nullable
        else:
            type_ = None if self._hidden(name) else self.scope.names.get(name)
            null = self.nullable is None or name in self.nullable
        kind = None if type_ is None else kind_of_type(type_)
        return None if kind is None else Known(self.named(name), kind, null)

    def _hidden(self, name: str) -> bool:
        """Whether something nearer than the guarded names may answer to this name."""
        return len(self.frames) > 1 and any(frame.item or name in frame.names for frame in self.frames[1:])

    def _is_null(self, node: tree.Comparison) -> Known | None:
        """`= null` and `!= null`, of values of any kind."""
        if isinstance(node.left, tree.Null) is isinstance(node.right, tree.Null) or node.operator not in ("=", "!="):
            return None
        side = node.right if isinstance(node.left, tree.Null) else node.left
        sign = "is" if node.operator == "=" else "is not"
        return Known(same_object(self.value(side), None, sign), "boolean")

    def _known_if(self, node: tree.If) -> Known | None:
        then, otherwise = self.known(node.then), self.known(node.otherwise)
        if then is None or otherwise is None or then.kind != otherwise.kind:
            return None
        self.limit(then)
        self.limit(otherwise)
        code = piece("({} if {} else {})", then.code, self.truth(node.condition), otherwise.code)
        return Known(code, then.kind, then.null or otherwise.null, max(then.digits, otherwise.digits))

    def _logic(self, node: tree.And | tree.Or) -> Known | None:
        """A conjunction or disjunction; without nulls Python's own."""
        left, right = self.known(node.left), self.known(node.right)
        if left is None or right is None or left.kind != "boolean" or right.kind != "boolean":
            return None
        word = "and" if isinstance(node, tree.And) else "or"
        if not left.null or (not right.null and not self.shared):
            # with the side first that is never null, Python's own operator gives all three answers; but what the
            # left side computes for later must stay first
            sides = (right, left) if left.null else (left, right)
            return Known(piece(f"({{}} {word} {{}})", *(side.code for side in sides)), "boolean", sides[1].null)
        helper = "_conjunction" if word == "and" else "_disjunction"
        return Known(piece(f"{helper}({{}}, {{}})", left.code, right.code), "boolean", null=True)

    # ---- arithmetic

    # ---- comparisons

    # ---- tests

    def _tested_truth(self, tests: tuple[Node, ...], value: Node | None, *, negated: bool = False) -> Code | None:
        """Tests of a known value, where only their truth matters; None where the general code has to do."""
        subject = self._known_name("?") if value is None else self.known(value)
        if subject is None:
            return None
        name, bound = self.bind(subject)
        own = subject.code if bound is subject.code else Code(name, frozenset({name}))
        inner = Known(own, subject.kind)
        always: list[Code] = []
        ordered: list[Code] = []
        before, self.input = self.input, name
        found = self._each_test(tests, inner)
        self.input = before
        for test in found:
            (ordered if test.needs_value and subject.null else always).append(test.code)
        if not negated:
            return self._joined(subject, name, bound, always, ordered)
        if bound is not subject.code or not all(test.sure for test in found):
            return None
        text = "({} is not None and not {})" if ordered else "(not {})"
        return piece(text, *([inner.code] if ordered else []), _either([*always, *ordered]))

    def _tested_known(self, tests: tuple[Node, ...], subject: Known | None, sign: str = "") -> Known | None:
        """Tests of a named value with all three answers, where each test is plain."""
        if subject is None or not subject.code.text.isidentifier() or any(isinstance(t, tree.Null) for t in tests):
            return None
        before, self.input = self.input, subject.code.text
        found = self._each_test(tests, subject._replace(null=False))
        self.input = before
        if not all(test.sure for test in found):
            return None
        code = piece(f"({sign}{{}})", _either([test.code for test in found]))
        if not subject.null or not any(test.needs_value for test in found):
            return Known(code, "boolean")
        return Known(piece("(None if {} is None else {})", subject.code, code), "boolean", null=True)

    def _joined(self, subject: Known, name: str, bound: Code, always: list[Code], ordered: list[Code]) -> Code:
        parts = list(always)
        if ordered:
            parts.append(piece(f"({name} is not None and {{}})", _either(ordered)))
        code = _either(parts)
        if bound is subject.code:
            return code
        return piece("({}, {})[1]", bound, code, bound=(name,))

    def _each_test(self, tests: tuple[Node, ...], subject: Known) -> list[_Test]:
        """The tests; literals that the value may equal together as one set."""
        found: list[_Test] = []
        texts: list[Any] = []
        for test in tests:
            if isinstance(test, tree.List):
                literals = [self.known(item) for item in test.items]
                constants = [each.code.constant for each in literals if each and each.kind == subject.kind]
                if len(constants) == len(literals) and NO_CONSTANT not in constants and subject.kind != "exact":
                    texts += constants
                    continue
            known = None if reads_input(test) else self.known(test)
            if known and known.kind == subject.kind != "exact" and known.code.constant is not NO_CONSTANT:
                texts.append(known.code.constant)
            else:
                found.append(self._one_test(test, subject))
        if texts:
            found.insert(0, _Test(self._one_of(subject, texts)))
        return found

    def _one_of(self, subject: Known, values: list[Any]) -> Code:
        if len(values) == 1:
            return piece("({} == {})", subject.code, self.constant(values[0]))
        return piece("({} in {})", subject.code, self.constant(frozenset(values)))

    def _one_test(self, test: Node, subject: Known) -> _Test:
        if isinstance(test, tree.Null):
            return _Test(same_object(subject.code, None))
        if isinstance(test, tree.Test):
            code = self.compared(test.operator, subject, self.known(test.value), truth=True)
            if code is not None:
                return _Test(code.code, test.operator not in ("=", "!="), sure=_without_nulls(self.known(test.value)))
            if isinstance(test.value, tree.Null) and test.operator == "!=":
                return _Test(same_object(subject.code, None, "is not"))
        if isinstance(test, tree.Range):
            inside = self._inside(test, subject)
            if inside is not None:
                return _Test(inside, True)
        if reads_input(test):
            return _Test(self.truth(test), sure=False)
        return _Test(self._tested(test, subject.code.text), sure=False)

    def _inside(self, test: tree.Range, subject: Known) -> Code | None:
        """`low <= x < high` for ends that are literals in order."""
        if subject.kind not in ORDERED:
            return None
        ends = [None if end is None else self.known(end) for end in (test.low, test.high)]
        given = [each for each in ends if each is not None]
        if len(given) != sum(end is not None for end in (test.low, test.high)):
            return None
        if any(each.code.constant is NO_CONSTANT or not self.comparable(each, subject) for each in given):
            return None
        exact = [self.operands(each, subject)[0] for each in given]
        if len(given) == 2 and given[0].code.constant > given[1].code.constant:
            return None
        low = [f"{{}} {'<=' if test.low_included else '<'} "] if ends[0] else []
        high = [f" {'<=' if test.high_included else '<'} {{}}"] if ends[1] else []
        return piece("(" + "".join([*low, subject.code.text, *high]) + ")", *exact, free=subject.code.free)


def _either(parts: list[Code]) -> Code:
    return piece("(" + " or ".join(["{}"] * len(parts)) + ")", *parts) if len(parts) > 1 else parts[0]


def _without_nulls(known: Known | None) -> bool:
    return known is not None and not known.null


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits) if abs(value.adjusted()) <= DIGITS else 99
