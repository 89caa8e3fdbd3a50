"""`relflow feel`: one expression, a cell, standard input, the prompt."""

from __future__ import annotations

import io
import sys

import pytest

from relflow.cli.app import run


def stdin(monkeypatch: pytest.MonkeyPatch, text: str, *, terminal: bool = False) -> None:
    """Make `text` the standard input."""
    stream = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    monkeypatch.setattr(stream, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(sys, "stdin", stream)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["0.1 + 0.2 = 0.3"], "true"),
        (["-1 + 3"], "2"),
        (["amount >= 5000万", "amount=4800万"], "false"),
        (['status = "gold"', "status=gold"], "true"),
        (["a + b", "--context", '{"a": 0.1, "b": 0.2}'], "0.3"),
        (['"是" + "的"'], '"是的"'),
        (["[5..10)", "--unary", "10"], "false"),
        (["> limit", "--unary", "7", "limit=5"], "true"),
        (["today()", "--at", "2026-07-01"], "2026-07-01"),
        (["[1, {a: null}]", "--format", "json"], '[1, {"a": null}]'),
    ],
)
def test_an_expression_is_answered(capsys: pytest.CaptureFixture[str], words: list[str], answer: str) -> None:
    """The value goes to standard output as FEEL writes it, or as JSON."""
    assert run(["feel", *words]) == 0
    assert capsys.readouterr() == (answer + "\n", "")


def test_null_comes_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    """Why the answer is null is said on standard error, at its place, and is no failure."""
    assert run(["feel", "1 + 1 / 0"]) == 0
    assert capsys.readouterr() == (
        "null\n",
        "<feel>:1:5: hint[null-division]: division by zero\n1 | 1 + 1 / 0\n  |     ^^^^^\n",
    )


def test_what_is_not_feel_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    """A syntax error is shown at its place, with exit 1."""
    code = run(["feel", "1 +"])
    out, err = capsys.readouterr()

    assert (code, out) == (1, "")
    assert "<feel>:1:3: error[feel-syntax]" in err


def test_standard_input_is_answered_line_by_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line of a pipe is an expression; the worst exit code counts."""
    stdin(monkeypatch, "1 + 1\n\n(\n2 * 3\n")

    assert run(["feel"]) == 1
    assert capsys.readouterr().out == "2\n6\n"


def test_the_prompt_keeps_values(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal `x: 5` keeps a value for the lines after it, and the end of input ends."""
    stdin(monkeypatch, "", terminal=True)
    lines = iter(["x: 5", "x + 1", "y"])
    monkeypatch.setattr("builtins.input", lambda _: next(lines, ""))

    assert run(["feel"]) == 0
    assert capsys.readouterr().out == "6\nnull\n"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["x", "--context", "{"], "--context is not JSON (column 2)"),
        (["x", "y"], "`y` is one word too many"),
        (["--nope"], "there is no option `--nope`"),
    ],
)
def test_bad_usage(capsys: pytest.CaptureFixture[str], words: list[str], text: str) -> None:
    """Words that fit nowhere are usage errors."""
    assert run(["feel", *words]) == 2
    assert text in capsys.readouterr().err
