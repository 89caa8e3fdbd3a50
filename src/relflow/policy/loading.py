"""From a path to a policy, or a refusal with every finding at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date
from os import PathLike

from relflow.diagnostics import Diagnostic, Severity
from relflow.errors import PolicyError
from relflow.model import Model
from relflow.policy.facade import Policy
from relflow.policy.judging import Judged, judge, judged_at
from relflow.policy.versions import in_force
from relflow.program import as_day

__all__ = ["build", "load"]

Path = str | PathLike[str]


def load(
    path: Path,
    overlay: Path | None = None,
    plugins: Sequence[object] = (),
    roots: Sequence[Path] = (),
    as_of: date | str | None = None,
) -> Policy:
    """The policy at a path: a folder with `policy.yaml`, that file, or `shipped:` and a name.

    `overlay` is the company's own file, `plugins` offer functions, calendars and checks, `roots` are folders from
    which the policy may include beside its own. With `as_of`, a date or its text, the version that was in force on that
    day: the path is then a folder whose folders hold the versions, each with its `effective:` days (or a single policy,
    which has to hold on that day). Raises PolicyError with every finding if any of them is an error, FactError for a
    day that is none.
    """
    return _usable(judged_at(in_force(path, as_day(as_of, UTC, "as_of"), roots), overlay, plugins, roots), plugins)


def build(model: Model | None, diagnostics: Iterable[Diagnostic] = (), plugins: Sequence[object] = ()) -> Policy:
    """The policy that a model means; `diagnostics` are the findings of reading it.

    Raises PolicyError with every finding if any of them is an error.
    """
    return _usable(judge(model, diagnostics, plugins), plugins)


def _usable(judged: Judged, plugins: Sequence[object]) -> Policy:
    found = judged.findings
    if judged.model is None or judged.program is None or any(one.severity is Severity.ERROR for one in found):
        raise PolicyError(found)
    return Policy(judged.program, judged.model, found, tuple(plugins))
