"""Findings as text, JSON, GitHub annotations or SARIF."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence

import relflow
from relflow.cli.screen import colours, data, note, print_json
from relflow.cli.session import current
from relflow.diagnostics import Diagnostic, Severity, render, sort_key
from relflow.text import Text, join

__all__ = ["FORMATS", "annotation", "count_text", "is_bad", "show_findings"]

FORMATS = ("text", "json", "github", "sarif")
_BAD = {Severity.ERROR, Severity.WARNING}
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.QUESTION: "note", Severity.HINT: "note"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.QUESTION: "notice", Severity.HINT: "notice"}
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
    ordered = sorted(findings, key=sort_key)
    if form == "json":
        lang = current().lang
        print_json({"schema_version": 1, "findings": [found.to_dict(lang) for found in ordered]})
    elif form == "github":
        for found in ordered:
            data(_annotation(found))
    elif form == "sarif":
        print_json(_sarif(ordered))
    else:
        for found in ordered:
            note(render(found, current().lang, colour=colours(sys.stderr)))


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


def annotation(level: str, file: str, line: int, column: int, title: str, text: str) -> str:
    """A workflow command of GitHub Actions, which shows it at the line of a pull request."""
    place = {"file": file, "line": line, "col": column, "title": title}
    shown = ",".join(f"{name}={_escape(str(value), property_=True)}" for name, value in place.items())
    return f"::{level} {shown}::{_escape(text)}"


def _annotation(found: Diagnostic) -> str:
    span = found.span
    remedy = found.help(current().lang)
    text = found.text(current().lang) + (f"\n{remedy}" if remedy else "")
    return annotation(_GITHUB[found.severity], span.source.name, span.line, span.column, found.name, text)


def _escape(text: str, *, property_: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text


def _sarif(findings: Sequence[Diagnostic]) -> dict[str, object]:
    """The findings as a SARIF 2.1.0 log."""
    rules = [{"id": name} for name in sorted({found.name for found in findings})]
    driver = {
        "name": "relflow",
        "version": relflow.__version__,
        "rules": rules,
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": [_result(f) for f in findings]}
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _result(found: Diagnostic) -> dict[str, object]:
    span = found.span
    remedy = found.help(current().lang)
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    place = {"artifactLocation": {"uri": span.source.name.replace("\\", "/")}, "region": region}
    return {
        "ruleId": found.name,
        "level": _LEVELS[found.severity],
        "message": {"text": found.text(current().lang) + (f"\n{remedy}" if remedy else "")},
        "locations": [{"physicalLocation": place}],
    }
