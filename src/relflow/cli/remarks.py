"""What programs are told, in the forms that they read: annotations of GitHub, SARIF 2.1.0, JUnit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import relflow
from relflow.cli.screen import data, print_json
from relflow.structs import dataclass

__all__ = ["FORMS", "Outcome", "Remark", "annotation", "show_junit", "show_remarks"]

FORMS = ("github", "sarif", "junit")
Level = Literal["error", "warning", "note"]
_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], "\ufffd")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something at a place of a file; `name` is the rule that it is about, `title` what it is called in passing."""

    level: Level
    name: str
    text: str
    file: str
    line: int
    column: int = 1
    end: tuple[int, int] | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that was looked at: it is fine, or `problem` says what is wrong."""

    name: str
    file: str
    line: int
    seconds: float = 0
    problem: str = ""


def show_remarks(remarks: Iterable[Remark], form: str) -> None:
    """Print remarks as GitHub or SARIF reads them; for JUnit each that is an error or a warning is a failure."""
    found = list(remarks)
    if form == "github":
        for one in found:
            data(annotation(_GITHUB[one.level], one.file, one.line, one.column, one.title or one.name, one.text))
    elif form == "sarif":
        print_json(_sarif(found))
    else:
        show_junit(
            Outcome(one.name, one.file, one.line, problem=f"{one.file}:{one.line}:{one.column}: {one.text}")
            for one in found
            if one.level != "note"
        )


def annotation(level: str, file: str, line: int, column: int, title: str, text: str) -> str:
    """A workflow command of GitHub Actions, which shows it at the line of a pull request."""
    place = {"file": file, "line": line, "col": column, "title": title}
    shown = ",".join(f"{name}={_escape(str(value), property_=True)}" for name, value in place.items())
    return f"::{level} {shown}::{_escape(text)}"


def _escape(text: str, *, property_: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text


def _sarif(remarks: Sequence[Remark]) -> dict[str, object]:
    """The remarks as a SARIF 2.1.0 log."""
    rules = [{"id": name} for name in sorted({one.name for one in remarks})]
    driver = {"name": "relflow", "version": relflow.__version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": [_result(one) for one in remarks]}
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _result(one: Remark) -> dict[str, object]:
    region = {"startLine": max(one.line, 1), "startColumn": one.column}
    if one.end is not None:
        region |= {"endLine": one.end[0], "endColumn": one.end[1]}
    place = {"artifactLocation": {"uri": _uri(one.file)}, "region": region}
    return {
        "ruleId": one.name,
        "level": one.level,
        "message": {"text": one.text},
        "locations": [{"physicalLocation": place}],
    }


def _uri(file: str) -> str:
    """A file's name as a relative reference."""
    from urllib.parse import quote

    return quote(file.replace("\\", "/"), safe="/:~!$&'()*+,;=@")


def show_junit(outcomes: Iterable[Outcome]) -> None:
    """Print the XML that CI servers collect, with a case for each thing that was looked at."""
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    found = list(outcomes)
    failures = sum(bool(one.problem) for one in found)
    suite = Element("testsuite", name="relflow", tests=str(len(found)), failures=str(failures), errors="0", skipped="0")
    suite.set("time", f"{sum(one.seconds for one in found):.6f}")
    for one in found:
        named = {"classname": one.file, "name": one.name.translate(_NOT_XML), "file": one.file, "line": str(one.line)}
        case = SubElement(suite, "testcase", named, time=f"{one.seconds:.6f}")
        if one.problem:
            text = one.problem.translate(_NOT_XML)
            SubElement(case, "failure", message=text.split("\n", 1)[0]).text = text
    indent(suite)
    data('<?xml version="1.0" encoding="utf-8"?>\n' + tostring(suite, encoding="unicode"))
