"""What goes to the terminal: lines, colours, tables aligned with wide characters, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from time import perf_counter
from typing import Any, TextIO

import click

from relflow.cli.session import current, say
from relflow.diagnostics import width

__all__ = ["Table", "colours", "data", "note", "pad", "print_json", "progress"]


def data(text: str = "") -> None:
    """A line of the answer, on standard output."""
    click.echo(text, color=colours(sys.stdout))


def note(text: str) -> None:
    """A line about the work, on standard error."""
    click.echo(text, err=True, color=colours(sys.stderr))


def print_json(value: object) -> None:
    """The answer as JSON; what JSON has no form for is written as its text."""
    import json

    data(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> object:
    if hasattr(value, "to_dict"):
        return value.to_dict(lang=current().lang)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def colours(stream: TextIO) -> bool:
    """Whether a stream takes colours: a terminal does, unless NO_COLOR is set; FORCE_COLOR has the last word."""
    if os.environ.get("FORCE_COLOR"):
        return True
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


def pad(text: str, cells: int, *, right: bool = False) -> str:
    """`text` filled with spaces to so many terminal cells; a wide character takes two."""
    space = " " * max(cells - width(text), 0)
    return space + text if right else text + space


class Table:
    """Rows under a heading, columns two spaces apart; the columns named in `right` are flush right."""

    def __init__(self, *heading: str, right: Iterable[int] = ()) -> None:
        self.rows: list[Sequence[str]] = [heading] if any(heading) else []
        self.right = frozenset(right)

    def add(self, *cells: object) -> None:
        """One more row; None is an empty cell."""
        self.rows.append(["" if cell is None else str(cell) for cell in cells])

    def lines(self, indent: str = "") -> Iterator[str]:
        """The table as lines without trailing spaces."""
        columns = max((len(row) for row in self.rows), default=0)
        widths = [max(width(row[column]) for row in self.rows if column < len(row)) for column in range(columns)]
        for row in self.rows:
            cells = [pad(cell, widths[column], right=column in self.right) for column, cell in enumerate(row)]
            yield (indent + "  ".join(cells)).rstrip()

    def show(self, indent: str = "") -> None:
        """Print it as data."""
        for line in self.lines(indent):
            data(line)


def progress(
    items: Iterable[Any], en: str, zh: str, *, share: Callable[[], float | None] | None = None
) -> Iterator[Any]:
    """Pass the items on and draw a bar on standard error, at a terminal only and never in CI.

    `share` says how much is done, from 0 to 1, where the number of items is not known.
    """
    if not sys.stderr.isatty() or os.environ.get("CI") or os.environ.get("TERM") == "dumb":
        yield from items
        return
    total = len(items) if isinstance(items, Sized) else None
    label, drawn = say(en, zh), 0.0
    try:
        for done, item in enumerate(items):
            if done % 50 == 0 and (total is not None or perf_counter() > drawn + 0.1):
                drawn = perf_counter()
                part = share() if share is not None else None
                sys.stderr.write("\r" + (_bar(label, done, total) if part is None else _part(label, done, part)))
                sys.stderr.flush()
            yield item
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _part(label: str, done: int, share: float) -> str:
    filled = int(24 * min(share, 1))
    return f"{label} [{'#' * filled}{'.' * (24 - filled)}] {min(share, 1):.0%} {done:,}"


def _bar(label: str, done: int, total: int | None) -> str:
    if not total:
        return f"{label} {done:,}"
    filled = 24 * done // total
    return f"{label} [{'#' * filled}{'.' * (24 - filled)}] {done:,}/{total:,}"
