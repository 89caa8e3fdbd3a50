"""Types of operators, tests, ranges and paths, and what is wrong with their operands."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from relflow.diagnostics import nearest
from relflow.feel import findings, tree, types
from relflow.feel.findings import type_word
from relflow.feel.inference import Inference
from relflow.feel.tree import Node, reads_input
from relflow.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NUMBER,
    STRING,
    TIME,
    WORKING_DURATION,
    AnyType,
    ListType,
    NullType,
    NumberType,
    RangeType,
    RecordType,
    StringType,
    Type,
    joins,
)
from relflow.text import Text
from relflow.values import PROPERTIES, compare

__all__ = ["arithmetic", "compared", "is_condition", "iterated", "negation", "path", "range_", "tested"]

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_NUMERIC: Final = re.compile(r"-?\d[\d_]*(\.\d+)?")

Typed = tuple[Node, Type]

_ORDERED: Final = frozenset(map(str, (DATE, TIME, DATE_TIME, DAYS_DURATION, MONTHS_DURATION, WORKING_DURATION)))
_MOMENTS: Final = (DATE, DATE_TIME)
_SPANS: Final = (DAYS_DURATION, MONTHS_DURATION)


def is_condition(type_: Type) -> bool:
    """Whether values of the type can be true or false."""
    return type_ == BOOLEAN or isinstance(type_, AnyType | NullType)


def _unknown(*given: Type) -> bool:
    return any(isinstance(type_, AnyType | NullType) for type_ in given)


# ---- comparisons


def compared(checker: Inference, node: Node, operator: str, left: Typed, right: Typed) -> None:
    """Check the two sides of a comparison."""
    left_type, right_type = left[1], right[1]
    if operator in ("=", "!="):
        _equated(checker, node, left_type, right_type)
    else:
        _ordered(checker, node, operator, left, right)
    for type_, (other, other_type) in ((left_type, right), (right_type, left)):
        if isinstance(type_, StringType) and operator in ("=", "!="):
            _allowed(checker, other, type_)
        if isinstance(type_, NumberType) and isinstance(other_type, NumberType):
            _bounds(checker, other, type_)
    _units(checker, node, left_type, right_type)


def _equated(checker: Inference, node: Node, left: Type, right: Type) -> None:
    if joins(left, right):
        return
    one_list = isinstance(left, ListType) is not isinstance(right, ListType)
    help_, words = (findings.LIST_NOT_ITEM, {}) if one_list else _meant(node, left, right)
    checker.report(findings.NEVER_EQUAL, node, help_, left=type_word(left), right=type_word(right), **words)


def _meant(node: Node, left: Type, right: Type) -> tuple[Text | None, dict[str, str]]:
    """How to write what was likely meant: a date in quotes, a number in quotes, a whole comparison in a cell."""
    literal = next((part for part in tree.walk(node) if isinstance(part, tree.String)), None)
    kinds = {str(left), str(right)}
    if literal is not None and kinds & {"date", "date and time"}:
        day = literal.value if _DAY.match(literal.value) else "2026-01-31"
        return findings.DATE_LITERAL, {"date": day}
    if literal is not None and any(isinstance(side, NumberType) for side in (left, right)):
        plain = literal.value.replace(",", "_")
        return (findings.WITHOUT_QUOTES, {"plain": plain}) if _NUMERIC.fullmatch(plain) else (None, {})
    if right == BOOLEAN and left != BOOLEAN and isinstance(node, tree.Comparison):
        return findings.ONLY_THE_TEST, {}
    return None, {}


def _ordered(checker: Inference, node: Node, operator: str, left: Typed, right: Typed) -> None:
    for (subject, type_), (_, _other) in ((left, right), (right, left)):
        if isinstance(type_, StringType) and type_.allowed is not None:
            other = right[0] if subject is left[0] else left[0]
            name = checker.text(subject) or type_.scheme or "?"
            level = checker.text(other) or "..."
            checker.report(findings.ORDER_OF_TEXT, node, operator=operator, name=name, level=level)
            return
        if not _has_order(type_):
            help_, words = _chained(checker, operator, left[0], right[0])
            checker.report(findings.NEVER_ORDERED, node, help_, kind=type_word(type_), **words)
            return
    if not joins(left[1], right[1]):
        help_, words = _lengths(checker, left, right) or _meant(node, left[1], right[1])
        checker.report(findings.NOT_ORDERED, node, help_, left=type_word(left[1]), right=type_word(right[1]), **words)


def _chained(checker: Inference, operator: str, left: Node, right: Node) -> tuple[Text | None, dict[str, str]]:
    """How to write `5 < amount < 7` and `amount <> 5`, which is `amount < (> 5)` to the language."""
    if isinstance(right, tree.Range) and operator == "<" and checker.text(right).startswith(">"):
        return findings.WRITE_UNEQUAL, {}
    if not isinstance(left, tree.Comparison):
        return None, {}
    second = f"{checker.text(left.right)} {operator} {checker.text(right)}"
    return findings.ONE_AT_A_TIME, {"first": checker.text(left), "second": second}


def _lengths(checker: Inference, left: Typed, right: Typed) -> tuple[Text, dict[str, str]] | None:
    """How to compare lengths of time and dates with a number, or days with months."""
    kinds = {left[1], right[1]}
    number = next((node for node, type_ in (left, right) if isinstance(type_, NumberType)), None)
    if number is None:
        return (findings.TWO_KINDS, {}) if kinds == set(_SPANS) else None
    text = checker.text(number) if literal_number(number) is not None else "90"
    if kinds & set(_SPANS):
        return findings.WITH_UNIT, {"number": text}
    return (findings.FROM_TODAY, {"number": text}) if kinds & set(_MOMENTS) else None


def _has_order(type_: Type) -> bool:
    return isinstance(type_, AnyType | NullType | NumberType | StringType) or str(type_) in _ORDERED


def _units(checker: Inference, node: Node, left: Type, right: Type) -> None:
    if isinstance(left, NumberType) and isinstance(right, NumberType) and _clash(left, right):
        checker.report(findings.UNITS, node, left=left.unit or "", right=right.unit or "")


def _clash(left: NumberType, right: NumberType) -> bool:
    return left.unit is not None and right.unit is not None and left.unit != right.unit


def _allowed(checker: Inference, node: Node, type_: StringType) -> None:
    """Check a text literal against the texts that there are."""
    allowed = type_.allowed
    if allowed is None or not isinstance(node, tree.String) or node.value in allowed:
        return
    near = nearest(node.value, allowed)
    help_ = findings.DID_YOU_MEAN if near else None
    if type_.scheme is None:
        checker.report(findings.NOT_ALLOWED, node, help_, value=node.value, allowed=allowed, near=near or "")
    else:
        fields = {"value": node.value, "scheme": type_.scheme, "near": near or ""}
        checker.report(findings.NOT_A_LEVEL, node, help_, allowed=allowed, **fields)


def literal_number(node: Node) -> Decimal | None:
    """The number that a literal is, its sign included."""
    if isinstance(node, tree.Negation):
        inner = literal_number(node.operand)
        return None if inner is None else -inner
    return node.value if isinstance(node, tree.Number) else None


def _bounds(checker: Inference, node: Node, type_: NumberType) -> None:
    value = literal_number(node)
    if value is None:
        return
    if type_.minimum is not None and value < type_.minimum:
        checker.report(findings.BELOW, node, value=checker.text(node), bound=str(type_.minimum))
    if type_.maximum is not None and value > type_.maximum:
        checker.report(findings.ABOVE, node, value=checker.text(node), bound=str(type_.maximum))


# ---- tests


def tested(checker: Inference, test: Node, input: Type, value: Node | None) -> Type:
    """Check one test against the type of what it tests."""
    subject = (value or tree.Name("?"), input)
    if isinstance(test, tree.Test):
        compared(checker, test, test.operator, subject, (test.value, checker.infer(test.value)))
        return BOOLEAN
    type_ = checker.infer(test)
    if reads_input(test):
        if not is_condition(type_):
            checker.report(findings.NOT_A_CONDITION, test, kind=type_word(type_))
    elif isinstance(test, tree.Range):
        _range_tested(checker, test, subject)
    elif isinstance(type_, ListType) and not isinstance(input, ListType):
        _list_tested(checker, test, type_, input)
    elif not (isinstance(type_, RangeType) and joins(type_.item, input)):
        compared(checker, test, "=", subject, (test, type_))
    return type_


def _range_tested(checker: Inference, test: tree.Range, subject: Typed) -> None:
    before = checker.found()
    for end, operator in ((test.low, ">="), (test.high, "<=")):
        if end is not None and checker.found() == before:
            compared(checker, test, operator, subject, (end, checker.types.get(id(end), ANY)))


def _list_tested(checker: Inference, test: Node, type_: ListType, input: Type) -> None:
    item = type_.item.item if isinstance(type_.item, RangeType) else type_.item
    if not joins(item, input):
        checker.report(findings.NEVER_EQUAL, test, left=type_word(input), right=type_word(item))
    if isinstance(test, tree.List):
        for each in test.items:
            if isinstance(input, StringType):
                _allowed(checker, each, input)
            if isinstance(input, NumberType):
                _bounds(checker, each, input)


# ---- arithmetic


def negation(checker: Inference, node: tree.Negation) -> Type:
    """`-value`."""
    type_ = checker.infer(node.operand)
    if isinstance(type_, NumberType):
        return NumberType(type_.unit)
    if not _unknown(type_) and type_ not in _SPANS:
        checker.report(findings.NO_SIGN, node, kind=type_word(type_))
        return ANY
    return type_


def arithmetic(checker: Inference, node: tree.Arithmetic) -> Type:
    """`+ - * / **`."""
    left, right = checker.infer(node.left), checker.infer(node.right)
    if isinstance(left, NumberType) and isinstance(right, NumberType):
        return _number(checker, node, left, right)
    if _unknown(left, right):
        return NUMBER if node.operator == "**" else ANY
    result = _results(node.operator, left, right)
    if result is None:
        words = {"left": type_word(left), "right": type_word(right)}
        checker.report(findings.NO_OPERATION, node, operator=node.operator, **words)
        return ANY
    return result


def _number(checker: Inference, node: tree.Arithmetic, left: NumberType, right: NumberType) -> Type:
    if node.operator in ("+", "-"):
        if _clash(left, right):
            checker.report(findings.UNITS_SUM, node, left=left.unit or "", right=right.unit or "")
        return NumberType(left.unit or right.unit)
    if node.operator == "*":
        return NumberType(left.unit or right.unit) if not (left.unit and right.unit) else NUMBER
    if node.operator == "/" and left.unit and not right.unit:
        return NumberType(left.unit)
    return NUMBER


def _results(operator: str, left: Type, right: Type) -> Type | None:
    """The type of an operation on other things than two numbers (DMN 1.5, tables 56 to 59)."""
    texts = isinstance(left, StringType) and isinstance(right, StringType)
    match operator:
        case "+":
            return STRING if texts else _sum(left, right) or _sum(right, left)
        case "-":
            return _difference(left, right)
        case "*":
            return _product(left, right) or _product(right, left)
        case "/":
            if left in _SPANS and left == right:
                return NUMBER
            return left if left in _SPANS and isinstance(right, NumberType) else None
        case _:
            return None


def _sum(left: Type, right: Type) -> Type | None:
    if left in _SPANS:
        return left if left == right else None
    if right not in _SPANS:
        return None
    if left == TIME:
        return TIME if right == DAYS_DURATION else None
    return left if left in _MOMENTS else None


def _difference(left: Type, right: Type) -> Type | None:
    if left in _MOMENTS and right in _MOMENTS:
        return DAYS_DURATION
    if left == right == TIME:
        return DAYS_DURATION
    return _sum(left, right)


def _product(left: Type, right: Type) -> Type | None:
    spans = (*_SPANS, WORKING_DURATION)
    return left if left in spans and isinstance(right, NumberType) else None


# ---- ranges, loops, paths


def range_(checker: Inference, node: tree.Range) -> Type:
    """`[low..high]` and the half-open ones."""
    ends = [checker.infer(end) for end in (node.low, node.high) if end is not None]
    for type_ in ends:
        if not _has_order(type_):
            checker.report(findings.NEVER_ORDERED, node, kind=type_word(type_))
            return RangeType(ANY)
    if len(ends) == 2 and not joins(*ends):
        checker.report(findings.RANGE_ENDS, node, left=type_word(ends[0]), right=type_word(ends[1]))
        return RangeType(ANY)
    if node.low is not None and node.high is not None and _upside_down(node.low, node.high):
        checker.report(findings.RANGE_ORDER, node)
    return RangeType(types.join(ends[0], ends[-1]))


def _upside_down(low: Node, high: Node) -> bool:
    first, last = literal_number(low), literal_number(high)
    if first is not None and last is not None:
        return first > last
    if isinstance(low, tree.String) and isinstance(high, tree.String):
        return compare(low.value, high.value) == 1
    return False


def iterated(checker: Inference, loop: tree.Loop) -> Type:
    """The type of a loop's variable."""
    source = checker.infer(loop.source)
    if loop.high is None:
        if isinstance(source, RangeType):
            _counted(checker, loop, source.item)
        if isinstance(source, ListType | RangeType) or _unknown(source):
            return source.item if isinstance(source, ListType | RangeType) else ANY
        checker.report(findings.NOT_A_LIST, loop.source, kind=type_word(source))
        return ANY
    high = checker.infer(loop.high)
    for type_ in (source, high):
        if not _counted(checker, loop, type_):
            return ANY
    return NUMBER if isinstance(source, NumberType) else types.join(source, high)


