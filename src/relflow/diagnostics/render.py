"""Findings as lines on a screen: the place first, the source line underlined, the remedy below."""

from __future__ import annotations

from relflow.diagnostics.messages import Diagnostic, Severity
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["render", "width"]

_HELP = Text((("en", "help: {}"), ("zh", "改法：{}")))
_HEAD = Text((("en", "{place}: {severity}[{name}]: {text}"), ("zh", "{place}: {severity}[{name}]：{text}")))
_LONGEST = 160
_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.QUESTION: "36", Severity.HINT: "34"}


def width(text: str) -> int:
    """Terminal cells of `text`: a wide character counts as two, an unprintable one as none."""
    if text.isascii() and text.isprintable():
        return len(text)
    from wcwidth import wcswidth  # noqa: PLC0415 - thirty modules, for texts that are not plain ASCII

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
    """The source line and the underline beneath it; nothing where the place is an empty line.

    Of a long line only the part around the place is shown, and nothing that would steer a terminal.
    """
    span = diagnostic.span
    line = "".join(c if c.isprintable() else " " if c == "\t" else "\ufffd" for c in span.source.line(span.line))
    if not line.strip():
        return []
    start, end = span.column - 1, span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    if len(line) > _LONGEST:
        first = max(min(start - _LONGEST // 3, len(line) - _LONGEST), 0)
        last = first + _LONGEST
        head, tail = "…" if first else "", "…" if last < len(line) else ""
        line = head + line[first:last] + tail
        start, end = start - first + len(head), min(end, last) - first + len(head)
    before = width(line[:start])
    marked = max(width(line[start:end]), 1)
    return [f"{gutter} | {line}", f"{' ' * len(gutter)} | {' ' * before}{'^' * marked}"]
