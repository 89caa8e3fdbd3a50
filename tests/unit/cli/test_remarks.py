"""What programs read of `check`, `test`, `diff` and `trace`: SARIF by its own schema, JUnit by a parser, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft4Validator

from relflow.cli.app import run
from relflow.cli.remarks import Outcome, Remark, show_junit, show_remarks

Screen = pytest.CaptureFixture[str]
Call = Callable[..., tuple[int, str, str]]
SCHEMA = json.loads((Path(__file__).parents[2] / "data" / "sarif-2.1.0.json").read_text("utf-8"))
ODD = Remark("warning", "odd", "say `中文`, 50%\nand more", "策略 files/a b.yaml", 3, 2, (3, 9), "a: title, twice")


@pytest.fixture
def call(oil: Path, capsys: Screen) -> Call:
    """Run a command in the policy's folder; exit code, standard output and standard error."""

    def call_(*words: str) -> tuple[int, str, str]:
        code = run(words)
        return code, *capsys.readouterr()

    return call_


def sarif(text: str) -> list[dict[str, object]]:
    """The results of a SARIF log that its schema takes."""
    log = json.loads(text)
    assert list(Draft4Validator(SCHEMA).iter_errors(log)) == []
    results: list[dict[str, object]] = log["runs"][0]["results"]
    assert {result["ruleId"] for result in results} == {
        rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]
    }
    return results


def junit(text: str) -> list[tuple[str | None, bool]]:
    """The cases of a JUnit report whose counts are right: names, and whether they failed."""
    suite = ET.fromstring(text)
    cases = suite.findall("testcase")
    assert suite.tag == "testsuite"
    assert suite.attrib["tests"] == str(len(cases))
    assert suite.attrib["failures"] == str(len(suite.findall("testcase/failure")))
    return [(case.get("name"), case.find("failure") is not None) for case in cases]


def test_the_schema_tells_wrong_from_right() -> None:
    """The schema that the logs are held against does refuse something."""
    assert list(Draft4Validator(SCHEMA).iter_errors({"version": "2.1.0"})) != []


def test_odd_names_and_texts_survive_every_form(capsys: Screen) -> None:
    """Blanks, Chinese, percent signs, line breaks and colons neither break a form nor get lost."""
    show_remarks([ODD], "sarif")
    (result,) = sarif(capsys.readouterr().out)
    place = result["locations"][0]["physicalLocation"]  # type: ignore[index]
    assert place["artifactLocation"]["uri"] == "%E7%AD%96%E7%95%A5%20files/a%20b.yaml"
    assert place["region"] == {"startLine": 3, "startColumn": 2, "endLine": 3, "endColumn": 9}
    assert result["message"] == {"text": ODD.text}
    show_remarks([ODD], "github")
    assert capsys.readouterr().out == (
        "::warning file=策略 files/a b.yaml,line=3,col=2,title=a%3A title%2C twice::say `中文`, 50%25%0Aand more\n"
    )
    show_remarks([ODD], "junit")
    assert junit(capsys.readouterr().out) == [("odd", True)]


def test_what_xml_cannot_hold_is_replaced(capsys: Screen) -> None:
    """A control character in a test's name or text does not break the report."""
    show_junit([Outcome("a\x00b", "f", 1, problem="x\x1by\nz"), Outcome("fine", "f", 2, 0.5)])
    text = capsys.readouterr().out

    assert junit(text) == [("a\ufffdb", True), ("fine", False)]
    assert ET.fromstring(text).attrib["time"] == "0.500000"


@pytest.mark.parametrize("form", ["sarif", "junit", "github", "json"])
def test_a_sound_policy_is_exit_0_in_every_form(call: Call, form: str) -> None:
    """Questions and hints are notes; a JUnit report has a case that passed rather than none."""
    code, out, _ = call("check", "--format", form)

    assert code == 0
    if form == "sarif":
        assert {result["level"] for result in sarif(out)} == {"note"}
    if form == "junit":
        assert junit(out) == [("check", False)]


@pytest.mark.parametrize("form", ["sarif", "junit", "github", "json"])
def test_a_mistake_is_exit_1_in_every_form(call: Call, oil: Path, form: str) -> None:
    """The mistake is in the report, whoever reads it."""
    (oil / "more.yaml").write_text("decisions:\n  a: {expression: amout > 1}\n", "utf-8")
    code, out, _ = call("check", "more.yaml", "--format", form)

    assert code == 1
    assert "unknown-name" in out
    if form == "sarif":
        (result,) = sarif(out)
        assert (result["level"], result["ruleId"]) == ("error", "unknown-name")
    if form == "junit":
        assert junit(out) == [("unknown-name", True)]


def test_failed_tests_in_every_form(call: Call) -> None:
    """JUnit lists all tests, SARIF and GitHub those that failed; the exit code is 1."""
    code, out, _ = call("test", "--format", "junit")
    assert (code, junit(out)) == (1, [("is key from 50 million", False), ("is wrong on purpose", True)])
    code, out, _ = call("test", "--format", "sarif")
    (result,) = sarif(out)
    assert (code, result["ruleId"]) == (1, "failed-test")
    assert call("test", "--format", "github")[1].startswith("::error file=")


def test_what_tracing_leaves_over_in_every_form(call: Call, oil: Path) -> None:
    """Clauses that nothing carries or tests are failures at their place; those that are carried and tested are not."""
    text = (oil / "policy.yaml").read_text("utf-8")
    clauses = "clauses: {M-1: {text: one}, M-2: {text: two}}\n"
    (oil / "policy.yaml").write_text(text + clauses, "utf-8")
    tiers = (oil / "tiers.yaml").read_text("utf-8")
    (oil / "tiers.yaml").write_text(
        tiers.replace("    hit_policy: first", "    source: M-1\n    hit_policy: first"), "utf-8"
    )
    code, out, _ = call("trace", "--format", "junit")

    assert (code, junit(out)) == (1, [("M-1", False), ("M-2", True)])
    code, out, _ = call("trace", "--format", "sarif")
    assert code == 1
    assert "nothing carries clause M-2" in [result["message"]["text"] for result in sarif(out)]  # type: ignore[index]


def test_a_file_that_is_not_there_is_exit_2(call: Call) -> None:
    """Unreadable input and bad usage are 2, whatever the form."""
    assert call("check", "nowhere", "--format", "sarif")[0] == 2
    assert call("check", "--format", "xml")[0] == 2
