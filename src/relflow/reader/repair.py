"""Text that YAML cannot read: what is wrong in the user's words, and the rest of the file all the same.

Each problem is reported once, its place is overwritten by as many characters that mean nothing, and the text is
composed again, until nothing is left to report.
"""

from __future__ import annotations

import re

from relflow.diagnostics import Span
from relflow.reader.compose import MAX_DEPTH, MAX_NODES, TooDeepError, TooManyError, YamlProblem, compose
from relflow.reader.problems import Problem, diagnose
from relflow.reader.reading import Reading
from relflow.reader.structure import MISPLACED_DEPTH, TOO_LARGE_NODES

__all__ = ["compose_all"]

_MAX_REPAIRS = 40
_MAX_CHARACTERS = 4_000_000
"""How much text is composed again in all, so that a large hostile file is refused in bounded time."""

_INDENT = re.compile(r"[ \t]*")


def compose_all(reading: Reading) -> None:
    """Compose the document; report why parts of it cannot be, and go on without them."""
    document = reading.document
    for _ in range(max(min(_MAX_REPAIRS, _MAX_CHARACTERS // (len(document.text) + 1)), 1)):
        try:
            document.root = compose(document.text)
        except TooDeepError as error:
            span = Span(document.source, error.line + 1, error.column + 1, error.line + 1, error.column + 2)
            reading.report(MISPLACED_DEPTH, span, limit=MAX_DEPTH)
        except TooManyError:
            reading.report(TOO_LARGE_NODES, Span.whole(document.source), limit=MAX_NODES)
        except YamlProblem as found:
            before = document.text
            _overwrite(reading, diagnose(found, reading))
            if document.text != before:
                continue
        return


def _overwrite(reading: Reading, problem: Problem) -> None:
    """Take the place of a problem out of the text."""
    document = reading.document
    lines = list(document.lines)
    number = problem.line
    if number >= len(lines):
        return
    line = lines[number]
    if problem.filler:
        end = len(line.rstrip()) if problem.end is None else problem.end
        lines[number] = line[: problem.start] + problem.filler * (end - problem.start) + line[end:]
    else:
        reading.document.damaged = True
        last = number if problem.last is None else problem.last
        if problem.inner:
            last = _block(lines, number)
        for index in range(number, last + 1):
            lines[index] = _blank(lines[index])
    document.rewrite("\n".join(lines))


def _blank(line: str) -> str:
    return " " * len(line.rstrip("\r")) + line[len(line.rstrip("\r")) :]


def _block(lines: list[str], number: int) -> int:
    """The last line that is indented deeper than a line, blank ones between included."""
    own = _indent(lines[number])
    last = number
    for index in range(number + 1, len(lines)):
        if lines[index].strip():
            if _indent(lines[index]) <= own:
                break
            last = index
    return last


def _indent(line: str) -> int:
    match = _INDENT.match(line)
    return match.end() if match else 0
