"""Trees back to text: `parse(str(parse(x))) == parse(x)`."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, cast

from relflow.feel import tree
from relflow.feel.names import KEYWORDS
from relflow.feel.tree import Node
from relflow.values import literal

__all__ = ["show"]

_OR, _AND, _COMPARE, _SUM, _PRODUCT, _POWER, _SIGN, _INSTANCE, _POSTFIX = range(9)
_LOOSEST: Final = -1
_PLAIN_DIGITS: Final = 40
_ARITHMETIC: Final = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}
_KEY: Final = re.compile(r"[^\W\d]\w*(?: \w+)*\Z")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_VERTICAL: Final = re.compile(r'["\\\n\r\t\x0b\x0c]')


def show(node: Node, loosest: int = _LOOSEST) -> str:
    """The text of a tree, in brackets where its operator binds less tightly than `loosest`."""
    strength, text = _PRINTERS[type(node)](node)
    return f"({text})" if strength < loosest else text


def _number(node: tree.Number) -> tuple[int, str]:
    return _POSTFIX, format(node.value, "f" if abs(node.value.adjusted()) <= _PLAIN_DIGITS else "e")


def _string(value: str) -> str:
    return '"' + _VERTICAL.sub(lambda found: _ESCAPES.get(found[0], f"\\u{ord(found[0]):04x}"), value) + '"'


def _key(key: str) -> str:
    return key if _KEY.match(key) and key.split(maxsplit=1)[0] not in KEYWORDS and key.isascii() else _string(key)


def _binary(strength: int, word: str) -> Callable[[Any], tuple[int, str]]:
    return lambda node: (strength, f"{show(node.left, strength)} {word} {show(node.right, strength + 1)}")


def _arithmetic(node: tree.Arithmetic) -> tuple[int, str]:
    return _binary(_ARITHMETIC[node.operator], node.operator)(node)


def _comparison(node: tree.Comparison) -> tuple[int, str]:
    return _COMPARE, f"{show(node.left, _COMPARE)} {node.operator} {show(node.right, _SUM)}"


def _between(node: tree.Between) -> tuple[int, str]:
    low, high = show(node.low, _SUM), show(node.high, _SUM)
    return _COMPARE, f"{show(node.value, _COMPARE)} between {low} and {high}"


def _in(node: tree.In) -> tuple[int, str]:
    return _COMPARE, f"{show(node.value, _COMPARE)} in ({_tests(node.tests)})"


def _row(nodes: tuple[Node, ...]) -> str:
    return ", ".join(map(show, nodes))


def _tests(nodes: tuple[Node, ...]) -> str:
    """Tests in a row; a range without an end stands in brackets, since bare it would be a test."""
    return ", ".join(f"({show(node)})" if _is_endless(node) else show(node) for node in nodes)


def _is_endless(node: Node) -> bool:
    return isinstance(node, tree.Range) and (node.low is None or node.high is None)


def _call(head: str, node: tree.Call | tree.Invocation) -> tuple[int, str]:
    arguments = [show(argument) for argument in node.arguments]
    if node.names:
        arguments = [f"{name}: {text}" for name, text in zip(node.names, arguments, strict=True)]
    return _POSTFIX, f"{head}({', '.join(arguments)})"


def _if(node: tree.If) -> tuple[int, str]:
    return _LOOSEST, f"if {show(node.condition)} then {show(node.then)} else {show(node.otherwise)}"


def _loops(node: tree.For | tree.Quantified) -> str:
    return ", ".join(
        f"{each.name} in {show(each.source)}{'..' + show(each.high) if each.high else ''}" for each in node.iterators
    )


def _for(node: tree.For) -> tuple[int, str]:
    return _LOOSEST, f"for {_loops(node)} return {show(node.body)}"


def _quantified(node: tree.Quantified) -> tuple[int, str]:
    return _LOOSEST, f"{node.kind} {_loops(node)} satisfies {show(node.condition)}"


def _context(node: tree.Context) -> tuple[int, str]:
    return _POSTFIX, "{" + ", ".join(f"{_key(e.key)}: {show(e.value)}" for e in node.entries) + "}"


def _range(node: tree.Range) -> tuple[int, str]:
    if node.low is None or node.high is None:
        end = cast("Node", node.high or node.low)
        sign = ("<" if node.low is None else ">") + ("=" if node.low_included or node.high_included else "")
        return _LOOSEST, f"{sign} {show(end, _SUM)}"
    brackets = "[" if node.low_included else "(", "]" if node.high_included else ")"
    return _POSTFIX, f"{brackets[0]}{show(node.low)}..{show(node.high, _SUM)}{brackets[1]}"


def _function(node: tree.Function) -> tuple[int, str]:
    parameters = ", ".join(f"{each.name}: {each.type}" if each.type else each.name for each in node.parameters)
    return _LOOSEST, f"function({parameters}) {'external ' if node.external else ''}{show(node.body)}"


def _constant(node: tree.Constant) -> tuple[int, str]:
    negative = isinstance(node.value, int | float | Decimal) and node.value < 0
    return _SIGN if negative else _POSTFIX, literal(node.value)


_PRINTERS: Final[dict[type[Node], Callable[[Any], tuple[int, str]]]] = {
    tree.Number: _number,
    tree.String: lambda node: (_POSTFIX, _string(node.value)),
    tree.Boolean: lambda node: (_POSTFIX, "true" if node.value else "false"),
    tree.Null: lambda _: (_POSTFIX, "null"),
    tree.AtLiteral: lambda node: (_POSTFIX, "@" + _string(node.text)),
    tree.Constant: _constant,
    tree.Name: lambda node: (_POSTFIX, node.name),
    tree.Path: lambda node: (_POSTFIX, f"{show(node.target, _POSTFIX)}.{node.name}"),
    tree.Filter: lambda node: (_POSTFIX, f"{show(node.target, _POSTFIX)}[{show(node.condition)}]"),
    tree.Call: lambda node: _call(node.function, node),
    tree.Invocation: lambda node: _call(f"({show(node.function)})", node),
    tree.Form: lambda node: _call(node.call.function, node.call),
    tree.Negation: lambda node: (_SIGN, f"-{show(node.operand, _SIGN)}"),
    tree.Arithmetic: _arithmetic,
    tree.Comparison: _comparison,
    tree.And: _binary(_AND, "and"),
    tree.Or: _binary(_OR, "or"),
    tree.Between: _between,
    tree.In: _in,
    tree.InstanceOf: lambda node: (_INSTANCE, f"{show(node.value, _INSTANCE)} instance of {node.type}"),
    tree.If: _if,
    tree.List: lambda node: (_POSTFIX, f"[{_row(node.items)}]"),
    tree.Context: _context,
    tree.Range: _range,
    tree.For: _for,
    tree.Quantified: _quantified,
    tree.Function: _function,
    tree.Test: lambda node: (_LOOSEST, f"{node.operator} {show(node.value, _SUM)}"),
    tree.Dash: lambda _: (_LOOSEST, "-"),
    tree.Not: lambda node: (_LOOSEST, f"not({_tests(node.tests)})"),
    tree.Tests: lambda node: (_LOOSEST, _tests(node.tests)),
}
