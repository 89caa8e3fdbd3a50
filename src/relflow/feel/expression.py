"""Expressions as objects: compiled once, evaluated often, printed back, pickled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from relflow.diagnostics import Diagnostic, Fragment
from relflow.errors import FeelError
from relflow.feel.checked import Checked, check_expression, check_tests
from relflow.feel.emitter import Emitter
from relflow.feel.entry import entered
from relflow.feel.nulls import fail
from relflow.feel.pool import Pool
from relflow.feel.printer import show
from relflow.feel.reasons import TOO_DEEP
from relflow.feel.recording import Recording, record
from relflow.feel.scope import Scope
from relflow.feel.tree import Node
from relflow.feel.types import ANY, ListType, RecordType, Type

__all__ = ["Expression", "compile", "evaluate", "explain", "parse", "type_of_value", "unary_test"]

Names = Mapping[str, Type] | Scope | None


class Expression:
    """A FEEL expression or cell, ready to be evaluated.

    Equal if their trees are; `str` prints the tree back as text that parses to the same tree. It pickles as its text
    and generated source, so it needs no scope on the other side.
    """

    __slots__ = ("_function", "_pool", "_source", "reads", "reads_time", "text", "tree", "type")

    def __init__(self, checked: Checked) -> None:
        if checked.tree is None or not checked.ok:
            raise FeelError(checked.diagnostics)
        self.text: str = checked.fragment.text
        self.tree: Node = checked.tree
        self.type: Type = checked.type
        self.reads: tuple[str, ...] = checked.reads
        self.reads_time: bool = checked.reads_time
        self._pool = Pool()
        names = {name: f"_n{index}" for index, name in enumerate(self.reads)}
        self._source = Emitter(self._pool, names).value(checked, input="_input")
        self._function = self._built()

    def _built(self) -> Callable[..., Any]:
        names = (f"_n{index}" for index in range(len(self.reads)))
        return self._pool.build("evaluate", ("_now", "_input", *names), self._source)

    def evaluate(self, context: Mapping[str, Any] | None = None, *, now: date | None = None, input: Any = None) -> Any:
        """The value over these values of names; null is None.

        `now` is the instant that `now()` and `today()` answer, an aware datetime or, for `today()` alone, a date;
        `input` is the value of `?`. Nothing is raised, whatever the values.
        """
        values = context or {}
        given = [entered(values.get(name)) for name in self.reads]
        try:
            return self._function(now, entered(input), *given)
        except RecursionError:
            return fail(TOO_DEEP)

    def __call__(self, **context: Any) -> Any:
        """`evaluate` with names as keywords."""
        return self.evaluate(context)

    def __str__(self) -> str:
        return show(self.tree)

    def __repr__(self) -> str:
        return f"Expression({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self.tree == other.tree

    def __hash__(self) -> int:
        return hash(str(self))

    def __getstate__(self) -> tuple[Any, ...]:
        return (self.text, self.tree, self.type, self.reads, self.reads_time, self._pool, self._source)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.text, self.tree, self.type, self.reads, self.reads_time, self._pool, self._source = state
        self._function = self._built()


def _scope(names: Names) -> Scope:
    if isinstance(names, Scope):
        return names
    return Scope.of(open=True) if names is None else Scope.of(names)


def parse(text: str | Fragment, names: Names = None) -> Expression:
    """An expression. Without `names` nothing is known of them and nothing but the grammar is checked.

    With `names`, a mapping of name to type or a scope, unknown names and operations that cannot work are refused, and
    names of several words are understood.

    Raises: FeelError with every finding.
    """
    return Expression(check_expression(text, _scope(names)))


compile = parse  # noqa: A001 - the name that other engines use


def check(text: str | Fragment, names: Names = None, wanted: Type | None = None) -> tuple[Diagnostic, ...]:
    """All findings about an expression; none means that it compiles. Nothing is raised."""
    return check_expression(text, _scope(names), wanted).diagnostics


def evaluate(text: str, context: Mapping[str, Any] | None = None, *, now: date | None = None) -> Any:
    """The value of an expression over a context of plain Python values.

    Raises: FeelError if the text is not FEEL.
    """
    return Expression(check_expression(text, _open(context))).evaluate(context, now=now)


def unary_test(text: str, value: Any, context: Mapping[str, Any] | None = None, *, now: date | None = None) -> Any:
    """Whether `value` passes a cell of unary tests: True, False, or None where that cannot be told.

    Raises: FeelError if the text is not FEEL.
    """
    return Expression(check_tests(text, _open(context))).evaluate(context, now=now, input=value)


def explain(text: str, context: Mapping[str, Any] | None = None, *, now: date | None = None) -> Recording:
    """Evaluate and tell what happened: the values of all parts, the reasons of nulls with places, missing names.

    Raises: FeelError if the text is not FEEL.
    """
    checked = check_expression(text, _open(context))
    if not checked.ok:
        raise FeelError(checked.diagnostics)
    return record(checked, context or {}, now)


def _open(context: Mapping[str, Any] | None) -> Scope:
    names = {str(name): type_of_value(value) for name, value in (context or {}).items()}
    return Scope.of(names, open=True)


def type_of_value(value: Any, levels: int = 8) -> Type:
    """What the names in a value are, so that those of several words can be read; everything else is Any."""
    if isinstance(value, Mapping) and levels:
        fields = tuple((str(name), type_of_value(item, levels - 1)) for name, item in value.items())
        return RecordType(fields, open=True)
    if isinstance(value, list | tuple) and levels:
        names: dict[str, Type] = {}
        for item in value:
            if isinstance(item, Mapping):
                names |= {str(name): type_of_value(field, levels - 1) for name, field in item.items()}
        return ListType(RecordType(tuple(names.items()), open=True) if names else ANY)
    return ANY
