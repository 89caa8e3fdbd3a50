"""One source to what it holds: its kind, the values under its keys, its findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from relflow.diagnostics import Diagnostic, Fragment, Message, Severity, Source, Span, nearest
from relflow.reader.canonical import canonical
from relflow.reader.compose import MappingNode, ScalarNode, uncollected
from relflow.reader.document import Document
from relflow.reader.files import check_text
from relflow.reader.mappings import Part
from relflow.reader.reading import Reading
from relflow.reader.repair import compose_all
from relflow.reader.structure import inspect
from relflow.reader.traps import trapped_text
from relflow.reader.vocabulary import KINDS, SECTIONS, SECTION_FILE
from relflow.structs import dataclass

__all__ = ["File", "kind_of", "read_file"]

NOT_A_FILE = Message.of(
    "wrong-shape",
    Severity.ERROR,
    "the file holds no names with values at its top",
    "文件顶层不是“名称: 值”",
    "begin it with `policy:`, `workflow:`, `tests:`, `overlay:` or a section such as `facts:`",
    "以 `policy:`、`workflow:`、`tests:`、`overlay:` 或 `facts:` 等分节开头",
)
EMPTY_FILE = Message.of(
    "empty-file",
    Severity.ERROR,
    "the file is empty",
    "文件是空的",
    "begin it with `policy:`, `workflow:`, `tests:`, `overlay:` or a section such as `facts:`",
    "以 `policy:`、`workflow:`、`tests:`、`overlay:` 或 `facts:` 等分节开头",
)
FIRST_KEY = Message.of(
    "first-key",
    Severity.ERROR,
    "`{key}` says what kind of file this is and has to stand first",
    "`{key}` 说明文件的类型，必须放在最前面",
    "move the line to the top",
    "把这一行移到文件开头",
)


@dataclass(slots=True)
class File:
    """What a source holds. `kind` is policy, workflow, tests, overlay or sections.

    `values` are the parts of the model by key; `keys` the places of the keys of the file.
    """

    source: Source
    kind: str
    values: dict[str, object] = field(default_factory=dict)
    keys: dict[str, Fragment] = field(default_factory=dict)
    span: Span | None = None
    canonical: str = ""
    found: list[Diagnostic] = field(default_factory=list)

    @property
    def place(self) -> Span:
        """The place of the file's first key."""
        return next((key.span for key in self.keys.values()), Span.whole(self.source))


def kind_of(text: str) -> str:
    """The kind of a file by its first key, without reading it: `""` if it has none that is known."""
    told = (line for line in text.split("\n") if line.strip() and line[:1] not in "#%-")
    name = next(told, "").partition(":")[0].strip().strip("\"'")
    return name if name in KINDS else "sections" if name in SECTIONS else ""


def read_file(source: Source, csv: Callable[[Fragment, Reading], Source | None] | None = None) -> File:
    """Read one source; every mistake in it is a finding, and what could be read is there all the same."""
    checked, found = check_text(source)
    if checked is None:
        return File(source, kind_of(source.text), found=found)
    with uncollected(source.text):
        return _read(Reading(Document(source, source.text, None), csv=csv, found=found))


def _read(reading: Reading) -> File:
    source = reading.document.source
    compose_all(reading)
    root = reading.document.root
    file = File(source, kind_of(source.text), found=reading.found)
    if root is None:
        if not reading.found:
            reading.report(EMPTY_FILE, Span.whole(source))
    elif not isinstance(root, MappingNode):
        scalar = reading.fragment(root) if isinstance(root, ScalarNode) else None
        if scalar is None or not trapped_text(reading, scalar):
            reading.report(NOT_A_FILE, reading.span(root))
    elif inspect(root, reading):
        _fill(file, root, reading)
    return file


def _fill(file: File, root: MappingNode, reading: Reading) -> None:
    names = [key for key, _ in root.value if isinstance(key, ScalarNode) and not reading.document.reported(key)]
    file.keys = {key.value: reading.fragment(key) for key in reversed(names)}
    file.keys = {key.value: file.keys[key.value] for key in names}
    file.kind = _kind(file, reading)
    file.span = reading.span(root)
    file.canonical = canonical(root)
    reading.relaxed = file.kind == "overlay"
    part = KINDS.get(file.kind, SECTION_FILE)
    file.values = part.values(root, reading, _named(file, part))


def _kind(file: File, reading: Reading) -> str:
    """By the first key; a later one that says the kind is reported and believed.

    A file whose name says that it holds tests may begin with what holds for all of them.
    """
    plain = [name for name in file.keys if not name.startswith("x_")]
    if "tests" in plain and file.source.name.endswith(".test.yaml"):
        return "tests"
    if plain and plain[0] in KINDS and not (plain[0] == "overlay" and "tests" in plain):
        return plain[0]
    later = next((kind for kind in KINDS if kind in plain), None)
    if later is not None:
        reading.report(FIRST_KEY, file.keys[later].span, key=later)
        return later
    guess = nearest(plain[0], [*KINDS, *SECTIONS]) if plain else None
    return guess if guess is not None and guess in KINDS else "sections"


def _named(file: File, part: Part) -> Fragment | None:
    """Where a missing key is reported: at the key that says the kind."""
    return file.keys.get(file.kind) if part is not SECTION_FILE else None
