"""Which files a policy may be made of, and how their names are found: a folder on disk, or texts in memory."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Protocol

from relflow import shipped
from relflow.diagnostics import Diagnostic, Fragment, Message, Severity, Source, nearest
from relflow.reader.files import check_text, load
from relflow.reader.reading import both
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["Disk", "Files", "Memory", "Outside", "start"]

OUTSIDE = Message.of(
    "include-outside",
    Severity.ERROR,
    "`{file}` lies outside of what this policy may be made of",
    "`{file}` 不在本制度可用的文件范围内",
    "files come from the policy's folder, the folders beside it, the `workflows` folder, `shipped:` names and `roots`",
    "可用文件：制度所在文件夹、其相邻文件夹、`workflows` 文件夹、`shipped:` 名称和 `roots`",
)
NO_SUCH_FILE = Message.of(
    "missing-file",
    Severity.ERROR,
    "there is no file `{file}`",
    "没有文件 `{file}`",
    "names are taken from the folder of the file that says them: {place}",
    "文件名相对于所在文件的文件夹：{place}",
)
NOT_SHIPPED = Message.of(
    "missing-file",
    Severity.ERROR,
    "nothing called `{file}` is shipped",
    "没有随附的 `{file}`",
    "shipped are {known}",
    "随附的有：{known}",
)


def _meant(text: str) -> Text | None:
    """The shipped name that was likely meant, workflows also without their folder."""
    known = {one.rpartition("/")[2]: f"{shipped.PREFIX}{one}" for one in shipped.names()}
    near = nearest(text.removeprefix(shipped.PREFIX).rpartition("/")[2], known)
    return None if near is None else both(f"did you mean `{known[near]}`?", f"是否想写 `{known[near]}`？")


class Outside(Exception):  # noqa: N818  # control flow inside this room
    """A name means a file that may not be read, or none; `.diagnostic` says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.name)
        self.diagnostic = diagnostic


class Files(Protocol):
    """Where files come from; keys tell one file from another."""

    def find(self, name: Fragment, base: str) -> str:
        """The key of the file that `name` means in the file `base`; raises Outside."""

    def beside(self, base: str) -> list[str]:
        """The keys of the YAML files in the folder of `base`, itself left out, in order of their names."""

    def load(self, key: str) -> tuple[Source | None, list[Diagnostic]]:
        """The text of a file."""


@dataclass(slots=True)
class Disk:
    """Files of a folder and of what may stand around it. `shown` is the folder as the user wrote it.

    `edited` are texts that stand for what is on the disk, under the names that findings show.
    """

    folder: Path
    shown: str
    roots: tuple[Path, ...] = ()
    edited: Mapping[str, str] = field(default_factory=dict)
    _real: Path = field(init=False)
    _inside: tuple[Path, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        self._real = self.folder.resolve()

    def find(self, name: Fragment, base: str) -> str:
        """See Files."""
        text = name.text
        if text.startswith(shipped.PREFIX):
            path = shipped.resolve(text)
            if path is None:
                known = tuple(f"`{shipped.PREFIX}{one}`" for one in shipped.names())
                raise Outside(NOT_SHIPPED.at(name.span, _meant(text), file=text, known=known))
            return str(path / "policy.yaml" if path.is_dir() else path)
        candidates = [Path(base).parent / text, *(root / text for root in self.roots)]
        inside = [path for path in candidates if self._allowed(path)]
        if not inside:
            raise Outside(OUTSIDE.at(name.span, file=text))
        found = next((path for path in inside if path.is_file()), None)
        if found is None:
            raise Outside(NO_SUCH_FILE.at(name.span, file=text, place=self._name(str(Path(base).parent)) or "."))
        return str(found)

    def _allowed(self, path: Path) -> bool:
        """Judged by where links lead, so that none leads out."""
        real = path.resolve()
        around = self._real.parent
        beside = real.is_relative_to(around) and real.parent != around
        return beside or any(real.is_relative_to(folder) for folder in self._folders())

    def _folders(self) -> tuple[Path, ...]:
        """The folders in which any file may be included, found out once."""
        if not self._inside:
            around = self._real.parent
            workflows = (around / "workflows", around.parent / "workflows", shipped.folder("workflows"))
            self._inside = (self._real, *(root.resolve() for root in (*workflows, *self.roots)))
        return self._inside

    def beside(self, base: str) -> list[str]:
        """See Files."""
        itself = Path(base).resolve()
        return [str(path) for path in sorted(self.folder.glob("*.yaml")) if path.resolve() != itself]

    def load(self, key: str) -> tuple[Source | None, list[Diagnostic]]:
        """See Files."""
        name = self._name(key)
        if name in self.edited:
            return check_text(Source(name, self.edited[name]))
        return load(Path(key), name)

    def _name(self, key: str) -> str:
        """The name that findings show: as the user reached it."""
        path = Path(key)
        if path.is_relative_to(self.folder):
            return os.path.normpath(Path(self.shown) / path.relative_to(self.folder))
        return os.path.normpath(Path(self.shown) / os.path.relpath(path, self.folder))


@dataclass(slots=True)
class Memory:
    """Texts under names, as a host or a test gives them."""

    texts: Mapping[str, str]

    def find(self, name: Fragment, base: str) -> str:
        """See Files."""
        key = posixpath.normpath(posixpath.join(posixpath.dirname(base), name.text))
        if key not in self.texts:
            raise Outside(NO_SUCH_FILE.at(name.span, file=name.text, place=posixpath.dirname(base) or "."))
        return key

    def beside(self, base: str) -> list[str]:
        """See Files."""
        folder = posixpath.dirname(base)
        same = (name for name in self.texts if posixpath.dirname(name) == folder and name.endswith(".yaml"))
        return sorted(name for name in same if name != base)

    def load(self, key: str) -> tuple[Source | None, list[Diagnostic]]:
        """See Files."""
        return check_text(Source(key, self.texts[key]))


def start(
    path: str | os.PathLike[str],
    roots: Iterable[str | os.PathLike[str]] = (),
    edited: Mapping[str, str] | None = None,
) -> tuple[Disk, str]:
    """The files around a path and the key of the file to begin with: a folder's `policy.yaml`, or the file itself."""
    text = os.fspath(path)
    shown = text
    found = shipped.resolve(text) if text.startswith(shipped.PREFIX) else None
    place = found if found is not None else Path(text)
    file = place if place.suffix in (".yaml", ".yml") and not place.is_dir() else place / "policy.yaml"
    if found is None:
        shown = str(Path(text).parent) if file == place else text
    elif file == place:
        shown = f"{shipped.PREFIX}workflows"
    return Disk(file.parent, shown or ".", tuple(Path(root) for root in roots), edited or {}), str(file)
