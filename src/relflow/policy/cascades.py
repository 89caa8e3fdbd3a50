"""Findings that only follow from others: names that are not known because the lines that declare them are broken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from relflow.diagnostics import Diagnostic, Message, Severity, Source, Span, nearest

__all__ = ["without_cascades"]

LOST_TABLE = Message.of(
    "table-line",
    Severity.ERROR,
    "these lines look like a table, and nothing says what table they are",
    "这几行像是表格，但没有说明是什么表",
    "write `table: |` (in a contact plan `plan: |`) above them, and indent them below it",
    "在上面一行写 `table: |`（联系计划写 `plan: |`），表格在其下缩进",
)
# what makes a line, or all that belongs to it, unreadable
_DAMAGE: Final = frozenset(
    {
        "duplicate-key",
        "full-width-punctuation",
        "indentation",
        "missing-colon",
        "missing-space",
        "needs-quotes",
        "stray-bracket",
        "tab",
        "unclosed-bracket",
        "unclosed-quote",
        "unknown-key",
        "bad-id",
        "wrong-shape",
    }
)
_TO_THE_NEXT_SECTION: Final = frozenset({"indentation", "tab", "missing-space", "missing-colon"})
_FOLLOWS: Final = frozenset({"unknown-name", "not-expected"})
_KEY: Final = re.compile(r"[\s\u3000\u00a0]*(?:-\s+)?[\"']?([^\s:：=#\"'{}\[\],|]+)[\"']?\s*[:：=]")
_INNER: Final = re.compile(r"[{,]\s*([^\s:{}\[\],]+):")
_ASKS: Final = frozenset({"open", "unset"})
_MOST_LINES: Final = 5_000


def without_cascades(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings without those about names that stand on lines that could not be read."""
    damage = [one for one in found if one.name in _DAMAGE and one.severity is Severity.ERROR]
    lost = frozenset(chain.from_iterable(_lost(one) for one in damage)) if damage else frozenset()
    missing = [_stem(one) for one in found if one.name == "missing-file"]
    kept = [
        one
        for one in found
        if not (one.name in _FOLLOWS and _follows(one, lost, missing)) and not (one.name in _ASKS and _cut(one, damage))
    ]
    return list(_tables_once(kept))


def _follows(found: Diagnostic, lost: frozenset[str], missing: Sequence[str]) -> bool:
    """Whether a finding is about a name that was lost, or that a missing file would likely declare."""
    return any(name in lost or (missing and nearest(name, missing) is not None) for name in _subjects(found))


def _cut(question: Diagnostic, damage: Sequence[Diagnostic]) -> bool:
    """Whether what a question asks for is there, in lines that could not be read."""
    source, first = question.span.source, question.span.line
    last = _last_line(source, first)
    return any(one.span.source == source and first <= one.span.line <= last for one in damage)


def _last_line(source: Source, first: int) -> int:
    """The last line of what begins in a line, by its indentation."""
    found, *following = source.lines[first - 1 : first - 1 + _MOST_LINES]
    last = first
    for number, line in enumerate(following, first + 1):
        if line.strip() and _indent(line) <= _indent(found):
            break
        last = number
    return last


def _lost(damage: Diagnostic) -> Iterator[str]:
    """The names on the line of a finding and on those that belong to it."""
    source, first = damage.span.source, damage.span.line
    own = _indent(source.line(first))
    for number, line in enumerate(source.lines[first - 1 : first - 1 + _MOST_LINES], first):
        if number > first and line.strip():
            deep = _indent(line)
            if deep == 0 or (deep <= own and damage.name not in _TO_THE_NEXT_SECTION):
                return
        key = _KEY.match(line)
        if key is not None:
            yield key[1]
        yield from _INNER.findall(line)


def _subjects(found: Diagnostic) -> Iterator[str]:
    """The names that a finding is about."""
    return (value for name, value in found.fields if name in ("text", "name") and isinstance(value, str))


def _stem(found: Diagnostic) -> str:
    """What a file that is not there would likely declare: a workflow of its name."""
    file = next((str(value) for name, value in found.fields if name == "file"), "")
    return file.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _tables_once(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """One finding for a table that has lost its first line, in place of two for each of its rows."""
    rows: set[tuple[str, int]] = set()
    for one in found:
        place = (one.span.source.name, one.span.line)
        if one.name not in ("missing-colon", "needs-quotes") or not _is_row(one.span.source, one.span.line):
            yield one
            continue
        begins = place not in rows and (place[0], place[1] - 1) not in rows
        rows.add(place)
        if begins:
            yield LOST_TABLE.at(_row_span(one.span))


def _is_row(source: Source, number: int) -> bool:
    return source.line(number).lstrip().startswith("|")


def _row_span(span: Span) -> Span:
    line = span.source.line(span.line)
    return Span(span.source, span.line, _indent(line) + 1, span.line, len(line.rstrip()) + 1)
