"""A policy out of its files: what is included, what is doubled, what the company's overlay fills."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import field, fields
from pathlib import Path, PurePath

from relflow.diagnostics import Diagnostic, Fragment, Message, Severity, Source, Span, sort_key
from relflow.model import Element, Head, Model, Overlay, TestFile, Workflow
from relflow.reader.canonical import digest
from relflow.reader.folders import Files, Memory, Outside, start
from relflow.reader.merge import apply_overlay
from relflow.reader.parts import File, kind_of, read_file
from relflow.reader.reading import Reading, both
from relflow.reader.vocabulary import KINDS, SECTIONS, SECTION_FILE
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["read_overlay", "read_policy", "read_tests", "read_text", "read_texts"]

Place = str | os.PathLike[str]

DUPLICATE_ID = Message.of(
    "duplicate-id",
    Severity.ERROR,
    "`{name}` stands in `{section}` a second time",
    "`{name}` 在 `{section}` 中重复出现",
    "the first is at {place}; keep one of the two, or rename one",
    "第一次出现在 {place}，请只保留一个或改名",
)
SHARED_NAME = Message.of(
    "duplicate-id",
    Severity.ERROR,
    "`{name}` stands in `{section}` and in `{other}`; expressions could mean either",
    "`{name}` 同时出现在 `{section}` 和 `{other}` 中，表达式无法区分",
    "the first is at {place}; rename one of the two",
    "第一次出现在 {place}，请给其中一个改名",
)
DUPLICATE_WORKFLOW = Message.of(
    "duplicate-id",
    Severity.ERROR,
    "there is a second workflow `{name}`",
    "流程 `{name}` 重复定义",
    "the first is at {place}; include one of the two",
    "第一次定义在 {place}，请只引用其中一个",
)
WRONG_KIND = Message.of(
    "wrong-file",
    Severity.ERROR,
    "`{file}` is {kind} and cannot be included",
    "`{file}` 是{kind}，不能被引用",
    "take it out of `include`; a policy includes sections and workflows",
    "从 `include` 中去掉；制度只引用分节和流程",
)
INCLUDED_TWICE = Message.of(
    "duplicate-include",
    Severity.ERROR,
    "`{file}` is included twice",
    "`{file}` 被引用了两次",
    "take one of the two out",
    "去掉其中一个",
)
NOT_WANTED = Message.of(
    "wrong-file",
    Severity.ERROR,
    "this is {kind}, not {wanted}",
    "这是{kind}，不是{wanted}",
    "name {wanted}",
    "指定{wanted}",
)
NO_POLICY = Message.of(
    "missing-file",
    Severity.ERROR,
    "there is no `policy.yaml` in this folder",
    "此文件夹中没有 `policy.yaml`",
    "name the folder that holds it, or one policy or workflow file",
    "指定含有它的文件夹，或某个制度、流程文件",
)
SECOND_POLICY = Message.of(
    "second-policy",
    Severity.HINT,
    "`{file}` is a policy of its own beside `policy.yaml`; nothing of it counts here",
    "`{file}` 与 `policy.yaml` 并列，是另一份制度，其内容在此不生效",
    "move it to a folder of its own, or take its `policy:` line out if it is a part of this one",
    "移到单独的文件夹；若属于本制度，请删去其中的 `policy:` 一行",
)
KIND_WORDS = {name: part.kind for name, part in KINDS.items()} | {"sections": SECTION_FILE.kind}
WHOLE_POLICY = both(
    "name the policy's folder, its `policy.yaml`, or a workflow file",
    "指定制度所在的文件夹、其 `policy.yaml`，或某个流程文件",
)
_POLICY_OR_WORKFLOW = both("a policy or a workflow", "制度或流程")

_NAMES = ("parameters", "facts", "decisions", "tiers", "risks", "indicators")
# expressions may use any of them, so they share one space of names


@dataclass(slots=True)
class _Collected:
    """The files of a policy while they are put together."""

    files: Files
    found: list[Diagnostic] = field(default_factory=list)
    read: list[File] = field(default_factory=list)
    canonical: list[str] = field(default_factory=list)

    def open(self, key: str) -> File | None:
        """Read one file with the CSV files that its tables name."""
        source, found = self.files.load(key)
        self.found += found
        if source is None:
            return None
        tables: list[str] = []

        def csv(name: Fragment, reading: Reading) -> Source | None:
            try:
                text, problems = self.files.load(self.files.find(name, key))
            except Outside as outside:
                text, problems = None, [outside.diagnostic]
            reading.found += problems
            tables.append(text.text if text is not None else "")
            return text

        file = read_file(source, csv)
        self.found += file.found
        self.read.append(file)
        self.canonical += [file.canonical, *tables]
        return file

    def include(self, file: File, key: str) -> list[File]:
        """The files that a policy names, or all sections and workflows of its folder if it names none."""
        if "include" not in file.keys:
            return self._beside(key) if PurePath(key).name == "policy.yaml" else []
        names = file.values.get("include", ())
        opened: dict[str, File | None] = {key: None}
        for name in names if isinstance(names, tuple) else ():
            try:
                place = self.files.find(name, key)
            except Outside as outside:
                self.found.append(outside.diagnostic)
                continue
            if place in opened:
                self.found.append(INCLUDED_TWICE.at(name.span, file=name.text))
                continue
            opened[place] = included = self.open(place)
            if included is not None and included.kind not in ("sections", "workflow"):
                kind = KIND_WORDS[included.kind]
                self.found.append(WRONG_KIND.at(name.span, file=name.text, kind=kind))
                opened[place] = None
        return [included for included in opened.values() if included is not None]

    def _beside(self, key: str) -> list[File]:
        included = []
        for name in self.files.beside(key):
            source, _ = self.files.load(name)
            kind = kind_of(source.text) if source else ""
            if source and kind == "policy":
                self.found.append(SECOND_POLICY.at(Span.whole(source), file=PurePath(name).name))
            if name.endswith(".test.yaml") or kind in ("policy", "tests", "overlay"):
                continue
            included.append(self.open(name))
        return [file for file in included if file is not None]


def read_policy(
    path: Place,
    overlay: Place | None = None,
    roots: Iterable[Place] = (),
    edited: Mapping[str, str] | None = None,
) -> tuple[Model | None, tuple[Diagnostic, ...]]:
    """Read a policy folder, a policy file, or a workflow file alone; `shipped:NAME` names what comes with relflow.

    `overlay` is the company's own file; `roots` are further folders whose files may be included; `edited` are texts
    that are read in place of files, under the names that findings show. Every mistake of every file is a finding; the
    model holds what could be read, and is None if nothing could.
    """
    files, key = start(path, roots, edited)
    if not Path(key).exists() and Path(path).is_dir():
        return None, (NO_POLICY.at(Span.whole(Source(os.fspath(path), ""))),)
    company = None
    found: tuple[Diagnostic, ...] = ()
    if overlay is not None:
        company, found = read_overlay(overlay, edited)
    model, problems = _assemble(files, key, company)
    return model, _sorted((*problems, *found))


def read_text(text: str, name: str = "policy.yaml") -> tuple[Model | None, tuple[Diagnostic, ...]]:
    """Read one policy or workflow that is a text in memory; `name` is what findings call it."""
    return read_texts({name: text}, name)


def read_texts(
    texts: Mapping[str, str], name: str = "policy.yaml", overlay: str | None = None
) -> tuple[Model | None, tuple[Diagnostic, ...]]:
    """Read a policy whose files are texts in memory, under their names; `overlay` is one of the names."""
    files = Memory(texts)
    company = None
    found: tuple[Diagnostic, ...] = ()
    if overlay is not None:
        company, found = _overlay(files, overlay)
    rest = Memory({key: text for key, text in texts.items() if key != overlay})
    model, problems = _assemble(rest, name, company)
    return model, _sorted((*problems, *found))


def read_overlay(path: Place, edited: Mapping[str, str] | None = None) -> tuple[Overlay | None, tuple[Diagnostic, ...]]:
    """Read a company's overlay, not yet applied to a policy; `edited` as for `read_policy`."""
    files, key = start(path, edited=edited)
    return _overlay(files, key)


