"""Where the shipped policies, workflows and demo data are, in a wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path

__all__ = ["PREFIX", "folder", "names", "resolve"]

PREFIX = "shipped:"

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parents[2]


def folder(kind: str) -> Path:
    """The folder of one kind of shipped files: `rules`, `workflows` or `demo`.

    In a wheel it lies inside this package; in an editable install it is the checkout's own folder, so that an edit
    there holds at once. The path may not exist if the installation is broken.
    """
    inside = _PACKAGE / kind
    if inside.is_dir() or not (_CHECKOUT / "pyproject.toml").is_file():
        return inside
    return _CHECKOUT / kind


def names() -> list[str]:
    """The names that `shipped:` accepts: policy folders, and workflows as `workflows/NAME`."""
    policies = sorted(path.parent.name for path in folder("rules").glob("*/policy.yaml"))
    workflows = sorted(
        f"workflows/{path.stem}" for path in folder("workflows").glob("*.yaml") if not path.stem.endswith(".test")
    )
    return policies + workflows


def resolve(name: str) -> Path | None:
    """The folder of the shipped policy, or the file of the shipped workflow, that `name` means.

    `name` is `shipped:petrochemical`, `shipped:workflows/complaint` or the same without the prefix; None if nothing
    of that name is shipped.
    """
    wanted = name.removeprefix(PREFIX).removesuffix(".yaml").removesuffix("/")
    if wanted not in names():
        return None
    if wanted.startswith("workflows/"):
        return folder("workflows") / (wanted.removeprefix("workflows/") + ".yaml")
    return folder("rules") / wanted
