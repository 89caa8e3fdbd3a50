"""Trees to Python that works for values of any kind: every operator is a call of its three-valued helper."""

from __future__ import annotations

from functools import singledispatchmethod
from typing import Final

from relflow.feel import calls, operators, tree
from relflow.feel.builtins import BUILTINS
from relflow.feel.code import NO_CONSTANT, Code, Frame, piece, same_object
from relflow.feel.naming import Naming
from relflow.feel.pool import HELPERS
from relflow.feel.sharing import shared_parts
from relflow.feel.shortcuts import SHORTCUTS
from relflow.feel.tree import Node, reads_input
from relflow.feel.types import ANY, BOOLEAN, FunctionType, ListType, RangeType

__all__ = ["General"]

OPERATORS: Final = {
    "+": "_add",
    "-": "_subtract",
    "*": "_multiply",
    "/": "_divide",
    "**": "_power",
    "=": "_equal",
    "!=": "_not_equal",
    "<": "_less",
    "<=": "_not_greater",
    ">": "_greater",
    ">=": "_not_less",
}
_ATOM: Final = Code("None")


class General(Naming):
    """Emits code that works for values of any kind."""

    def value(self, node: Node) -> Code:
        """The node's value, null as None."""
        if id(node) in self.shared:
            return self._reused(node)
        code = self.emit(node)
        if self.recorded is not None and id(node) in self.recorded:
            code = piece(f"_r({self.recorded[id(node)]}, {{}})", code, free=("_r",))
        return self.settled(code)

    def ternary(self, node: Node) -> Code:
        """A condition: True, False or None."""
        code = self.value(node)
        return code if self.type_of(node) == BOOLEAN else piece("_conjunction({}, True)", code)

    def truth(self, node: Node) -> Code:
        """Truthy exactly where the node is true."""
        code = self.value(node)
        return code if _gives_boolean(node) and code.constant is NO_CONSTANT else same_object(code, True)

    def share(self, root: Node) -> None:
        """Compute parts of this tree that repeat each other only once."""
        repeats = shared_parts(root)
        names = {id(first): self.new("s") for first in repeats.values()}
        self.shared = {**names, **{later: names[id(first)] for later, first in repeats.items()}}
        self._unbound = set(names)

    def _reused(self, node: Node) -> Code:
        """The name of a shared part; its first place computes it."""
        name = self.shared[id(node)]
        if id(node) not in self._unbound:
            return Code(name, frozenset({name}))
        self._unbound.discard(id(node))
        return piece(f"({name} := {{}})", self.emit(node), free=(name,))

    @singledispatchmethod
    def emit(self, node: Node) -> Code:
        """The node's value, unrecorded."""
        raise NotImplementedError(type(node).__name__)

    # ---- literals

    @emit.register
    def _number(self, node: tree.Number) -> Code:
        whole = node.value == node.value.to_integral_value() and node.value.adjusted() < 34
        return self.constant(int(node.value) if whole else node.value)

    @emit.register
    def _string(self, node: tree.String) -> Code:
        return self.constant(node.value)

    @emit.register
    def _boolean(self, node: tree.Boolean) -> Code:
        return Code(repr(node.value), constant=node.value)

    @emit.register
    def _null(self, node: tree.Null) -> Code:
        return _ATOM

    @emit.register
    def _at(self, node: tree.AtLiteral) -> Code:
        value = operators.at_literal(node.text)
        if value is None:
            return piece("_at_literal({})", self.constant(node.text))
        return self.constant(value)

    @emit.register
    def _constant(self, node: tree.Constant) -> Code:
        return self.constant(node.value)

    @emit.register
    def _form(self, node: tree.Form) -> Code:
        return self.value(node.expansion)

    # ---- names

    @emit.register
    def _name(self, node: tree.Name) -> Code:
        return self.named(node.name)

    # ---- operators

    @emit.register
    def _negation(self, node: tree.Negation) -> Code:
        operand = self.value(node.operand)
        if operand.constant is not NO_CONSTANT and operators.negate(operand.constant) is not None:
            return self.constant(operators.negate(operand.constant))
        return piece("_negate({})", operand)

    @emit.register(tree.Arithmetic)
    @emit.register(tree.Comparison)
    def _binary(self, node: tree.Arithmetic | tree.Comparison) -> Code:
        left, right = self.value(node.left), self.value(node.right)
        name = OPERATORS[node.operator]
        if left.constant is not NO_CONSTANT and right.constant is not NO_CONSTANT:
            value = HELPERS[name](left.constant, right.constant)
            if value is not None:  # a null keeps its place in the code, so that it can tell why
                return self.constant(value)
        if isinstance(node, tree.Comparison) and right.constant.__class__ is int and self.recorded is None:
            return self._beside_whole(node.operator, left, right)
        return piece(f"{name}({{}}, {{}})", left, right)

    def _beside_whole(self, operator: str, left: Code, right: Code) -> Code:
        """A comparison with a whole literal: Python's own where the value is an int."""
        name = left.text if left.text.isidentifier() else self.new("x")
        bound = left if left.text == name else piece(f"({name} := {{}})", left)
        sign = {"=": "==", "!=": "!="}.get(operator, operator)
        text = (
            f"({name} {sign} {right.text} if {{}}.__class__ is _int else {OPERATORS[operator]}({name}, {right.text}))"
        )
        return piece(text, bound)

    @emit.register
    def _and(self, node: tree.And) -> Code:
        return piece("_conjunction({}, {})", self.value(node.left), self.value(node.right))

    @emit.register
    def _or(self, node: tree.Or) -> Code:
        return piece("_disjunction({}, {})", self.value(node.left), self.value(node.right))

    @emit.register
    def _between(self, node: tree.Between) -> Code:
        return piece("_between({}, {}, {})", self.value(node.value), self.value(node.low), self.value(node.high))

    @emit.register
    def _if(self, node: tree.If) -> Code:
        parts = self.value(node.then), self.truth(node.condition), self.value(node.otherwise)
        return piece("({} if {} else {})", *parts)

    @emit.register
    def _instance_of(self, node: tree.InstanceOf) -> Code:
        return piece("_instance_of({}, {})", self.value(node.value), self.constant(node.type))

    # ---- unary tests

    @emit.register
    def _in(self, node: tree.In) -> Code:
        name = self.new("t")
        bound = piece(f"({name} := {{}})", self.value(node.value))
        code = self._any_test(node.tests, name)
        return piece("({}, {})[1]", bound, code, bound=(name,))

    @emit.register
    def _tests(self, node: tree.Tests) -> Code:
        return self._any_test(node.tests, self.input or "None")

    @emit.register
    def _not(self, node: tree.Not) -> Code:
        return piece("_negation({})", self._any_test(node.tests, self.input or "None"))

    @emit.register
    def _dash(self, node: tree.Dash) -> Code:
        return Code("True")

    def _any_test(self, tests: tuple[Node, ...], subject: str) -> Code:
        before, self.input = self.input, subject
        code = self._tested(tests[0], subject)
        for test in tests[1:]:
            code = self.settled(piece("_disjunction({}, {})", code, self._tested(test, subject)))
        self.input = before
        return code

    def _tested(self, test: Node, subject: str) -> Code:
        free = (subject,) if subject.isidentifier() else ()
        match test:
            case tree.Test(operator=operator, value=value):
                code = piece(f"{OPERATORS[operator]}({subject}, {{}})", self.value(value), free=free)
            case tree.Dash() | tree.Not() | tree.Tests():
                return self.value(test)
            case _ if reads_input(test):
                return self.value(test)
            case tree.Range():
                code = piece(f"_within({subject}, {{}})", self.value(test), free=free)
            case _:
                code = piece(f"_member({subject}, {{}})", self.value(test), free=free)
        if self.recorded is not None and isinstance(test, tree.Test):
            code = piece(f"_r({self.recorded[id(test)]}, {{}})", code, free=("_r",))
        return self.settled(code)

    # ---- collections

    @emit.register
    def _list(self, node: tree.List) -> Code:
        return piece("[" + "{}, " * len(node.items) + "]", *map(self.value, node.items))

    @emit.register
    def _range(self, node: tree.Range) -> Code:
        if node.low is None or node.high is None:
            low = self.value(node.low) if node.low else _ATOM
            high = self.value(node.high) if node.high else _ATOM
            return piece(f"_Range({{}}, {{}}, {node.low_included}, {node.high_included})", low, high)
        ends = self.value(node.low), self.value(node.high)
        if all(end.constant is not NO_CONSTANT for end in ends):
            range_ = operators.make_range(ends[0].constant, ends[1].constant, node.low_included, node.high_included)
            return self.constant(range_) if range_ else piece("_make_range({}, {}, True, True)", *ends)
        return piece(f"_make_range({{}}, {{}}, {node.low_included}, {node.high_included})", *ends)

    @emit.register
    def _context(self, node: tree.Context) -> Code:
        outer = self.frames
        parts: list[Code] = []
        names: dict[str, str] = {}
        for number, entry in enumerate(node.entries, 1):
            recursive = isinstance(entry.value, tree.Function) and _mentions(entry.value, entry.key)
            mentioned = recursive or any(_mentions(later.value, entry.key) for later in node.entries[number:])
            local = self.new("e") if mentioned else ""
            self.frames = (*outer, Frame(names | {entry.key: local} if recursive else dict(names)))
            value = self.value(entry.value)
            if mentioned:
                names[entry.key] = local
                value = piece(f"({names[entry.key]} := {{}})", value)
            parts.append(piece(f"{self.quoted(entry.key)}: {{}}", value, levels=0))
        self.frames = outer
        text = "{{" + "{}, " * len(parts) + "}}"
        return piece(text, *parts, bound=names.values())

    @emit.register
    def _path(self, node: tree.Path) -> Code:
        return piece(f"_field({{}}, {self.quoted(node.name)})", self.value(node.target))

    @emit.register
    def _filter(self, node: tree.Filter) -> Code:
        target = self.value(node.target)
        if is_index(node.condition):
            return piece("_item_at({}, {})", target, self.value(node.condition))
        type_ = self.type_of(node.target)
        item = self.new("i")
        outer = self.frames
        frame = Frame(item=item, item_type=type_.item if isinstance(type_, ListType | RangeType) else type_)
        self.frames = (*outer, frame)
        condition = self.value(node.condition)
        self.frames = outer
        return piece(f"_filter_list({{}}, lambda {item}: {{}})", target, _without(condition, item), levels=2)

    # ---- binders

    @emit.register
    def _for(self, node: tree.For) -> Code:
        return self._loop("_loop", node.iterators, node.body, "partial")

    @emit.register
    def _quantified(self, node: tree.Quantified) -> Code:
        return self._loop("_" + node.kind, node.iterators, node.condition, None)

    def _loop(self, helper: str, iterators: tuple[tree.Loop, ...], body: Node, last: str | None) -> Code:
        outer = self.frames
        variables: list[str] = []
        sources: list[Code] = []
        for iterator in iterators:
            sources.append(self._source(iterator, variables))
            variables.append(self.new("v"))
            self.frames = (*self.frames, Frame({iterator.name: variables[-1]}))
        if last:
            variables.append(self.new("v"))
            self.frames = (*self.frames, Frame({last: variables[-1]}))
        code = self.value(body)
        self.frames = outer
        keeps = ", keeps=True" if last and _keeps(body, last) else ""
        template = f"{helper}(lambda {', '.join(variables)}: {{}}" + ", {}" * len(sources) + keeps + ")"
        return piece(template, code, *sources, bound=variables, levels=2)

    def _source(self, iterator: tree.Loop, variables: list[str]) -> Code:
        source = self.value(iterator.source)
        if iterator.high is not None:
            source = piece("_span({}, {})", source, self.value(iterator.high))
        return piece(f"lambda {', '.join(variables)}: {{}}", source)

    @emit.register
    def _function(self, node: tree.Function) -> Code:
        if node.external:
            return Code("_external()")
        outer = self.frames
        names = tuple(parameter.name for parameter in node.parameters)
        variables = [self.new("p") for _ in names]
        self.frames = (*outer, Frame(dict(zip(names, variables, strict=True))))
        before, self.input = self.input, None
        body = self.value(node.body)
        self.frames, self.input = outer, before
        wanted = tuple(parameter.type or ANY for parameter in node.parameters)
        returned = self.type_of(node.body)
        return self.function_value(names, wanted, FunctionType(wanted, returned), ", ".join(variables), body)

    # ---- calls

    @emit.register
    def _call(self, node: tree.Call) -> Code:
        if self.is_bound(node.function):
            return self._invoked(node.function, self.named(node.function), node)
        arguments = [self.value(argument) for argument in node.arguments]
        if node.function == "not" and len(arguments) == 1 and (not node.names or node.names == ("negand",)):
            return piece("_negation({})", arguments[0])
        if node.function in self.scope.functions:
            return self._host(node, arguments)
        if node.function not in BUILTINS:
            return piece("_no_function({})", self.constant(node.function))
        fits = calls.fits(BUILTINS[node.function].signatures, len(arguments), node.names)
        if not fits:
            return piece("_wrong_call({})", self.constant(node.function))
        if node.function in SHORTCUTS and len(arguments) == 1 and not node.names:
            return piece(f"_{node.function}({{}})", *arguments)
        now = "_now" if BUILTINS[node.function].reads_time else "None"
        start = f"_call_builtin({self.pool.builtin(node.function)}, {self.quoted(fits)}, {now}"
        return piece(start + ", {}" * len(arguments) + ")", *arguments, free={now} - {"None"})

    def _host(self, node: tree.Call, arguments: list[Code]) -> Code:
        function = self.scope.functions[node.function]
        fits = calls.fits((function.signature,), len(arguments), node.names)
        start = f"_call_host({self.quoted(function)}, {self.quoted(fits)}"
        return piece(start + ", {}" * len(arguments) + ")", *arguments)

    def _invoked(self, name: str, function: Code, node: tree.Call | tree.Invocation) -> Code:
        start = f"_invoke({self.quoted(name)}, {{}}, {self.quoted(node.names)}"
        template = start + ", {}" * len(node.arguments) + ")"
        return piece(template, function, *map(self.value, node.arguments))

    @emit.register
    def _invocation(self, node: tree.Invocation) -> Code:
        return self._invoked("function", self.value(node.function), node)


