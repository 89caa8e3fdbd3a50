"""`relflow test`: coverage, generated tests and mutations on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from relflow.cli.app import run

Answer = tuple[int, str, str]


@pytest.fixture
def call(oil: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run a command in the policy's folder; exit code, standard output and standard error."""

    def call_(*words: str) -> Answer:
        code = run(words)
        return code, *capsys.readouterr()

    return call_


@pytest.fixture
def good(oil: Path) -> Path:
    """The small policy with tests that pass."""
    tests = oil / "tiers.test.yaml"
    tests.write_text(
        tests.read_text(encoding="utf-8").replace("| 4999万 | 3     || key ", "| 4999万 | 3     || regular ")
    )
    return oil


def test_coverage_names_what_no_test_reaches(call: Callable[..., Answer], good: Path) -> None:
    """The share, kind by kind, then place and sentence of everything missed."""
    code, out, _ = call("test", "--coverage")
    lines = out.splitlines()

    assert code == 0
    assert lines[:2] == ["2 passed", "coverage 25.0%: 2 of 8"]
    assert [line.split() for line in lines[2:7]] == [
        ["table", "rows", "2", "of", "2"],
        ["expressions", "0", "of", "1"],
        ["plan", "rows", "0", "of", "2"],
        ["transitions", "0", "of", "2"],
        ["clock", "steps", "0", "of", "1"],
    ]
    assert "repair.yaml:9:63: workflow `repair`, `received.accept` is never reached" in lines


def test_too_little_coverage_fails(call: Callable[..., Answer], good: Path) -> None:
    """The threshold is part of the exit code, and the sentence says both figures, in Chinese too."""
    assert call("test", "--fail-under", "25")[0] == 0
    code, _, err = call("test", "--fail-under", "25.1", "--lang", "zh")

    assert (code, err) == (1, "覆盖率为 25.0%，低于要求的 25.1%\n")


def test_coverage_is_data_too(call: Callable[..., Answer], good: Path) -> None:
    """JSON holds tests and coverage in one document."""
    code, out, err = call("test", "--coverage", "--format", "json")
    coverage = json.loads(out)["coverage"]

    assert (code, err) == (0, "")
    assert (coverage["percent"], coverage["reached"], coverage["of"]) == (25.0, 2, 8)
    assert coverage["kinds"]["row"] == {"reached": 2, "of": 2}
    assert len(coverage["missed"]) == 6


def test_mutation_lists_what_no_test_notices(call: Callable[..., Answer], good: Path) -> None:
    """The share, then place and sentence of each change that goes unnoticed; that is no failure."""
    code, out, err = call("test", "--mutate")
    lines = out.splitlines()

    assert (code, err) == (0, "")
    assert lines[0] == "9 of 19 changes noticed (47.3%)"
    assert "tiers.yaml:17:20: no test would notice `> 3` instead of `>= 3` in `by_amount`, row 1" not in lines
    assert "tiers.yaml:17:20: no test would notice `>= 2` instead of `>= 3` in `by_amount`, row 1" in lines


def test_mutation_is_bounded_and_data_too(call: Callable[..., Answer], good: Path) -> None:
    """`--most` bounds the changes; what was left is said; JSON has the figures."""
    _, out, _ = call("test", "--mutate", "--most", "5", "--lang", "zh")
    assert out.splitlines()[1] == "另有 14 处改动未尝试"
    code, out, _ = call("test", "--mutate", "--most", "5", "--format", "json")

    assert code == 0
    assert {key: json.loads(out)["mutation"][key] for key in ("changes", "tried")} == {"changes": 19, "tried": 5}


def test_generate_writes_a_test_that_holds(call: Callable[..., Answer], good: Path) -> None:
    """What is printed is a file of tests; what is said about it goes to standard error."""
    code, out, err = call("test", "--generate", "by_amount", "--lang", "zh")
    (good / "more.test.yaml").write_text(out, encoding="utf-8")

    assert code == 0
    assert err == f"共 {out.count(chr(10)) - 5} 行，已填入现有结果；请复核后存为制度旁的 *.test.yaml\n"
    assert call("test") == (0, "3 passed\n", "")


def test_generate_says_what_it_cannot_vary(call: Callable[..., Answer], good: Path) -> None:
    """A decision over lists alone has no rows; a name that does not exist gets the nearest."""
    code, out, err = call("test", "--generate", "visited")
    assert (code, out) == (2, "")
    assert "`visited` reads no fact that a table can vary" in err
    assert "did you mean `by_amount`" in call("test", "--generate", "by_amout")[2]
