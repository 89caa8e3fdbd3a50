"""What a model means and everything that is to be said about it, before anybody decides with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from os import PathLike

from relflow.checks import check_program
from relflow.compiler import compile_model
from relflow.diagnostics import Diagnostic, Severity, sort_key
from relflow.model import Model
from relflow.policy.builtin import with_builtin
from relflow.policy.cascades import without_cascades
from relflow.policy.offers import offered_calendars, offered_checks, offered_functions
from relflow.policy.silencing import silenced
from relflow.program import Program
from relflow.structs import dataclass

__all__ = ["Judged", "judge", "judged_at"]

Path = str | PathLike[str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A policy that was read: its model and program, both None where it could not be read, and every finding."""

    model: Model | None
    program: Program | None
    findings: tuple[Diagnostic, ...]


def judged_at(
    path: Path, overlay: Path | None = None, plugins: Sequence[object] = (), roots: Sequence[Path] = ()
) -> Judged:
    """Read and judge the policy at a path."""
    from relflow.reader import read_policy  # noqa: PLC0415 - YAML is loaded where it is used

    model, diagnostics = read_policy(path, overlay, roots)
    return judge(model, diagnostics, plugins)


def judge(model: Model | None, diagnostics: Iterable[Diagnostic] = (), plugins: Sequence[object] = ()) -> Judged:
    """Compile and check a model; `diagnostics` are the findings of reading it."""
    found = list(diagnostics)
    if model is None:
        return Judged(None, None, tuple(without_cascades(found)))
    model = replace(with_builtin(model), calendars=offered_calendars(plugins))
    program, more = compile_model(model, offered_functions(plugins))
    found += more
    found += check_program(program, sound=all(one.severity is not Severity.ERROR for one in found))
    for check in offered_checks(plugins):
        found += check(program)
    found = without_cascades(sorted(dict.fromkeys(silenced(found, model.sources)), key=sort_key))
    return Judged(model, program, tuple(found))
