"""From a path to a policy: read, compile, check, and refuse with every finding at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from os import PathLike

from relflow.checks import check_program
from relflow.compiler import compile_model
from relflow.diagnostics import Diagnostic, Severity, sort_key
from relflow.errors import PolicyError
from relflow.model import Model
from relflow.policy.builtin import with_builtin
from relflow.policy.cascades import without_cascades
from relflow.policy.facade import Policy
from relflow.policy.offers import offered_calendars, offered_checks, offered_functions
from relflow.policy.silencing import silenced
from relflow.policy.versions import in_force

__all__ = ["build", "load"]

Path = str | PathLike[str]


def load(
    path: Path,
    overlay: Path | None = None,
    plugins: Sequence[object] = (),
    roots: Sequence[Path] = (),
    as_of: date | None = None,
) -> Policy:
    """The policy at a path: a folder with `policy.yaml`, that file, or `shipped:` and a name.

    `overlay` is the company's own file, `plugins` offer functions, calendars and checks, `roots` are folders from
    which the policy may include beside its own. With `as_of`, the version that was in force on that day: the path is
    then a folder whose folders hold the versions, each with its `effective:` days (or a single policy, which has to
    hold on that day). Raises PolicyError with every finding if any of them is an error.
    """
    from relflow.reader import read_policy  # noqa: PLC0415 - YAML is loaded where it is used

    path = in_force(path, as_of, roots)
    model, diagnostics = read_policy(path, overlay, roots)
    return build(model, tuple(diagnostics), plugins)


def build(model: Model | None, diagnostics: Iterable[Diagnostic] = (), plugins: Sequence[object] = ()) -> Policy:
    """The policy that a model means; `diagnostics` are the findings of reading it.

    Raises PolicyError with every finding if any of them is an error.
    """
    found = list(diagnostics)
    if model is None:
        raise PolicyError(without_cascades(found))
    model = replace(with_builtin(model), calendars=offered_calendars(plugins))
    program, more = compile_model(model, offered_functions(plugins))
    found += more
    found += check_program(program, sound=all(one.severity is not Severity.ERROR for one in found))
    for check in offered_checks(plugins):
        found += check(program)
    found = without_cascades(sorted(dict.fromkeys(silenced(found, model.sources)), key=sort_key))
    if any(finding.severity is Severity.ERROR for finding in found):
        raise PolicyError(found)
    return Policy(program, model, tuple(found), tuple(plugins))
