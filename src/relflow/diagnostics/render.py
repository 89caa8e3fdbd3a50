"""Findings as lines on a screen: the place first, the source line underlined, the remedy below."""

from __future__ import annotations

from wcwidth import wcswidth

from relflow.diagnostics.messages import Diagnostic, Severity
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["render", "width"]

_HELP = Text((("en", "help: {}"), ("zh", "改法：{}")))
_HEAD = Text((("en", "{place}: {severity}[{name}]: {text}"), ("zh", "{place}: {severity}[{name}]：{text}")))
_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.QUESTION: "36", Severity.HINT: "34"}


def width(text: str) -> int:
    """Terminal cells of `text`: a wide character counts as two, an unprintable one as none."""
    cells = wcswidth(text)
    return cells if cells >= 0 else sum(max(wcswidth(character), 0) for character in text)


def render(diagnostic: Diagnostic, lang: str = DEFAULT_LANGUAGE, *, colour: bool = False) -> str:
    """The finding in three to four lines."""
    severity = diagnostic.severity
    shown = severity.label(lang)
    if colour:
        shown = f"\x1b[1;{_COLOURS[severity]}m{shown}\x1b[0m"
    lines = [
        _HEAD.text(lang).format(place=diagnostic.span, severity=shown, name=diagnostic.name, text=diagnostic.text(lang))
    ]
    gutter = str(diagnostic.span.line)
    lines += _snippet(diagnostic, gutter)
    remedy = diagnostic.help(lang)
    if remedy:
        lines.append(" " * (len(gutter) + 2) + _HELP.text(lang).format(remedy))
    return "\n".join(lines)


def _snippet(diagnostic: Diagnostic, gutter: str) -> list[str]:
    """The source line and the underline beneath it; nothing where the place is an empty line."""
    span = diagnostic.span
    line = span.source.line(span.line).replace("\t", " ")
    if not line.strip():
        return []
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    before = width(line[: span.column - 1])
    marked = max(width(line[span.column - 1 : end]), 1)
    return [f"{gutter} | {line}", f"{' ' * len(gutter)} | {' ' * before}{'^' * marked}"]