def _counted(checker: Inference, loop: tree.Loop, type_: Type) -> bool:
    if _unknown(type_) or isinstance(type_, NumberType) or type_ == DATE:
        return True
    checker.report(findings.NOT_COUNTABLE, loop.source, kind=type_word(type_))
    return False


def path(checker: Inference, node: tree.Path, target: Type) -> Type:
    """`target.name`."""
    if isinstance(target, ListType):
        return ListType(path(checker, node, target.item))
    if _unknown(target):
        return ANY
    if isinstance(target, RecordType):
        field = target.field(node.name)
        if field is not None or target.open:
            return field or ANY
        return _no_field(checker, node, target, [name for name, _ in target.fields])
    if isinstance(target, RangeType) and node.name in ("start", "end"):
        return target.item
    properties = PROPERTIES.get("range" if isinstance(target, RangeType) else str(target), {})
    if node.name in properties:
        return _PROPERTY_TYPES.get(node.name, NUMBER)
    return _no_field(checker, node, target, list(properties))


def _no_field(checker: Inference, node: tree.Path, target: Type, known: list[str]) -> Type:
    near = nearest(node.name, known)
    help_ = findings.DID_YOU_MEAN if near else None
    checker.report(findings.UNKNOWN_FIELD, node, help_, name=node.name, owner=type_word(target), near=near or "")
    return ANY


_PROPERTY_TYPES: Final[dict[str, Type]] = {
    "time offset": DAYS_DURATION,
    "timezone": STRING,
    "start included": BOOLEAN,
    "end included": BOOLEAN,
}