def _without(code: Code, name: str) -> Code:
    return Code(code.text, code.free - {name}, code.depth)


def _mentions(node: Node, name: str) -> bool:
    """Whether a name, also that of a function, stands anywhere in an expression."""
    return any(
        (isinstance(each, tree.Name) and each.name == name) or (isinstance(each, tree.Call) and each.function == name)
        for each in tree.walk(node)
    )


def _keeps(node: Node, name: str) -> bool:
    """Whether the value of a name may become a part of the node's value: anything but `name[number]` may do that."""
    if isinstance(node, tree.Name):
        return node.name == name
    if isinstance(node, tree.Filter) and isinstance(node.target, tree.Name) and is_index(node.condition):
        return False
    return any(_keeps(child, name) for child in tree.children(node))


def is_index(condition: Node) -> bool:
    """Whether a filter is a position by its looks: a number, signed or not."""
    if isinstance(condition, tree.Negation):
        return is_index(condition.operand)
    return isinstance(condition, tree.Number)


def _gives_boolean(node: Node) -> bool:
    """Whether the general code of a node is never anything but True, False or None."""
    booleans = tree.Comparison, tree.Between, tree.In, tree.Tests, tree.Not, tree.Quantified, tree.And, tree.Or
    return isinstance(node, (*booleans, tree.Dash, tree.InstanceOf))
