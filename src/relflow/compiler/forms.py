"""Forms that only a policy can expand: levels, missing and stale facts, completeness, durations from numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from decimal import Decimal

from relflow.compiler.literals import DID_YOU_MEAN
from relflow.diagnostics import Message, Severity, nearest
from relflow.feel import tree
from relflow.feel.scope import FormDefinition, Site
from relflow.feel.tree import Call, Node
from relflow.feel.types import AnyType, StringType
from relflow.program import KNOWN
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["Facts", "forms"]

ARGUMENTS = Message.of(
    "wrong-arguments",
    Severity.ERROR,
    "`{form}` takes {wanted}",
    "`{form}` 的参数应为{wanted}",
    "write it as `{example}`",
    "写成 `{example}`",
)
NO_LEVELS = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`at_least` needs a scheme or a text with `one_of`, whose values have an order",
    "`at_least` 的第一个参数应是分级方案，或带有 `one_of` 的文字（取值有先后）",
    "name a scheme, or give the fact a `one_of`, highest first",
    "填写分级方案，或为数据项写上由高到低的 `one_of`",
)
UNKNOWN_LEVEL = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is none of: {known}",
    "`{text}` 不属于：{known}",
    "choose one of them",
    "选择其中一个",
)
MEANT_LEVEL = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is none of: {known}",
    "`{text}` 不属于：{known}",
    "did you mean `{near}`?",
    "是否想写 `{near}`？",
)
NEITHER = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is neither a fact nor a category",
    "`{text}` 既不是数据项也不是数据类别",
    "name a fact, or a category under `categories:`",
    "填写数据项，或 `categories:` 下的类别",
)
IN_QUOTES = Message.of(
    "wrong-arguments",
    Severity.ERROR,
    '`"{text}"` is a text; facts and categories are named without quotes here',
    '`"{text}"` 是文字，这里的数据项和类别不加引号',
    "write `{text}`",
    "写成 `{text}`",
)
NO_NAME = Message.of(
    "wrong-arguments",
    Severity.ERROR,
    "facts and categories are named here, nothing is worked out",
    "这里只写数据项或类别的名称，不能是算式",
    "write names alone; how long a fact stays fresh is said by `fresh_for` of its category",
    "只写名称；数据的有效期由其类别的 `fresh_for` 说明",
)
NO_MEMBERS = Message.of(
    "no-effect",
    Severity.WARNING,
    "no fact belongs to the category `{text}`: it is never missing, never stale and always complete",
    "没有数据项属于类别 `{text}`：它永远不会缺失或过期，始终完整",
    "write `category: {text}` for the facts that it is about",
    "在相关数据项上写 `category: {text}`",
)
NO_FRESHNESS = Message.of(
    "no-freshness",
    Severity.ERROR,
    "nothing says how long `{text}` stays fresh",
    "未说明 `{text}` 的有效期",
    "give its category a `fresh_for`",
    "在其类别中填写 `fresh_for`",
)


@dataclass(slots=True)
class Facts:
    """What the forms know of facts: those of a category, when a fact has to be there, how long it stays fresh."""

    by_category: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()
    required: Callable[[str], Node | None] = lambda _: None
    fresh_for: Callable[[str], Node | None] = lambda _: None

    def named(self, node: Node, site: Site) -> tuple[str, ...] | None:
        """The facts that an argument names, all those of a category where it is one."""
        if isinstance(node, tree.String):
            site.report(IN_QUOTES, node, text=node.value)
            return None
        if not isinstance(node, tree.Name):
            site.report(NO_NAME, node)
            return None
        name = node.name
        if name in self.facts:
            return (name,)
        if name not in self.by_category:
            near = nearest(name, (*self.facts, *self.by_category))
            site.report(NEITHER, node, DID_YOU_MEAN if near is not None else None, text=name, near=near or "")
            return None
        if not self.by_category[name]:
            site.report(NO_MEMBERS, node, text=name)
        return self.by_category[name]


def forms(facts: Facts) -> tuple[FormDefinition, ...]:
    """The forms of a policy."""
    return (
        FormDefinition("at_least", _at_least, meaning=_text("whether a level is that one or higher", "等级是否不低于")),
        FormDefinition("days", lambda call, site: _duration(call, site, "D"), meaning=_text("so many days", "若干天")),
        FormDefinition(
            "months", lambda call, site: _duration(call, site, "M"), meaning=_text("so many months", "若干月")
        ),
        FormDefinition(
            "missing",
            lambda call, site: _missing(facts, call, site),
            bare=True,
            meaning=_text("whether one of these facts, or of a category, is missing", "数据项或某类数据是否缺失"),
        ),
        FormDefinition(
            "stale",
            lambda call, site: _stale(facts, call, site),
            bare=True,
            meaning=_text("whether a fact is older than its category allows", "数据是否已过有效期"),
        ),
        FormDefinition(
            "completeness",
            lambda call, site: _completeness(facts, call, site),
            bare=True,
            meaning=_text("the share of required facts that are there, 0 to 1", "必填数据的完整度，0 到 1"),
        ),
    )


def _text(en: str, zh: str) -> Text:
    return Text((("en", en), ("zh", zh)))


def _at_least(call: Call, site: Site) -> Node | None:
    if len(call.arguments) != 2 or call.names:
        site.report(
            ARGUMENTS,
            call,
            form="at_least",
            wanted=_text("a level and the least of them", "一个等级和最低等级"),
            example='at_least(tier, "key")',
        )
        return None
    value, least = call.arguments
    type_ = site.infer(value)
    order = type_.allowed if isinstance(type_, StringType) else None
    if order is None:
        if not isinstance(type_, AnyType):
            site.report(NO_LEVELS, value)
        return None if not isinstance(type_, AnyType) else tree.Null()
    if not isinstance(least, tree.String):
        site.infer(least)
        return tree.Comparison("<=", _position(order, value), _position(order, least))
    if least.value not in order:
        near = nearest(least.value, order)
        if near is None:
            site.report(UNKNOWN_LEVEL, least, text=least.value, known=order)
        else:
            site.report(MEANT_LEVEL, least, text=least.value, known=order, near=near)
        return None
    allowed = tuple(tree.String(text) for text in order[: order.index(least.value) + 1])
    return _unless_null(value, tree.In(value, allowed))


def _unless_null(value: Node, node: Node) -> Node:
    return tree.If(tree.Comparison("=", value, tree.Null()), tree.Null(), node)


def _position(order: tuple[str, ...], value: Node) -> Node:
    """The rank of a text in a list, null for null."""
    texts = tree.List(tuple(tree.String(text) for text in order))
    found = tree.Call("index of", (texts, value))
    return _unless_null(value, tree.Filter(found, tree.Number(Decimal(1))))


def _duration(call: Call, site: Site, unit: str) -> Node | None:
    if len(call.arguments) != 1 or call.names:
        form = "days" if unit == "D" else "months"
        site.report(ARGUMENTS, call, form=form, wanted=_text("one number", "一个数字"), example=f"{form}(3)")
        return None
    (value,) = call.arguments
    if isinstance(value, tree.Number) and value.value == value.value.to_integral_value():
        return tree.AtLiteral(f"P{int(value.value)}{unit}")
    site.infer(value)
    return tree.Arithmetic("*", tree.AtLiteral(f"P1{unit}"), value)


def _all(facts: Facts, call: Call, site: Site) -> list[str] | None:
    """The facts that the arguments of a call name."""
    if not call.arguments or call.names:
        wanted = _text("names of facts or categories", "数据项或类别的名称")
        site.report(ARGUMENTS, call, form=call.function, wanted=wanted, example=f"{call.function}(contract_end)")
        return None
    names: list[str] = []
    for argument in call.arguments:
        found = facts.named(argument, site)
        if found is None:
            return None
        names += found
    return names


def _any(nodes: list[Node]) -> Node:
    found: Node = nodes[0] if nodes else tree.Boolean(False)
    for node in nodes[1:]:
        found = tree.Or(found, node)
    return found


def _missing(facts: Facts, call: Call, site: Site) -> Node | None:
    names = _all(facts, call, site)
    if names is None:
        return None
    return _any([tree.Comparison("=", tree.Name(name), tree.Null()) for name in names])


def _stale(facts: Facts, call: Call, site: Site) -> Node | None:
    names = _all(facts, call, site)
    if names is None:
        return None
    old: list[Node] = []
    for name in names:
        fresh = facts.fresh_for(name)
        if fresh is None:
            site.report(NO_FRESHNESS, call, text=name)
            return None
        until = tree.Arithmetic("+", tree.Name(KNOWN + name), fresh)
        old.append(tree.Comparison("<", until, tree.Call("today", ())))
    return _any(old)


def _completeness(facts: Facts, call: Call, site: Site) -> Node | None:
    names = _all(facts, call, site)
    if names is None:
        return None
    required = [(name, facts.required(name)) for name in names]
    wanted = [(name, node) for name, node in required if node is not None]
    wanted = wanted or [(name, tree.Boolean(True)) for name in names]
    one, zero = tree.Number(Decimal(1)), tree.Number(Decimal(0))
    there: list[Node] = []
    asked: list[Node] = []
    for name, node in wanted:
        present = tree.Comparison("!=", tree.Name(name), tree.Null())
        there.append(tree.If(tree.And(node, present), one, zero))
        asked.append(tree.If(node, one, zero))
    total = _sum(asked)
    share = tree.Arithmetic("/", _sum(there), total)
    return tree.If(tree.Comparison("=", total, zero), one, share)


def _sum(nodes: list[Node]) -> Node:
    found = nodes[0] if nodes else tree.Number(Decimal(0))
    for node in nodes[1:]:
        found = tree.Arithmetic("+", found, node)
    return found
