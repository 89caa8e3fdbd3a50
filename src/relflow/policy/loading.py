"""From a path to a policy: read, compile, check, and refuse with every finding at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import Parameter as Argument
from inspect import signature
from os import PathLike
from typing import Any

from relflow.checks import check_program
from relflow.compiler import compile_model
from relflow.diagnostics import Diagnostic, Severity, sort_key
from relflow.errors import PolicyError
from relflow.feel.definition import Parameter, Signature
from relflow.feel.scope import HostFunction
from relflow.feel.types import ANY
from relflow.model import Model
from relflow.policy.facade import Policy

__all__ = ["load", "policy_of"]

Path = str | PathLike[str]


def load(
    path: Path,
    overlay: Path | None = None,
    plugins: Sequence[object] = (),
    roots: Sequence[Path] = (),
) -> Policy:
    """The policy at a path: a folder with `policy.yaml`, that file, or `shipped:` and a name.

    `overlay` is the company's own file, `plugins` offer functions, calendars and checks, `roots` are folders from
    which the policy may include beside its own. Raises PolicyError with every finding if any of them is an error.
    """
    from relflow.reader import read_policy  # noqa: PLC0415 - YAML is loaded where it is used

    model, diagnostics = read_policy(path, overlay, roots)
    return policy_of(model, tuple(diagnostics), plugins)


def policy_of(model: Model | None, diagnostics: Iterable[Diagnostic] = (), plugins: Sequence[object] = ()) -> Policy:
    """The policy that a model means; `diagnostics` are the findings of reading it.

    Raises PolicyError with every finding if any of them is an error.
    """
    found = list(diagnostics)
    if model is None:
        raise PolicyError(found)
    functions, checks = _offers(plugins)
    program, more = compile_model(model, functions)
    found += more
    found += check_program(program)
    for check in checks:
        found += check(program)
    found = sorted(dict.fromkeys(found), key=sort_key)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise PolicyError(found)
    return Policy(program, model, tuple(found), tuple(plugins))


def _offers(plugins: Sequence[object]) -> tuple[list[HostFunction], list[Callable[..., Any]]]:
    """The functions and checks that plugins offer."""
    if not plugins:
        return [], []
    from relflow.hooks import Plugins  # noqa: PLC0415 - pluggy is loaded where it is used

    asked = Plugins(plugins)
    functions: list[HostFunction] = []
    for _, offered in asked.answers("relflow_functions"):
        if isinstance(offered, Mapping):
            functions += [_host_function(str(name), call) for name, call in offered.items()]
    checks: list[Callable[..., Any]] = []
    for _, more in asked.answers("relflow_checks"):
        if isinstance(more, Iterable):
            checks += more
    return functions, checks


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
