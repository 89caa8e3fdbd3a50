"""Text that YAML cannot read: what is wrong in the user's words, and the rest of the file all the same."""

from __future__ import annotations

from relflow.diagnostics import Message, Severity, Span
from relflow.reader.compose import MAX_DEPTH, MAX_NODES, TooDeepError, TooManyError, YamlProblem, compose
from relflow.reader.reading import Reading
from relflow.reader.structure import MISPLACED_DEPTH, TOO_LARGE_NODES

__all__ = ["compose_all"]

NO_YAML = Message.of(
    "yaml",
    Severity.ERROR,
    "this line does not fit the lines around it",
    "本行与前后各行对不上",
    "look at its indentation, its colon and its quotation marks, and at those of the line before",
    "请检查本行和上一行的缩进、冒号和引号",
)


def compose_all(reading: Reading) -> None:
    """Compose the document; report why parts of it cannot be."""
    document = reading.document
    try:
        document.root = compose(document.text)
    except TooDeepError as error:
        span = Span(document.source, error.line + 1, error.column + 1, error.line + 1, error.column + 2)
        reading.report(MISPLACED_DEPTH, span, limit=MAX_DEPTH)
    except TooManyError:
        reading.report(TOO_LARGE_NODES, Span.whole(document.source), limit=MAX_NODES)
    except YamlProblem as problem:
        line, column, _ = problem.at or (0, 0, 0)
        reading.report(NO_YAML, Span(document.source, line + 1, column + 1, line + 1, column + 2))
