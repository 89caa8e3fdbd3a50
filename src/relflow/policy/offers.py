"""What plugins offer to a policy: functions for its expressions, checks of its program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import Parameter as Argument
from inspect import signature
from typing import Any

from relflow.calendars import DayList
from relflow.errors import PluginError
from relflow.feel import ANY, HostFunction, Parameter, Signature

__all__ = ["OFFERS", "offered_calendars", "offered_checks", "offered_functions"]

# what only a policy that is loaded with a plugin takes from it
OFFERS = ("relflow_functions", "relflow_calendars", "relflow_checks")


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


def offered_calendars(plugins: Sequence[object]) -> dict[str, DayList]:
    """The calendars that plugins offer under `calendar: {country: NAME}`. Raises PluginError for what is none."""
    calendars: dict[str, DayList] = {}
    for offered in _answers(plugins, "relflow_calendars"):
        for name, days in offered.items() if isinstance(offered, Mapping) else ():
            if not isinstance(days, DayList):
                kind = type(days).__name__
                raise PluginError.of(
                    "wrong-answer",
                    f"the calendar `{name}` of a plugin is a `{kind}`: it should be a `relflow.calendars.DayList`",
                    f"插件的日历 `{name}` 是 `{kind}`：应为 `relflow.calendars.DayList`",
                    hook="relflow_calendars",
                )
            calendars[str(name)] = days
    return calendars


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
