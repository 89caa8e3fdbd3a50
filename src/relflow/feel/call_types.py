"""Types of calls, and what is wrong with their arguments."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from relflow.diagnostics import nearest
from relflow.feel import findings, tree
from relflow.feel.calls import Fit, fits
from relflow.feel.definition import Signature
from relflow.feel.findings import type_word
from relflow.feel.habits import FUNCTIONS
from relflow.feel.inference import Inference
from relflow.feel.types import ANY, BOOLEAN, AnyType, FunctionType, ListType, NullType, Type, conforms, joins

__all__ = ["bound", "called", "function_type", "unknown_function"]


def function_type(signature: Signature) -> FunctionType:
    """A built-in as a value."""
    return FunctionType(tuple(parameter.type for parameter in signature.parameters), signature.returns)


def unknown_function(checker: Inference, node: tree.Call, known: Collection[str]) -> None:
    """Report a call of what does not exist."""
    meant = FUNCTIONS.get(node.function.lower())
    near = meant if meant in known else nearest(node.function, known)
    help_ = findings.DID_YOU_MEAN if near else None
    checker.report(findings.UNKNOWN_FUNCTION, node, help_, name=node.function, near=near or "")


def bound(checker: Inference, node: tree.Call | tree.Invocation, function: Type) -> Type:
    """A call of a value."""
    given = [checker.infer(argument) for argument in node.arguments]
    name = node.function if isinstance(node, tree.Call) else checker.text(node.function)
    if isinstance(function, AnyType | NullType):
        return ANY
    if not isinstance(function, FunctionType):
        checker.report(findings.NOT_CALLABLE, node, name=name, kind=type_word(function))
        return ANY
    if not node.names and len(given) != len(function.parameters):
        form = f"`{name}({', '.join(map(str, function.parameters))})`"
        checker.report(findings.WRONG_COUNT, node, name=name, count=len(given), forms=form)
        return ANY
    if not node.names:
        for argument, type_, wanted in zip(node.arguments, given, function.parameters, strict=True):
            if not _may_fit(type_, wanted):
                form = f"`{name}({', '.join(map(str, function.parameters))})`"
                checker.report(findings.WRONG_ARGUMENT, argument, name=name, kind=type_word(type_), forms=form)
    return function.result


def called(checker: Inference, node: tree.Call, signatures: Sequence[Signature]) -> Type:
    """A call of a built-in or of a host's function."""
    given = [checker.infer(argument) for argument in node.arguments]
    candidates = [(each, fit) for each in signatures for fit in fits((each,), len(given), node.names)]
    if not candidates:
        _misfit(checker, node, signatures)
        return ANY
    for test in (conforms, _may_fit):
        for signature, fit in candidates:
            if all(test(type_, p.type) for type_, p in zip(given, fit.parameters, strict=True)):
                return _result(signature, fit, given)
    _wrong(checker, node, signatures, [fit for _, fit in candidates], given)
    return ANY


def _result(signature: Signature, fit: Fit, given: Sequence[Type]) -> Type:
    if signature.infer is None:
        return signature.returns
    ordered = tuple(ANY if index < 0 else given[index] for index in fit.order)
    return signature.infer(ordered)


def _may_fit(type_: Type, wanted: Type) -> bool:
    """Whether some value of the type fits, as it is or after the conversions that calls make."""
    if isinstance(type_, AnyType | NullType) or isinstance(wanted, AnyType):
        return True
    if isinstance(type_, FunctionType) and isinstance(wanted, FunctionType):
        return len(type_.parameters) == len(wanted.parameters) or not wanted.parameters
    if joins(type_, wanted):
        return True
    if isinstance(type_, ListType) and not isinstance(wanted, ListType):
        return _may_fit(type_.item, wanted)
    return isinstance(wanted, ListType) and not isinstance(type_, ListType) and _may_fit(type_, wanted.item)


def _forms(name: str, signatures: Sequence[Signature]) -> tuple[str, ...]:
    """How a function is called, as text."""
    shown = []
    for signature in signatures[:3]:
        parameters = (p.name + ("?" if p.optional else "…" if p.variadic else "") for p in signature.parameters)
        shown.append(f"`{name}({', '.join(parameters)})`")
    return tuple(dict.fromkeys(shown))


def _misfit(checker: Inference, node: tree.Call, signatures: Sequence[Signature]) -> None:
    forms = _forms(node.function, signatures)
    if node.names:
        known = {parameter.name for signature in signatures for parameter in signature.parameters}
        unknown = tuple(name for name in node.names if name not in known) or node.names
        checker.report(findings.WRONG_NAMES, node, name=node.function, names=unknown, forms=forms)
    else:
        count = len(node.arguments)
        checker.report(findings.WRONG_COUNT, node, name=node.function, count=count, forms=forms)


def _wrong(
    checker: Inference,
    node: tree.Call,
    signatures: Sequence[Signature],
    candidates: Sequence[Fit],
    given: Sequence[Type],
) -> None:
    """Report the first argument that fits no signature."""
    forms = _forms(node.function, signatures)
    for index, type_ in enumerate(given):
        if not any(_may_fit(type_, fit.parameters[index].type) for fit in candidates):
            argument = node.arguments[index]
            if node.function == "not" and candidates[0].parameters[0].type == BOOLEAN:
                checker.report(findings.NOT_A_CONDITION, argument, kind=type_word(type_))
                return
            checker.report(findings.WRONG_ARGUMENT, argument, name=node.function, kind=type_word(type_), forms=forms)
            return
    checker.report(findings.WRONG_ARGUMENT, node, name=node.function, kind=type_word(given[0]), forms=forms)
