"""Everything that a program is made of, part by part: its texts with their places, the names that it mentions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from relflow.calendars import Calendar
from relflow.diagnostics import Fragment, Span
from relflow.feel.types import Type
from relflow.program import Broken, Code, Column, Program, Row, Table
from relflow.text import Text

__all__ = ["mentions", "texts"]

_WORD = re.compile(r"[^\W\d]\w*")
_WORDS_FOR_PEOPLE = frozenset({"label", "labels", "because"})
# a calendar's names of holidays come with it: no policy wrote them
_WITHOUT_TEXTS = (Code, Broken, Fragment, Type, Column, Program, Calendar)


def texts(program: Program) -> Iterator[tuple[Span, Text]]:
    """Every text for people, with the place of the part that it belongs to."""
    for part in _parts(program):
        yield from _texts(part, program.span)
    for workflow in program.workflows.values():
        yield from _texts(workflow, workflow.span)


def _texts(value: Any, span: Span) -> Iterator[tuple[Span, Text]]:
    kind = _kind(value.__class__)
    if kind == "text":
        yield span, value
    elif kind == "many":
        for item in value.values() if isinstance(value, Mapping) else value:
            if _kind(item.__class__) != "nothing":
                yield from _texts(item, span)
    elif kind == "row":
        yield value.span, value.because or Text(())
    elif kind == "parts":
        own = getattr(value, "span", span)
        for name in _fields(value.__class__):
            item = getattr(value, name)
            if _kind(item.__class__) != "nothing":
                yield from _texts(item, own)


@cache
def _kind(cls: type) -> str:
    """What has to be done to find texts in a value of this class; asked once a class, for it is asked of every part."""
    named = _fields(cls)
    if issubclass(cls, Text):
        return "text"
    if issubclass(cls, (Mapping, tuple)):
        return "many"
    if issubclass(cls, Row):
        return "row"
    return "parts" if named and not issubclass(cls, _WITHOUT_TEXTS) else "nothing"


# most of what stands in fields, and nothing that could mention a name
_SILENT = frozenset({type(None), bool, int, Span, Text})


def mentions(program: Program) -> set[str]:
    """Every name that something reads, and every word of effects, messages and workflows that might be one.

    What declares a name does not mention it. A word too many here only means that one thing less is called unused.
    """
    found: set[str] = set()
    for part in _parts(program):
        found.update(_mentioned(part))
    for workflow in program.workflows.values():
        found.update((*_WORD.findall(workflow.canonical), *workflow.reads, *workflow.asked))
    for message in program.messages.values():
        found.update(word for _, text in message.text.pairs for word in _WORD.findall(text))
    return found


def _mentioned(value: Any) -> Iterator[str]:
    if value.__class__ in _SILENT:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, Code):
        yield from value.reads
    elif isinstance(value, Fragment | Broken):
        yield from _WORD.findall(value.text if isinstance(value, Fragment) else value.fragment.text)
    elif isinstance(value, Table):
        cells = (cell.tests for row in value.rows for cell in row.cells)
        codes = (*value.codes, *(tests for tests in cells if isinstance(tests, Code)))
        yield from (name for code in codes for name in code.reads)
    elif isinstance(value, tuple | frozenset | Mapping):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _mentioned(item)
    elif not isinstance(value, Type | Text | Column | Program):
        for name in _fields(value.__class__):
            if name not in _WORDS_FOR_PEOPLE and name != "id":
                yield from _mentioned(getattr(value, name))


def _parts(program: Program) -> Iterable[Any]:
    """What the sections of a policy declare, workflows left aside."""
    for part in (
        program.nodes,
        program.categories,
        program.roles,
        program.clauses,
        program.cadences,
        program.messages,
        program.obligations,
        program.kpis,
    ):
        yield from part.values()


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass in which texts or names may stand; () for any other class."""
    found = getattr(kind, "__dataclass_fields__", None)
    if found is None or kind is Span:
        return ()
    return tuple(one.name for one in fields(kind) if one.name not in ("span", "type"))
