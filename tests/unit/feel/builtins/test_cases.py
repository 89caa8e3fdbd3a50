"""The cases of `tests/cases/builtins`: what each function gives, and why it gives null."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relflow import feel
from relflow.values import identical, literal

FOLDER = Path(__file__).parents[3] / "cases" / "builtins"
NOW = datetime(2026, 11, 21, 20, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def cases() -> list[object]:
    """Every line of every file that holds a case."""
    found: list[object] = []
    for file in sorted(FOLDER.glob("*.feel")):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if line and not line.startswith("//"):
                expression, _, result = line.rpartition(" => ")
                found.append(pytest.param(expression, result, id=f"{file.stem}:{number}"))
    return found


@pytest.mark.parametrize(("expression", "result"), cases())
def test_case(expression: str, result: str) -> None:
    """The expression has exactly the value of its result; a null has the reason that the case names."""
    expected, _, reason = result.partition(" !")

    recording = feel.explain(expression, now=NOW)

    wanted = feel.evaluate(expected, now=NOW)
    assert identical(recording.value, wanted), literal(recording.value)
    assert identical(feel.evaluate(expression, now=NOW), wanted)
    if expected == "null":
        assert [found.reason.message.name for found in recording.reasons][-1:] == [reason]
