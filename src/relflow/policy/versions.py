"""Versions of one policy in folders side by side: which was in force on a day, and a version that means two things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from os import PathLike, fspath
from pathlib import Path

from relflow.compiler import effective_of
from relflow.diagnostics import Diagnostic, Message, Severity, Source, Span
from relflow.errors import PolicyError
from relflow.model import Head
from relflow.shipped import PREFIX
from relflow.structs import dataclass

__all__ = ["Version", "in_force", "is_shelf", "reused", "twins", "versions_of"]

Place = str | PathLike[str]

WHICH_VERSION = Message.of(
    "which-version",
    Severity.ERROR,
    "this folder holds {count} versions of a policy ({known}); which one holds depends on the day",
    "该文件夹中有 {count} 个版本（{known}），适用哪一个取决于日期",
    "name the folder of one of them, or say the day: `--as-of 2026-07-01`, in Python `as_of=`",
    "指定其中一个版本的文件夹，或写明日期：`--as-of 2026-07-01`，在 Python 中用 `as_of=`",
)
NOT_IN_FORCE = Message.of(
    "not-in-force",
    Severity.ERROR,
    "no version of `{policy}` was in force on {day} ({known})",
    "{day} 没有生效的 `{policy}` 版本（{known}）",
    "keep the version of that day in a folder beside the others, with its `effective:`",
    "把当时的版本放在并列的文件夹中，并写明 `effective:`",
)
VERSION_REUSED = Message.of(
    "version-reused",
    Severity.ERROR,
    "version {version} of `{policy}` says something else at {place}",
    "`{policy}` 的版本 {version} 在 {place} 的内容不同",
    "give what was changed a version of its own",
    "给改动后的内容一个新的版本号",
)
TWIN = Message.of(
    "version-reused",
    Severity.HINT,
    "version {version} of `{policy}` says something else at {place}",
    "`{policy}` 的版本 {version} 在 {place} 的内容不同",
    "give what was changed a version of its own before it is put in force",
    "启用之前，请给改动后的内容一个新的版本号",
)


@dataclass(frozen=True, slots=True)
class Version:
    """One version: where it is, what it is called, from which day until which it holds (None: without end)."""

    path: Path
    policy: str
    version: str
    since: date | None
    until: date | None
    digest: str
    span: Span

    @property
    def dated(self) -> bool:
        """Whether it says when it is in force."""
        return self.since is not None or self.until is not None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day; both ends count."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def __str__(self) -> str:
        ends = [day.isoformat() if day is not None else "" for day in (self.since, self.until)]
        return f"{self.version} ({' … '.join(ends).strip()})" if any(ends) else self.version


def versions_of(path: Place, roots: Iterable[Place] = ()) -> tuple[Version, ...]:
    """The policy at a path, or those in the folders of a folder that is none itself; none where it cannot be read.

    The order is that of the days from which they hold.
    """
    found = [version for place in _places(path) for version in _read(place, roots)]
    return tuple(sorted(found, key=lambda one: (one.since or date.min, str(one.path))))


def in_force(path: Place, day: date | None, roots: Sequence[Place] = ()) -> Place:
    """The path of the version that holds on a day; of several the one that began last.

    Without a day the path itself, unless it holds several versions. Raises PolicyError where none holds, where it
    takes a day to tell, and where one version means two things.
    """
    if day is None and not is_shelf(path):
        return path
    known = versions_of(path, roots)
    if not known or (day is None and len(known) == 1):
        return path
    whole = Span.whole(Source(fspath(path), ""))
    listed = tuple(str(one) for one in known)
    if day is None:
        raise PolicyError([WHICH_VERSION.at(whole, count=str(len(known)), known=listed)])
    twice = tuple(reused(known))
    if twice:
        raise PolicyError(list(twice))
    holding = [one for one in known if one.holds_on(day)]
    if not holding:
        raise PolicyError([NOT_IN_FORCE.at(known[-1].span, policy=known[-1].policy, day=str(day), known=listed)])
    return holding[-1].path


def reused(known: Sequence[Version]) -> Iterator[Diagnostic]:
    """Each version that was written before with other content under the same number."""
    first: dict[tuple[str, str], Version] = {}
    for one in known:
        before = first.setdefault((one.policy, one.version), one)
        if before.digest != one.digest:
            yield VERSION_REUSED.at(one.span, policy=one.policy, version=one.version, place=str(before.span))


def twins(path: Place, roots: Iterable[Place] = ()) -> Iterator[Diagnostic]:
    """Folders beside a policy's that hold the same version of it, said to be in force from or until a day, but differ.

    A draft beside what is in force looks like this too, so it is a hint here; loading by a day refuses it.
    """
    place = Path(path)
    folder = place if place.is_dir() else place.parent
    if fspath(path).startswith(PREFIX) or not (folder / "policy.yaml").is_file():
        return
    named = _first_line(folder / "policy.yaml")
    others = [
        other
        for other in sorted(folder.resolve().parent.glob("*/policy.yaml"))
        if other.parent != folder.resolve() and named and _first_line(other) == named
    ]
    for own in _read(folder / "policy.yaml", roots) if others else ():
        for other in (version for file in others for version in _read(file, roots)):
            if own.dated and other.dated and own.version == other.version and own.digest != other.digest:
                yield TWIN.at(own.span, policy=own.policy, version=own.version, place=str(other.span))


def _first_line(file: Path) -> str:
    """The line that names a policy, read without the rest."""
    text = file.read_bytes()[:65_536].decode("utf-8-sig", errors="replace")
    return next((line.split(" #")[0].strip() for line in text.splitlines() if line.startswith("policy:")), "")


def is_shelf(path: Place) -> bool:
    """Whether a path is a folder of versions: no policy itself, but holding folders with one."""
    place = Path(path)
    return (
        not fspath(path).startswith(PREFIX)
        and place.is_dir()
        and not (place / "policy.yaml").is_file()
        and any(place.glob("*/policy.yaml"))
    )


def _places(path: Place) -> list[Place]:
    return [*sorted(Path(path).glob("*/policy.yaml"))] if is_shelf(path) else [path]


def _read(place: Place, roots: Iterable[Place]) -> Iterator[Version]:
    from relflow.reader import read_policy  # noqa: PLC0415 - YAML is loaded where it is used

    model, _ = read_policy(place, None, roots)
    head = model.head if model is not None else None
    if model is None or head is None:
        return
    since, until = effective_of(head, [])
    yield Version(Path(place), head.name, _number(head), since, until, model.digest, head.id.span)


def _number(head: Head) -> str:
    return head.version.text if head.version is not None else ""
