"""Findings as text, JSON, and in the forms that other programs read."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from relflow.cli.remarks import FORMS, Remark, show_remarks
from relflow.cli.screen import colours, note, print_json
from relflow.cli.session import current
from relflow.diagnostics import Diagnostic, Severity, render, sort_key
from relflow.text import Text, join

__all__ = ["FORMATS", "count_text", "is_bad", "show_findings"]

FORMATS = ("text", "json", *FORMS)
_BAD = {Severity.ERROR, Severity.WARNING}
_LEVELS: dict[Severity, Literal["error", "warning", "note"]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.QUESTION: "note",
    Severity.HINT: "note",
}
_COUNTS = {
    Severity.ERROR: (Text.of({"en": "1 error", "zh": "1 个错误"}), Text.of({"en": "{} errors", "zh": "{} 个错误"})),
    Severity.WARNING: (
        Text.of({"en": "1 warning", "zh": "1 个警告"}),
        Text.of({"en": "{} warnings", "zh": "{} 个警告"}),
    ),
    Severity.QUESTION: (
        Text.of({"en": "1 open question", "zh": "1 项待定"}),
        Text.of({"en": "{} open questions", "zh": "{} 项待定"}),
    ),
    Severity.HINT: (Text.of({"en": "1 hint", "zh": "1 条提示"}), Text.of({"en": "{} hints", "zh": "{} 条提示"})),
}


def is_bad(findings: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error or a warning."""
    return any(found.severity in _BAD for found in findings)


def show_findings(findings: Iterable[Diagnostic], form: str = "text") -> None:
    """Print findings: text on standard error, the forms for programs on standard output."""
    ordered = sorted(sorted(findings, key=sort_key), key=_last_questions)
    if form == "json":
        lang = current().lang
        print_json({"schema_version": 1, "findings": [found.to_dict(lang) for found in ordered]})
    elif form in FORMS:
        show_remarks(map(_remark, ordered), form)
    else:
        for found in ordered:
            note(render(found, current().lang, colour=colours(sys.stderr)))


def _last_questions(found: Diagnostic) -> tuple[bool, str]:
    """Open questions stand behind everything else, those of one clause together."""
    asked = found.severity is Severity.QUESTION
    clause = dict(found.fields).get("clause", "") if asked else ""
    return asked, str(clause)


def count_text(findings: Iterable[Diagnostic]) -> str:
    """How many there are of each severity, in words; empty where there is none."""
    counts = Counter(found.severity for found in findings)
    lang = current().lang
    parts = [
        _COUNTS[severity][counts[severity] > 1].text(lang).format(counts[severity])
        for severity in Severity
        if counts[severity]
    ]
    return join(parts, lang)


def _remark(found: Diagnostic) -> Remark:
    """A finding for programs, its remedy on a line of its own."""
    span, remedy = found.span, found.help(current().lang)
    text = found.text(current().lang) + (f"\n{remedy}" if remedy else "")
    line, column = span.source.position(span.line, span.column)
    end = (span.end_line, span.end_column) if (line, column) == (span.line, span.column) else None
    return Remark(_LEVELS[found.severity], found.name, text, span.source.name, line, column, end)
