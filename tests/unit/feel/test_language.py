"""The cases of `tests/cases/feel`: what expressions and cells give, and why they give null."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from relflow import feel
from relflow.values import identical, literal

FOLDER = Path(__file__).parents[2] / "cases" / "feel"


def lines(file: Path) -> list[tuple[int, str]]:
    """The lines of a file that are no remarks."""
    numbered = enumerate(file.read_text("utf-8").splitlines(), 1)
    return [(number, line) for number, line in numbered if line and not line.startswith("//")]


def expressions() -> list[Any]:
    """Every case of an expression, with its context."""
    found: list[Any] = []
    for file in sorted(FOLDER.glob("*.feel")):
        context: dict[str, Any] = {}
        for number, line in lines(file) if file.stem != "cells" else []:
            if line.startswith("with "):
                context = feel.evaluate(line.removeprefix("with "))
                continue
            expression, _, result = line.rpartition(" => ")
            found.append(pytest.param(expression, context, result, id=f"{file.stem}:{number}"))
    return found


def cells() -> list[Any]:
    """Every case of a cell."""
    found: list[Any] = []
    for number, line in lines(FOLDER / "cells.feel"):
        tested, _, result = line.rpartition(" => ")
        cell, _, value = tested.rpartition(" | ")
        found.append(pytest.param(cell, value, result, id=f"cells:{number}"))
    return found


@pytest.mark.parametrize(("expression", "context", "result"), expressions())
def test_expression(expression: str, context: dict[str, Any], result: str) -> None:
    """The expression has exactly the value of its result, and a null has the reason that the case names."""
    wanted, _, reason = result.partition(" !")

    value = feel.evaluate(expression, context)
    recording = feel.explain(expression, context)

    expected = feel.evaluate(wanted, context)
    assert identical(value, expected), literal(value)
    assert identical(recording.value, expected), literal(recording.value)
    if wanted == "null":
        assert [found.reason.message.name for found in recording.reasons][:1] == ([reason] if reason else [])


@pytest.mark.parametrize(("cell", "value", "result"), cells())
def test_cell(cell: str, value: str, result: str) -> None:
    """The cell passes, refuses or cannot tell, as the case says."""
    assert feel.unary_test(cell, feel.evaluate(value)) is feel.evaluate(result)