def read_tests(path: Place) -> tuple[TestFile | None, tuple[Diagnostic, ...]]:
    """Read a file of tests."""
    files, key = start(path)
    collected = _Collected(files)
    file = collected.open(key)
    if file is None or not _wanted(file, ("tests",), KIND_WORDS["tests"], collected):
        return None, _sorted(collected.found)
    values = {name: value for name, value in file.values.items() if name in ("tests", "set", "overlay")}
    made = TestFile(source=file.source, span=file.place, **values)  # type: ignore[arg-type]
    return made, _sorted(collected.found)


def _overlay(files: Files, key: str) -> tuple[Overlay | None, tuple[Diagnostic, ...]]:
    collected = _Collected(files)
    file = collected.open(key)
    if file is None or not _wanted(file, ("overlay",), KIND_WORDS["overlay"], collected):
        return None, _sorted(collected.found)
    values = {name: value for name, value in file.values.items() if name in _OVERLAY_FIELDS}
    name = file.values.get("overlay")
    if not isinstance(name, Fragment):
        return None, _sorted(collected.found)
    canonical = digest(collected.canonical)
    made = Overlay(id=name, span=file.place, canonical=canonical, **values)  # type: ignore[arg-type]
    return made, _sorted(collected.found)


_OVERLAY_FIELDS = frozenset(part.name for part in fields(Overlay)) & {"set", "calendar", *SECTIONS}


