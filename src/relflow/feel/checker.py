"""The types of a tree, and what cannot work: only what is certain is reported, Any stays silent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import singledispatchmethod
from typing import Final

from relflow.diagnostics import Diagnostic, Field, Fragment, Message, Span, nearest
from relflow.feel import call_types, findings, operator_types, tree, types
from relflow.feel.builtins import BUILTINS
from relflow.feel.operator_types import is_condition
from relflow.feel.scope import Scope
from relflow.feel.tree import Node
from relflow.feel.typenames import BY_NAME
from relflow.feel.types import (
    ANY,
    BOOLEAN,
    NULL,
    NUMBER,
    STRING,
    AnyType,
    FunctionType,
    ListType,
    NullType,
    NumberType,
    RecordType,
    ScalarType,
    StringType,
    Type,
)
from relflow.text import Text
from relflow.values import kind_of, parse_temporal

__all__ = ["Checker"]

Names = Mapping[str, Type]


_TRUTHS: Final = {
    **dict.fromkeys(("true", "yes", "y", "是", "对", "有"), "true"),
    **dict.fromkeys(("false", "no", "n", "否", "不", "无"), "false"),
}


class Checker:
    """Infers the types of one tree in a scope; `types` are kept by `id(node)` while the tree lives.

    `fragment` places the findings, `input` is the type of `?`. `reads` are the names of the scope that the tree uses,
    in order of first use; `expansions` are the trees that calls of forms stand for.
    """

    def __init__(self, fragment: Fragment, scope: Scope, input: Type | None = None) -> None:
        self.fragment = fragment
        self._scope = scope
        self.types: dict[int, Type] = {}
        self.diagnostics: list[Diagnostic] = []
        self.expansions: dict[int, Node] = {}
        self.reads: dict[str, None] = {}
        self.reads_time = False
        self._frames: tuple[Names, ...] = ()
        self._maybe: tuple[bool, ...] = ()
        self._input = input
        self._place: Node | None = None

    # ---- what forms may ask (`scope.Site`)

    @property
    def scope(self) -> Scope:
        """The names of the policy and, here, of the expression."""
        local = {name: type_ for frame in self._frames for name, type_ in frame.items()}
        return self._scope.with_names(local) if local else self._scope

    def report(self, message: Message, node: Node, help: Text | None = None, **fields: Field) -> None:
        """Keep a finding at the place of a node; in an open scope nothing is refused."""
        if not self._scope.open:
            self.diagnostics.append(Diagnostic(message, tuple(fields.items()), self.span(node), help))

    def span(self, node: Node) -> Span:
        """Where a node stands; one that a form made stands where the call does."""
        if node.end <= node.start and self._place is not None:
            node = self._place
        return self.fragment.at(node.start, node.end)

    def found(self) -> int:
        """How many findings there are by now."""
        return len(self.diagnostics)

    def text(self, node: Node) -> str:
        """A node as it is written."""
        return self.fragment.text[node.start : node.end]

    def infer(self, node: Node) -> Type:
        """The type of a node, and everything below it checked."""
        type_: Type = _TYPING.dispatch(node.__class__)(self, node)
        self.types[id(node)] = type_
        return type_

    def condition(self, node: Node) -> None:
        """Check a place that asks whether something holds."""
        type_ = self.infer(node)
        if not is_condition(type_):
            self.report(findings.NOT_A_CONDITION, node, kind=findings.type_word(type_))

    def within(self, names: Names, read: Callable[[], Type], *, maybe: bool = False) -> Type:
        """Infer with more names in scope; with `maybe`, there may be others besides them."""
        frames, uncertain = self._frames, self._maybe
        self._frames, self._maybe = (*frames, names), (*uncertain, maybe)
        try:
            return read()
        finally:
            self._frames, self._maybe = frames, uncertain

    @singledispatchmethod
    def typed(self, node: Node) -> Type:
        """The type of a node by its class."""
        raise NotImplementedError(type(node).__name__)

    # ---- literals

    @typed.register(tree.Number)
    def _number(self, node: Node) -> Type:
        return NUMBER

    @typed.register(tree.String)
    def _string(self, node: Node) -> Type:
        return STRING

    @typed.register(tree.Boolean)
    @typed.register(tree.Dash)
    def _boolean(self, node: Node) -> Type:
        return BOOLEAN

    @typed.register(tree.Null)
    def _null(self, node: Node) -> Type:
        return NULL

    @typed.register
    def _constant(self, node: tree.Constant) -> Type:
        return node.type

    @typed.register
    def _at(self, node: tree.AtLiteral) -> Type:
        try:
            return ScalarType(kind_of(parse_temporal(node.text)))
        except ValueError:
            self.report(findings.BAD_LITERAL, node, text=node.text)
            return NULL

    # ---- names

    @typed.register
    def _name(self, node: tree.Name) -> Type:
        type_ = self.find(node.name)
        if type_ is not None:
            return type_
        if node.name in BUILTINS:
            self.reads_time = self.reads_time or BUILTINS[node.name].reads_time
            return call_types.function_type(BUILTINS[node.name].signatures[0])
        if not any(self._maybe):
            self._unknown(node)
        return ANY

    def find(self, name: str) -> Type | None:
        """The type of a name in scope; what the scope itself has is noted as read."""
        if name == "?" and self._input is not None:
            return self._input
        doubtful = False
        for frame, maybe in zip(reversed(self._frames), reversed(self._maybe), strict=True):
            if name in frame:
                return ANY if doubtful else frame[name]
            doubtful = doubtful or maybe
        type_ = self._note(name)
        return ANY if doubtful and type_ is not None else type_

    def _note(self, name: str) -> Type | None:
        type_ = self._scope.names.get(name)
        if type_ is not None:
            self.reads.setdefault(name)
        return type_

    def _unknown(self, node: tree.Name) -> None:
        known = [*(name for frame in self._frames for name in frame), *self._scope.names]
        texts = [type_ for type_ in self._scope.names.values() if isinstance(type_, StringType)]
        is_text = any(node.name in (type_.allowed or ()) for type_ in texts)
        near = None if is_text else nearest(node.name, (*known, "true", "false"))
        help_ = findings.DID_YOU_MEAN if near else findings.QUOTE_IT
        truth = _TRUTHS.get(node.name.lower(), "")
        if truth and not is_text:
            help_ = findings.WRITE_TRUTH
        self.report(findings.UNKNOWN_NAME, node, help_, name=node.name, near=near or "", truth=truth)

    # ---- operators

    @typed.register
    def _negation(self, node: tree.Negation) -> Type:
        return operator_types.negation(self, node)

    @typed.register
    def _arithmetic(self, node: tree.Arithmetic) -> Type:
        return operator_types.arithmetic(self, node)

    @typed.register
    def _comparison(self, node: tree.Comparison) -> Type:
        left, right = self.infer(node.left), self.infer(node.right)
        operator_types.compared(self, node, node.operator, (node.left, left), (node.right, right))
        return BOOLEAN

    @typed.register(tree.And)
    @typed.register(tree.Or)
    def _logic(self, node: tree.And | tree.Or) -> Type:
        self.condition(node.left)
        self.condition(node.right)
        return BOOLEAN

    @typed.register
    def _between(self, node: tree.Between) -> Type:
        value = (node.value, self.infer(node.value))
        for end, operator in ((node.low, ">="), (node.high, "<=")):
            operator_types.compared(self, node, operator, value, (end, self.infer(end)))
        return BOOLEAN

    @typed.register
    def _instance_of(self, node: tree.InstanceOf) -> Type:
        self.infer(node.value)
        if isinstance(node.type, ScalarType) and node.type.name not in BY_NAME:
            self.report(findings.UNKNOWN_TYPE, node, name=node.type.name)
        return BOOLEAN

    @typed.register
    def _if(self, node: tree.If) -> Type:
        self.condition(node.condition)
        return types.join(self.infer(node.then), self.infer(node.otherwise))

    # ---- unary tests

    @typed.register
    def _in(self, node: tree.In) -> Type:
        type_ = self.infer(node.value)
        self._tested(node.tests, type_, node.value)
        return BOOLEAN

    @typed.register(tree.Tests)
    @typed.register(tree.Not)
    def _tests(self, node: tree.Tests | tree.Not) -> Type:
        self._tested(node.tests, self._input or ANY, None)
        return BOOLEAN

    def _tested(self, tests: tuple[Node, ...], input: Type, value: Node | None) -> None:
        before, self._input = self._input, input
        for test in tests:
            self.types[id(test)] = operator_types.tested(self, test, input, value)
        self._input = before

    # ---- collections

    @typed.register
    def _list(self, node: tree.List) -> Type:
        item: Type = NULL
        for each in node.items:
            item = types.join(item, self.infer(each))
        return ListType(item)

    @typed.register
    def _range(self, node: tree.Range) -> Type:
        return operator_types.range_(self, node)

    @typed.register
    def _context(self, node: tree.Context) -> Type:
        names: dict[str, Type] = {}
        for entry in node.entries:
            seen = dict(names)
            if isinstance(entry.value, tree.Function):
                seen[entry.key] = FunctionType(tuple(each.type or ANY for each in entry.value.parameters), ANY)
            names[entry.key] = self.within(seen, lambda value=entry.value: self.infer(value))  # type: ignore[misc]
        return RecordType(tuple(names.items()))

    @typed.register
    def _path(self, node: tree.Path) -> Type:
        return operator_types.path(self, node, self.infer(node.target))

    @typed.register
    def _filter(self, node: tree.Filter) -> Type:
        target = self.infer(node.target)
        item = item_of(target)
        names: dict[str, Type] = {"item": item}
        uncertain = isinstance(item, AnyType | NullType)
        if isinstance(item, RecordType):
            names |= dict(item.fields)
            uncertain = item.open
        kind = self.within(names, lambda: self.infer(node.condition), maybe=uncertain)
        if isinstance(kind, NumberType):
            if operator_types.literal_number(node.condition) == 0:
                self.report(findings.NO_POSITION_0, node.condition)
            return item
        if not is_condition(kind):
            self.report(findings.NOT_A_POSITION, node.condition, kind=findings.type_word(kind))
        return ListType(item) if kind == BOOLEAN else ANY

    # ---- binders

    @typed.register
    def _for(self, node: tree.For) -> Type:
        last: Names = {"partial": ListType(ANY)}
        return ListType(self._looped(node.iterators, lambda: self.within(last, lambda: self.infer(node.body))))

    @typed.register
    def _quantified(self, node: tree.Quantified) -> Type:
        def condition() -> Type:
            self.condition(node.condition)
            return BOOLEAN

        return self._looped(node.iterators, condition)

    def _looped(self, loops: tuple[tree.Loop, ...], body: Callable[[], Type]) -> Type:
        if not loops:
            return body()
        first, rest = loops[0], loops[1:]
        item = operator_types.iterated(self, first)
        return self.within({first.name: item}, lambda: self._looped(rest, body))

    @typed.register
    def _function(self, node: tree.Function) -> Type:
        names = {each.name: each.type or ANY for each in node.parameters}
        before, self._input = self._input, None
        result = ANY if node.external else self.within(names, lambda: self.infer(node.body))
        self._input = before
        return FunctionType(tuple(names.values()), result)

    # ---- calls

    @typed.register
    def _call(self, node: tree.Call) -> Type:
        form = self._scope.forms.get(node.function)
        if form is not None and not any(node.function in frame for frame in self._frames):
            return self._expanded(node)
        bound = self.find(node.function)
        if bound is not None and (isinstance(bound, FunctionType | AnyType) or node.function not in BUILTINS):
            return call_types.bound(self, node, bound)
        if node.function in self._scope.functions:
            function = self._scope.functions[node.function]
            return call_types.called(self, node, (function.signature,))
        if node.function in BUILTINS:
            self.reads_time = self.reads_time or BUILTINS[node.function].reads_time
            return call_types.called(self, node, BUILTINS[node.function].signatures)
        for argument in node.arguments:
            self.infer(argument)
        if not any(self._maybe):
            call_types.unknown_function(self, node, [*BUILTINS, *self._scope.functions, *self._scope.forms])
        return ANY

    def _expanded(self, node: tree.Call) -> Type:
        expansion = self._scope.forms[node.function].expand(node, self)
        if expansion is None:
            return ANY
        before, self._place = self._place, node
        type_ = self.infer(expansion)
        self._place = before
        self.expansions[id(node)] = expansion
        return type_

    @typed.register
    def _form(self, node: tree.Form) -> Type:
        before, self._place = self._place, node.call
        type_ = self.infer(node.expansion)
        self._place = before
        return type_

    @typed.register
    def _invocation(self, node: tree.Invocation) -> Type:
        return call_types.bound(self, node, self.infer(node.function))


def item_of(type_: Type) -> Type:
    """The type of the items of a list; a single value is a list of itself."""
    return type_.item if isinstance(type_, ListType) else type_


# asked directly: the method itself makes and dresses a function at every call
_TYPING: Final = vars(Checker)["typed"].dispatcher
