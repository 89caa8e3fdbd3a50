"""Findings in the forms that people and programs read."""

from __future__ import annotations

import json

import pytest

from relflow.cli.findings import count_text, is_bad, show_findings
from relflow.diagnostics import Diagnostic, Message, Severity, Source, Span

SOURCE = Source("tiers.yaml", "a: 1\nb, c: 2%\n")


def finding(severity: Severity, line: int = 2) -> Diagnostic:
    """A finding of this severity at the start of a line."""
    message = Message.of("some-name", severity, "wrong: `{x}`", "有误：`{x}`", "write `y`", "写成 `y`")
    return message.at(Span(SOURCE, line, 1, line, 2), x="50%")


ERROR = finding(Severity.ERROR)
HINT = finding(Severity.HINT, 1)


def test_text_goes_to_standard_error_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    """People read findings on standard error, ordered by place; standard output stays free for data."""
    show_findings([ERROR, HINT])
    out, err = capsys.readouterr()

    assert out == ""
    assert err.splitlines() == [
        "tiers.yaml:1:1: hint[some-name]: wrong: `50%`",
        "1 | a: 1",
        "  | ^",
        "   help: write `y`",
        "tiers.yaml:2:1: error[some-name]: wrong: `50%`",
        "2 | b, c: 2%",
        "  | ^",
        "   help: write `y`",
    ]


def test_json_is_an_object_with_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    """Programs get every finding as data, with exactly the promised keys."""
    show_findings([ERROR], "json")

    assert json.loads(capsys.readouterr().out) == {
        "schema_version": 1,
        "findings": [
            {
                "name": "some-name",
                "severity": "error",
                "file": "tiers.yaml",
                "line": 2,
                "column": 1,
                "message": "wrong: `50%`",
                "help": "write `y`",
            }
        ],
    }


def test_github_annotations_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    """An annotation is one line whatever its texts hold."""
    show_findings([ERROR, HINT], "github")

    assert capsys.readouterr().out.splitlines() == [
        "::notice file=tiers.yaml,line=1,col=1,title=some-name::wrong: `50%25`%0Awrite `y`",
        "::error file=tiers.yaml,line=2,col=1,title=some-name::wrong: `50%25`%0Awrite `y`",
    ]


def test_sarif_names_rule_level_and_region(capsys: pytest.CaptureFixture[str]) -> None:
    """SARIF holds each finding's name as its rule, and where it stands."""
    show_findings([ERROR, HINT], "sarif")
    log = json.loads(capsys.readouterr().out)
    results = log["runs"][0]["results"]

    assert log["version"] == "2.1.0"
    assert log["runs"][0]["tool"]["driver"]["rules"] == [{"id": "some-name"}]
    assert [(result["level"], result["ruleId"]) for result in results] == [
        ("note", "some-name"),
        ("error", "some-name"),
    ]
    assert results[1]["locations"][0]["physicalLocation"]["region"]["startLine"] == 2


@pytest.mark.parametrize(
    ("severities", "text", "bad"),
    [
        ([], "", False),
        ([Severity.ERROR], "1 error", True),
        ([Severity.HINT, Severity.WARNING, Severity.WARNING], "2 warnings, 1 hint", True),
        ([Severity.QUESTION, Severity.QUESTION, Severity.HINT], "2 open questions, 1 hint", False),
    ],
)
def test_findings_are_counted_in_words(severities: list[Severity], text: str, bad: bool) -> None:
    """The worst come first; errors and warnings make a run fail, questions and hints do not."""
    findings = [finding(severity) for severity in severities]

    assert (count_text(findings), is_bad(findings)) == (text, bad)
