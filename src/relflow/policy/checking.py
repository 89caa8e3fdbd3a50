"""All findings about a file or folder, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fspath
from pathlib import Path

from relflow.diagnostics import Diagnostic
from relflow.errors import PolicyError
from relflow.policy.judging import judged_at
from relflow.policy.versions import in_force, is_shelf, reused, twins, versions_of
from relflow.shipped import PREFIX

__all__ = ["check"]

Place = str | PathLike[str]


def check(
    path: Place, overlay: Place | None = None, plugins: Sequence[object] = (), roots: Sequence[Place] = ()
) -> tuple[Diagnostic, ...]:
    """Every finding about a policy (its folder or file), a workflow, or a file that belongs to a policy.

    A file of sections is judged as part of the policy of its folder, and only what stands in it is shown; an overlay
    is judged on top of that policy; of a file of tests it is judged whether it can be read. Bad content is never
    raised. Raises OSError where there is no such file.
    """
    from relflow.reader import read_tests  # noqa: PLC0415 - YAML is loaded where it is used

    kind = _kind(path)
    if kind == "tests":
        return read_tests(path)[1]
    if kind == "policy":
        return _found(path, overlay, plugins, roots)
    place = Path(path)
    whole = place.with_name("policy.yaml")
    if kind == "overlay" and whole.is_file():
        return _found(place.parent, path, plugins, roots)
    if kind == "sections" and whole.is_file():
        name = fspath(path)
        found = _found(place.parent, overlay, plugins, roots)
        return tuple(one for one in found if Path(one.span.source.name) == Path(name))
    return _found(path, overlay, plugins, roots)


def _kind(path: Place) -> str:
    """What the first key of a file says it is; a folder and a shipped name are policies or workflows."""
    from relflow.reader.parts import kind_of  # noqa: PLC0415 - YAML is loaded where it is used

    if fspath(path).startswith(PREFIX) or Path(path).is_dir():
        return "policy"
    if Path(path).name == "policy.yaml":
        return "policy"
    return kind_of(Path(path).read_bytes().decode("utf-8-sig", errors="replace")) or "policy"


def _found(
    path: Place, overlay: Place | None, plugins: Sequence[object], roots: Sequence[Place]
) -> tuple[Diagnostic, ...]:
    found: dict[Diagnostic, None] = {}
    shelf = versions_of(path, roots) if is_shelf(path) else ()
    for place in [one.path for one in shelf] if len(shelf) > 1 else [path]:
        try:
            judged = judged_at(in_force(place, None, roots), overlay, plugins, roots)
        except PolicyError as error:
            found.update(dict.fromkeys(error.diagnostics))
        else:
            found.update(dict.fromkeys(judged.findings))
    found.update(dict.fromkeys(reused(shelf) if shelf else twins(path, roots)))
    return tuple(found)