def _wanted(file: File, kinds: tuple[str, ...], wanted: Text, collected: _Collected) -> bool:
    """Whether the file is of a kind that is wanted here; a file whose mistakes hide its kind is not judged."""
    if file.kind in kinds:
        return True
    if file.keys:
        kind = KIND_WORDS.get(file.kind, SECTION_FILE.kind)
        hint = WHOLE_POLICY if "policy" in kinds else None
        collected.found.append(NOT_WANTED.at(file.place, hint, kind=kind, wanted=wanted))
    return False


def _assemble(files: Files, key: str, overlay: Overlay | None) -> tuple[Model | None, list[Diagnostic]]:
    collected = _Collected(files)
    try:
        file = collected.open(key)
    except KeyError:
        return None, [NO_POLICY.at(Span.whole(Source(key, "")))]
    if file is None or not _wanted(file, ("policy", "workflow"), _POLICY_OR_WORKFLOW, collected):
        return None, collected.found
    included = collected.include(file, key) if file.kind == "policy" else []
    all_files = [file, *included]
    workflows = _workflows([one for one in all_files if one.kind == "workflow"], collected.found)
    sections = _sections([one for one in all_files if one.kind != "workflow"], collected.found)
    model = Model(
        head=_head(file) if file.kind == "policy" else None,
        workflows=workflows,
        sources=tuple(one.source for one in collected.read),
        digest=digest(collected.canonical),
        **sections,  # type: ignore[arg-type]
    )
    if overlay is not None:
        model, problems = apply_overlay(model, overlay)
        collected.found += problems
    return model, collected.found


def _head(file: File) -> Head | None:
    wanted = {one.name for one in fields(Head)} - {"id", "span"}
    values = {name: value for name, value in file.values.items() if name in wanted}
    name = file.values.get("policy")
    if not isinstance(name, Fragment):
        name = Fragment("", file.place)
    return Head(id=name, span=file.place, **values)  # type: ignore[arg-type]


def _workflows(found: list[File], problems: list[Diagnostic]) -> tuple[Workflow, ...]:
    made: dict[str, Workflow] = {}
    for file in found:
        values = dict(file.values)
        name, version = values.pop("workflow", None), values.pop("version", None)
        if not isinstance(name, Fragment):
            continue
        if name.text in made:
            place = _place(made[name.text].id)
            problems.append(DUPLICATE_WORKFLOW.at(name.span, name=name.text, place=place))
            continue
        made[name.text] = Workflow(
            id=name,
            version=version if isinstance(version, Fragment) else Fragment("", file.place),
            span=file.place,
            canonical=file.canonical,
            digest=digest([file.canonical]),
            **values,  # type: ignore[arg-type]
        )
    return tuple(made.values())


def _sections(found: list[File], problems: list[Diagnostic]) -> dict[str, tuple[Element, ...]]:
    """The elements of all files by section, each id once."""
    sections: dict[str, tuple[Element, ...]] = {}
    for section in SECTIONS:
        kept: dict[str, Element] = {}
        for file in found:
            elements = file.values.get(section, ())
            for element in elements if isinstance(elements, tuple) else ():
                first = kept.setdefault(element.name, element)
                if first is not element:
                    place = _place(first.id)
                    problems.append(DUPLICATE_ID.at(element.id.span, name=element.name, section=section, place=place))
        sections[section] = tuple(kept.values())
    _shared(sections, problems)
    return sections


def _shared(sections: Mapping[str, tuple[Element, ...]], problems: list[Diagnostic]) -> None:
    names: dict[str, tuple[str, Element]] = {}
    for section in _NAMES:
        for element in sections[section]:
            other, first = names.setdefault(element.name, (section, element))
            if other != section:
                problems.append(
                    SHARED_NAME.at(
                        element.id.span, name=element.name, section=section, other=other, place=_place(first.id)
                    )
                )


def _place(id: Fragment) -> str:
    return f"{id.span.source.name}:{id.span.line}"


def _sorted(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(found, key=sort_key))
