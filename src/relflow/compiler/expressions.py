"""Expressions of a policy in the scope of its names: checked, compiled, in plain, strict and recording form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from relflow.compiler.cells import NOT_CONSTANT, region_of
from relflow.compiler.emitting import compile_code
from relflow.compiler.forms import Facts, forms
from relflow.compiler.settled import settled
from relflow.diagnostics import Diagnostic, Fragment, Severity
from relflow.feel import Checked, check_expression, check_tests, tree
from relflow.feel.operators import at_literal
from relflow.feel.scope import HostFunction, Scope
from relflow.feel.tree import Node
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
    Type,
)
from relflow.program import KNOWN, Broken, Category, Code, Region
from relflow.structs import dataclass
from relflow.values import WorkingDuration, kind_of

__all__ = ["Expressions", "type_of_value"]

_TYPES: Mapping[str, Type] = {
    "number": NUMBER,
    "string": STRING,
    "boolean": BOOLEAN,
    "date": DATE,
    "time": TIME,
    "date and time": DATE_TIME,
    "days and time duration": DAYS_DURATION,
    "years and months duration": MONTHS_DURATION,
}


def type_of_value(value: Any) -> Type:
    """The type of a literal's value."""
    return WORKING_DURATION if isinstance(value, WorkingDuration) else _TYPES.get(kind_of(value), ANY)


