"""What plugins offer to a policy: functions for its expressions, checks of its program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import Parameter as Argument
from inspect import signature
from typing import Any

from relflow.feel import ANY, HostFunction, Parameter, Signature

__all__ = ["offered_checks", "offered_functions"]


def _answers(plugins: Sequence[object], hook: str) -> list[object]:
    if not plugins:
        return []
    from relflow.hooks import Plugins  # noqa: PLC0415 - pluggy is loaded where it is used

    return [answer for _, answer in Plugins(plugins).answers(hook)]


def offered_functions(plugins: Sequence[object]) -> list[HostFunction]:
    """The functions that plugins offer to expressions."""
    functions: list[HostFunction] = []
    for offered in _answers(plugins, "relflow_functions"):
        if isinstance(offered, Mapping):
            functions += [_host_function(str(name), call) for name, call in offered.items()]
    return functions


def offered_checks(plugins: Sequence[object]) -> list[Callable[..., Any]]:
    """The checks that plugins offer: each gets the program and gives findings."""
    checks: list[Callable[..., Any]] = []
    for offered in _answers(plugins, "relflow_checks"):
        if isinstance(offered, Iterable):
            checks += offered
    return checks


def _host_function(name: str, call: Any) -> HostFunction:
    """A host's function, its parameters taken from its signature."""
    if isinstance(call, HostFunction):
        return call
    parameters = [
        Parameter(
            argument.name,
            ANY,
            optional=argument.default is not Argument.empty,
            variadic=argument.kind is Argument.VAR_POSITIONAL,
        )
        for argument in signature(call).parameters.values()
        if argument.kind not in (Argument.KEYWORD_ONLY, Argument.VAR_KEYWORD)
    ]
    return HostFunction(name, Signature(tuple(parameters), ANY), call)
