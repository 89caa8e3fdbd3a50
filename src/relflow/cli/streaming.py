"""Accounts of a file one after the other, however many: only what is read is converted, nothing is kept."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from relflow.cli.records import check_heading, read_records, row_too_long, text_of_line
from relflow.cli.session import Problem, current, say
from relflow.cli.typed import typed
from relflow.errors import FactError

if TYPE_CHECKING:
    from relflow.feel import Type
    from relflow.policy import Policy

__all__ = ["Accounts"]

_DIGITS = 18
_MOST = 10_000  # texts of a column whose values are kept
Read = Callable[[str], Any]


class Accounts:
    """The accounts of a CSV, JSON or JSON-lines file as `(id, record)`; iterate once.

    A record holds the facts of `names` only. A value that is not of its type is left out and counted in `problems`,
    by what is wrong; so is an account without one that the file lacks. `share` says how much of the file was read.
    """

    def __init__(self, file: str, policy: Policy, names: Iterable[str]) -> None:
        self.file = file
        self.problems: Counter[str] = Counter()
        facts = policy.program.facts
        self._types: dict[str, Type] = {name: facts[name].type for name in names if name in facts}
        self._zone = policy.program.zone
        self._size = 0
        self._lines: BinaryIO | None = None

    @property
    def share(self) -> float | None:
        """From 0 to 1, None where that is not known."""
        return self._lines.tell() / self._size if self._lines is not None and self._size else None

    def __iter__(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        if self.file != "-" and Path(self.file).suffix.lower() == ".csv":
            self._size = Path(self.file).stat().st_size
            with Path(self.file).open("rb", buffering=1 << 20) as lines:
                self._lines = lines
                yield from self._csv(lines)
        elif self.file == "-" and not _holds_json():
            yield from self._csv(sys.stdin.buffer)
        else:
            records, _ = read_records(self.file)
            for number, record in enumerate(records, 1):
                yield str(record.get("id", number)), self._record(record)

    def _record(self, record: Mapping[str, object]) -> Mapping[str, Any]:
        """A record of JSON, value by value."""
        found = {}
        for name, type_ in self._types.items():
            if record.get(name) is not None:
                try:
                    found.update(typed({name: type_}, {name: record[name]}, self._zone))
                except FactError as error:
                    self.problems[error.text(current().lang)] += 1
        return found

    def _csv(self, lines: BinaryIO) -> Iterator[tuple[str, Mapping[str, Any]]]:
        rows = csv.reader((text_of_line(line, self.file, number) for number, line in enumerate(lines)), strict=True)
        try:
            heading = [column.strip() for column in next(rows, [])]
            check_heading(heading, self.file)
            ids = heading.index("id") if "id" in heading else None
            wanted = [(at, name, self._reader(name)) for at, name in enumerate(heading) if name in self._types]
            for number, row in enumerate(rows, 1):
                if len(row) > len(heading):
                    raise Problem(row_too_long(self.file, rows.line_num, len(heading), len(row)))
                record = {}
                for at, name, read in wanted:
                    text = row[at] if at < len(row) else ""
                    if text:
                        value = read(text)
                        if value is not None:
                            record[name] = value
                if row:
                    yield (row[ids] if ids is not None and ids < len(row) else str(number)), record
        except csv.Error:
            raise Problem(
                say(
                    "{file}:{line}: this is not CSV (a quote that is not closed?)",
                    "{file}:{line}：这里不是 CSV（引号没有闭合？）",
                    file=self.file,
                    line=rows.line_num,
                )
            ) from None

    def _reader(self, name: str) -> Read:
        """A function from a cell to its value, None for an empty or a bad one; what it read before it knows."""
        type_ = self._types[name]
        known: dict[str, Any] = {}
        quick = _QUICK.get(str(type_))
        least, most = getattr(type_, "minimum", None), getattr(type_, "maximum", None)

        def slow(text: str) -> Any:
            if not text.strip():
                return None
            try:
                return typed({name: type_}, {name: text.strip()}, self._zone)[name]
            except FactError as error:
                problem = error.text(current().lang)
                self.problems[problem] += 1
                return None

        def read(text: str) -> Any:
            found = known.get(text)
            if found is None:
                found = quick(text) if quick is not None else None
                if found is None or (least is not None and found < least) or (most is not None and found > most):
                    found = slow(text)
                if found is not None:
                    if len(known) >= _MOST:
                        known.clear()
                    known[text] = found
            return found

        return read


def _holds_json() -> bool:
    """Whether standard input begins like JSON; nothing of it is taken."""
    peek = getattr(sys.stdin.buffer, "peek", None)
    return peek is not None and peek(1)[:1] in (b"{", b"[")


def _number(text: str) -> int | Decimal | None:
    """A plain number; one of another form, or whole behind its point, is left to the slower way."""
    if not text.isascii() or len(text) > _DIGITS:
        return None
    if text.isdecimal():
        return int(text)
    whole, point, rest = text.partition(".")
    return Decimal(text) if point and whole.isdecimal() and rest.isdecimal() and rest.strip("0") else None


def _day(text: str) -> date | None:
    if len(text) != len("2026-07-01") or not text.isascii():
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_QUICK: Mapping[str, Read] = {"number": _number, "date": _day}