@dataclass(slots=True)
class Expressions:
    """Compiles what a policy's expressions say; findings go into `diagnostics`, wrong ones become Broken.

    `names` are the names so far with their types, `constants` those whose value never changes.
    """

    diagnostics: list[Diagnostic]
    functions: tuple[HostFunction, ...] = ()
    names: dict[str, Type] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    _scope: Scope | None = None
    _inner: dict[tuple[tuple[str, int], ...], Scope] = field(default_factory=dict)
    _cells: dict[tuple[str, Type], Code] = field(default_factory=dict)

    def declare(self, name: str, type_: Type) -> None:
        """One more name."""
        self.names[name] = type_
        self._scope = None
        self._inner.clear()

    def fold(self, name: str, value: Any) -> None:
        """A name that always means this value."""
        self.constants[name] = value

    def know_facts(
        self,
        facts: Mapping[str, str | None],
        categories: Mapping[str, Category],
        required: Mapping[str, Fragment],
    ) -> None:
        """Tell the forms of the facts with their categories, and when each has to be there."""

        def condition(name: str) -> Node | None:
            fragment = required.get(name)
            return None if fragment is None else self._quiet(fragment)

        def fresh_for(name: str) -> Node | None:
            category = categories.get(facts.get(name) or "")
            fresh = category.fresh_for if category is not None else None
            return fresh.tree if isinstance(fresh, Code) else None

        by_category = {name: category.facts for name, category in categories.items()}
        self.facts = Facts(by_category, frozenset(facts), condition, fresh_for)
        for name in facts:
            self.declare(KNOWN + name, DATE)

    def _quiet(self, fragment: Fragment) -> Node | None:
        """The tree of an expression whose findings are reported elsewhere."""
        return check_expression(fragment, self.scope).tree

    @property
    def scope(self) -> Scope:
        """What an expression may name."""
        if self._scope is None:
            self._scope = Scope.of(self.names, self.functions, forms(self.facts))
        return self._scope

    def value(self, fragment: Fragment, wanted: Type | None) -> Code | Broken:
        """The code of an expression whose value is to be of a type; None: of any."""
        return self._compiled(check_expression(fragment, self.scope, wanted), strict=False)

    def condition(self, fragment: Fragment) -> Code | Broken:
        """The code of a condition."""
        return self._compiled(check_expression(fragment, self.scope, BOOLEAN), strict=True)

    def tests(self, fragment: Fragment, input: Type) -> Code | Broken:
        """The code of a cell of unary tests over an input of that type; equal cells share theirs."""
        key = (fragment.text, input)
        known = self._cells.get(key)
        if known is not None:
            return known
        code = self._compiled(check_tests(fragment, self.scope, input), strict=True)
        if isinstance(code, Code):
            self._cells[key] = code
        return code

    def within(self, names: Mapping[str, Type], fragment: Fragment, wanted: Type | None) -> Code | None:
        """The code of an expression that sees more names; None, the findings kept, where it is wrong."""
        code = self._compiled(check_expression(fragment, self._within(names), wanted), strict=wanted == BOOLEAN)
        return code if isinstance(code, Code) else None

    def tests_within(self, names: Mapping[str, Type], fragment: Fragment, input: Type) -> Code | None:
        """The code of a cell that sees more names; None, the findings kept, where it is wrong."""
        code = self._compiled(check_tests(fragment, self._within(names), input), strict=True)
        return code if isinstance(code, Code) else None

    def _within(self, names: Mapping[str, Type]) -> Scope:
        """The scope with more names: one for all expressions of a place, as each is prepared for parsing."""
        # types are told apart by what they are, not by what they say: comparing large records costs more than it saves
        key = tuple((name, id(type_)) for name, type_ in names.items())
        known = self._inner.get(key)
        if known is None:
            known = self._inner[key] = self.scope.with_names(names)
        return known

    def constant(self, fragment: Fragment, value: Any, type_: Type) -> Code:
        """Code that gives a value which is known now."""
        found = type_of_value(value)
        node = tree.Constant(value, found if found != ANY else type_)
        return compile_code(Checked(fragment, self.scope, node, node.type), strict=False)

    def _compiled(self, checked: Checked, *, strict: bool) -> Code | Broken:
        self.diagnostics.extend(checked.diagnostics)
        if not checked.ok:
            errors = tuple(found for found in checked.diagnostics if found.severity is Severity.ERROR)
            return Broken(checked.fragment, errors)
        self.diagnostics.extend(settled(checked, self.constant_of))
        return compile_code(checked, strict=strict)

    def region(self, code: Code, type_: Type) -> Region | None:
        """The values that a cell accepts; None where it is no simple cell."""
        return region_of(code.tree, type_, self.constant_of)

    def constant_of(self, node: Node) -> Any:
        """The value of an expression that always has the same; NOT_CONSTANT for others."""
        match node:
            case tree.Number() | tree.String() | tree.Boolean() | tree.Constant():
                return node.value
            case tree.Null():
                return None
            case tree.Name(name=name) if name in self.constants:
                return self.constants[name]
            case tree.AtLiteral(text=text):
                return at_literal(text)
            case tree.Form(expansion=expansion):
                return self.constant_of(expansion)
            case tree.Negation() | tree.Call() | tree.Arithmetic() | tree.List() | tree.Range():
                return self._evaluated(node)
            case _:
                return NOT_CONSTANT

    def _evaluated(self, node: Node) -> Any:
        """The value of a composed constant."""
        checked = _recheck(node, self.scope)
        if checked is None or checked.reads_time or any(name not in self.constants for name in checked.reads):
            return NOT_CONSTANT
        code = compile_code(checked, strict=False)
        value = code.call(None, *[self.constants[name] for name in code.reads])
        return NOT_CONSTANT if value is None else value


def _recheck(node: Node, scope: Scope) -> Checked | None:
    """A part of a tree that was checked, as a tree of its own."""
    names = [part.name for part in tree.walk(node) if isinstance(part, tree.Name)]
    calls = [part.function for part in tree.walk(node) if isinstance(part, tree.Call)]
    if any(isinstance(part, tree.Form | tree.For | tree.Filter | tree.Quantified) for part in tree.walk(node)):
        return None
    reads_time = any(call in ("now", "today") for call in calls)
    return Checked(Fragment.of(""), scope, node, ANY, (), tuple(dict.fromkeys(names)), reads_time)
