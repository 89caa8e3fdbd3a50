"""Texts that were parsed and checked: trees with their types, and all findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, fields, replace
from typing import Any, Final

from relflow.diagnostics import Diagnostic, Fragment, Message, Severity
from relflow.feel import findings, tree
from relflow.feel.bounds import MAX_DEPTH, MAX_HEIGHT
from relflow.feel.cells import cell_findings, quote_words
from relflow.feel.checker import Checker
from relflow.feel.cursor import TOO_DEEP
from relflow.feel.lexer import NotFeelError
from relflow.feel.operator_types import is_condition
from relflow.feel.parsing import parse_cell, parse_whole
from relflow.feel.scope import Scope
from relflow.feel.tree import Node
from relflow.feel.types import ANY, BOOLEAN, StringType, Type, joins
from relflow.structs import dataclass

__all__ = ["Checked", "check_expression", "check_tests"]

_REMEMBERED: Final = 20_000
# a character makes at most two levels of a tree, so that so short a text is never too high
_LOW: Final = MAX_HEIGHT // 3

TOO_HIGH: Final = Message.of(
    "feel-bounds",
    Severity.ERROR,
    "this expression chains more than {limit} operators",
    "表达式连用的运算符超过 {limit} 个",
    "use a list, such as `x in (...)` or `sum([...])`, or several decisions",
    "改用列表，例如 `x in (...)` 或 `sum([...])`，或拆成几个判定",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """An expression or a cell, checked against a scope.

    `tree` is None where the text is not FEEL at all; with errors among `diagnostics` it must not be compiled. `reads`
    are the names of the scope it uses, in order of first use; `reads_time` says whether it asks for `now()` or
    `today()`. `input` is the type of the input value for a cell, None for an expression. `types` go by `id(node)`.
    """

    fragment: Fragment
    scope: Scope = field(repr=False)
    tree: Node | None
    type: Type
    diagnostics: tuple[Diagnostic, ...] = ()
    reads: tuple[str, ...] = ()
    reads_time: bool = False
    input: Type | None = None
    types: Mapping[int, Type] = field(default_factory=dict, repr=False)

    @property
    def ok(self) -> bool:
        """Whether it can be compiled: a tree, and no error found."""
        return self.tree is not None and all(found.severity is not Severity.ERROR for found in self.diagnostics)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled types go by the order of the nodes, as `id` means nothing elsewhere."""
        nodes = () if self.tree is None else tree.walk(self.tree)
        types = tuple(self.types.get(id(node)) for node in nodes)
        plain = (self.fragment, self.scope, self.tree, self.type, self.diagnostics, self.reads, self.reads_time)
        return (_rebuilt, ((*plain, self.input), types))


def _rebuilt(plain: tuple[Any, ...], types: tuple[Type | None, ...]) -> Checked:
    nodes = () if plain[2] is None else tree.walk(plain[2])
    pairs = zip(nodes, types, strict=True)
    return replace(Checked(*plain), types={id(node): type_ for node, type_ in pairs if type_ is not None})


def check_expression(text: str | Fragment, scope: Scope, wanted: Type | None = None) -> Checked:
    """Parse and check a whole expression; `wanted` is the type that its place asks for."""
    fragment = Fragment.of(text, "<feel>") if isinstance(text, str) else text
    checked = _remembered(fragment, scope, None) or _check(fragment, scope, None, lambda: parse_whole(fragment, scope))
    if checked.tree is None or wanted is None or not checked.ok:
        return checked
    if wanted == BOOLEAN and not is_condition(checked.type):
        message, shown = findings.NOT_A_CONDITION, {"kind": findings.type_word(checked.type)}
    elif not joins(checked.type, wanted):
        message = findings.WRONG_RESULT
        shown = {"kind": findings.type_word(checked.type), "wanted": findings.type_word(wanted)}
    else:
        return checked
    place = fragment.at(checked.tree.start, checked.tree.end)
    return replace(checked, diagnostics=(*checked.diagnostics, message.at(place, **shown)))


def check_tests(text: str | Fragment, scope: Scope, input: Type = ANY) -> Checked:
    """Parse and check a cell of unary tests; `input` is the type of the value that it tests.

    Where the input's texts are listed (`one_of`, levels), a bare word that is one of them is that text.
    """
    fragment = Fragment.of(text, "<feel>") if isinstance(text, str) else text

    def parse() -> Node:
        if not isinstance(input, StringType) or not input.allowed:
            return parse_cell(fragment, scope)
        return quote_words(parse_cell(fragment, scope, input.allowed), input, scope)

    return _remembered(fragment, scope, input) or _check(fragment, scope, input, parse)


def _remembered(fragment: Fragment, scope: Scope, input: Type | None) -> Checked | None:
    """The same text checked before without any finding: tables repeat their cells."""
    before: Checked | None = scope.memory.get((fragment.text, input))
    return None if before is None else replace(before, fragment=fragment)


def _check(fragment: Fragment, scope: Scope, input: Type | None, parse: Callable[[], Node]) -> Checked:
    early = cell_findings(fragment, input)
    if early:
        return Checked(fragment, scope, None, ANY, early, input=input)
    try:
        node = parse()
        if len(fragment.text) > _LOW and _too_high(node):
            raise NotFeelError(TOO_HIGH.at(fragment.span, limit=MAX_HEIGHT))
        checker = Checker(fragment, scope, input)
        type_ = checker.infer(node)
        if checker.expansions:
            node = _expand(node, checker.expansions)
            again = Checker(fragment, scope, input)
            type_, checker.types = again.infer(node), again.types
            checker.reads_time = again.reads_time
    except NotFeelError as problem:
        return Checked(fragment, scope, None, ANY, (problem.diagnostic,), input=input)
    except RecursionError:  # the host itself is deep in calls
        return Checked(fragment, scope, None, ANY, (TOO_DEEP.at(fragment.span, limit=MAX_DEPTH),), input=input)
    found = tuple(dict.fromkeys(checker.diagnostics))
    reads = tuple(checker.reads)
    checked = Checked(fragment, scope, node, type_, found, reads, checker.reads_time, input, checker.types)
    if not found and not checker.expansions and len(scope.memory) < _REMEMBERED:
        scope.memory[fragment.text, input] = checked
    return checked


def _too_high(node: Node) -> bool:
    """Whether the tree has more levels than everything that walks it is made for."""
    level = [node]
    for _ in range(MAX_HEIGHT):
        level = [child for parent in level for child in tree.children(parent)]
        if not level:
            return False
    return True


def _expand(node: Node, expansions: Mapping[int, Node]) -> Node:
    """The tree with each call of a form replaced by what it stands for."""
    if isinstance(node, tree.Call) and id(node) in expansions:
        return tree.Form(node, _expand(expansions[id(node)], expansions), start=node.start, end=node.end)
    changed: dict[str, Any] = {}
    for known in fields(node):
        value = getattr(node, known.name)
        if isinstance(value, Node):
            new: Any = _expand(value, expansions)
        elif isinstance(value, tuple):
            new = tuple(_expand(item, expansions) if isinstance(item, Node) else item for item in value)
        else:
            continue
        if new is not value and (isinstance(value, Node) or any(a is not b for a, b in zip(new, value, strict=True))):
            changed[known.name] = new
    return replace(node, **changed) if changed else node
