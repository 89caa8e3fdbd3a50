"""Calling functions at run time: built-ins with several signatures, functions of the text, a host's functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from relflow.feel.conforming import NO_FIT, converted, matcher
from relflow.feel.definition import Builtin, Parameter, Signature
from relflow.feel.functions import Function
from relflow.feel.nulls import fail
from relflow.feel.reasons import HOST_FUNCTION, NOT_A_FUNCTION, NOT_SUPPORTED, NO_NAME, TOO_DEEP, WRONG_ARGUMENTS
from relflow.feel.scope import HostFunction
from relflow.feel.steps import budget, deeper
from relflow.feel.types import FunctionType, Type

__all__ = [
    "Fit",
    "call_builtin",
    "call_host",
    "external",
    "fits",
    "invoke",
    "lambda_",
    "no_function",
    "unknown",
    "wrong_call",
]


class Fit(NamedTuple):
    """How the arguments of a call meet a signature: each one's parameter; then where each goes (-1: left out)."""

    parameters: tuple[Parameter, ...]
    order: tuple[int, ...]


def fits(signatures: Sequence[Signature], count: int, names: tuple[str, ...]) -> tuple[Fit, ...]:
    """The signatures that a call with so many arguments, or with these names, may mean."""
    found = (_named(each, names) if names else _positional(each, count) for each in signatures)
    candidates = [fit for fit in found if fit is not None]
    return tuple(sorted(candidates, key=_reordered))


def _reordered(fit: Fit) -> bool:
    """Whether names stand in another order than the parameters: `before(range: r, point: p)` means what it says."""
    given = [index for index in fit.order if index >= 0]
    return given != sorted(given)


def _positional(signature: Signature, count: int) -> Fit | None:
    own = signature.parameters
    least = sum(1 for parameter in own if not parameter.optional and not parameter.variadic)
    variadic = bool(own) and own[-1].variadic
    if count < max(least, 1 if variadic and least == 0 else 0) or (count > len(own) and not variadic):
        return None
    parameters = tuple(own[min(index, len(own) - 1)] for index in range(count))
    order = (*range(count), *(-1 for parameter in own[count:] if not parameter.variadic))
    return Fit(parameters, order)


def _named(signature: Signature, names: tuple[str, ...]) -> Fit | None:
    """Parameters that are not named are null (DMN 1.5, 10.3.2.13.5); a variadic one that is named takes one value."""
    own = {parameter.name: parameter for parameter in signature.parameters}
    if len(set(names)) < len(names) or any(name not in own for name in names):
        return None
    expected = [name for name in own if name in names or not own[name].variadic]
    order = tuple(names.index(name) if name in names else -1 for name in expected)
    return Fit(tuple(own[name] for name in names), order)


def call_builtin(builtin: Builtin, candidates: tuple[Fit, ...], now: Any, *arguments: Any) -> Any:
    """The first signature that the arguments fit as they are, else the first that they fit after conversion."""
    for fit in candidates:
        if all(matcher(p.type)(value) for p, value in zip(fit.parameters, arguments, strict=True)):
            return _run(builtin, fit, arguments, now)
    for fit in candidates:
        changed = [converted(value, p.type) for p, value in zip(fit.parameters, arguments, strict=True)]
        if all(value is not NO_FIT for value in changed):
            return _run(builtin, fit, changed, now)
    return fail(WRONG_ARGUMENTS, name=builtin.name)


def _run(builtin: Builtin, fit: Fit, arguments: Sequence[Any], now: Any) -> Any:
    ordered = [None if index < 0 else arguments[index] for index in fit.order]
    try:
        return builtin.call(now, *ordered) if builtin.reads_time else builtin.call(*ordered)
    except RecursionError:
        return fail(TOO_DEEP)


def call_host(function: HostFunction, candidates: tuple[Fit, ...], *arguments: Any) -> Any:
    """A plugin's function; whatever it raises becomes null."""
    for fit in candidates:
        changed = [converted(value, p.type) for p, value in zip(fit.parameters, arguments, strict=True)]
        if all(value is not NO_FIT for value in changed):
            ordered = [None if index < 0 else changed[index] for index in fit.order]
            try:
                return function.call(*ordered)
            except Exception:  # noqa: BLE001 - a plugin may raise anything, and must harm nobody
                return fail(HOST_FUNCTION, name=function.name)
    return fail(WRONG_ARGUMENTS, name=function.name)


def lambda_(
    parameters: tuple[str, ...], wanted: tuple[Type, ...], type_: FunctionType, body: Callable[..., Any]
) -> Any:
    """The value of `function(parameters) body`: arguments that do not fit their declared types make it null."""

    def call(*arguments: Any) -> Any:
        if len(arguments) != len(parameters):
            return fail(WRONG_ARGUMENTS, name="function")
        changed = [converted(value, type_) for value, type_ in zip(arguments, wanted, strict=True)]
        if any(value is NO_FIT for value in changed):
            return fail(WRONG_ARGUMENTS, name="function")
        with budget() as steps, deeper() as allowed:
            try:
                return body(*changed) if allowed and steps.spend() else None
            except RecursionError:
                return fail(TOO_DEEP)

    return Function(parameters, call, type_)


def external() -> Any:
    """An external function: its value is null, as nothing outside is run."""
    return fail(NOT_SUPPORTED)


def invoke(name: str, function: Any, names: tuple[str, ...], *arguments: Any) -> Any:
    """Call a value, which may turn out to be no function."""
    if not isinstance(function, Function):
        return fail(NOT_A_FUNCTION, name=name)
    if names:
        if len(set(names)) < len(names) or any(each not in function.parameters for each in names):
            return fail(WRONG_ARGUMENTS, name=name)
        given = dict(zip(names, arguments, strict=True))
        return function(*(given.get(parameter) for parameter in function.parameters))
    return function(*arguments)


def no_function(name: str) -> Any:
    """The value of calling what does not exist."""
    return fail(NOT_A_FUNCTION, name=name)


def unknown(name: str) -> Any:
    """The value of a name that nothing is known of."""
    return fail(NO_NAME, name=name)


def wrong_call(name: str) -> Any:
    """The value of a call that no signature allows."""
    return fail(WRONG_ARGUMENTS, name=name)
