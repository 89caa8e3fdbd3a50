"""Decisions answer what the cases in `tests/cases/decisions` say, by straight code and by the general run alike."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from relflow.policy import Policy, build
from relflow.reader import read_text
from relflow.results import Decision, jsonable
from relflow.rules import Question

FILES = sorted(Path("tests/cases/decisions").glob("*.yaml"))


def cases() -> Iterator[Any]:
    """Every line of every case."""
    for path in FILES:
        for group in yaml.safe_load(path.read_text("utf-8")):
            for number, line in enumerate(group["cases"], 1):
                yield pytest.param(group["policy"], line, id=f"{path.stem}: {group['note']} {number}")


def loaded(text: str, policies: dict[str, Policy] = {}) -> Policy:  # noqa: B006
    """The policy of a case, compiled once."""
    if text not in policies:
        policies[text] = build(*read_text(text, name="cases.yaml"))
    return policies[text]


def check(decision: Decision, line: dict[str, Any]) -> None:
    """Compare an answer with what the line states."""
    assert decision.unknown is line.get("unknown", False)
    assert jsonable(decision.value) == jsonable(line.get("value"))
    if "row" in line:
        assert decision.rule is not None
        assert decision.rule.number == line["row"]
    if "missing" in line:
        assert list(decision.missing) == line["missing"]
    if "reasons" in line:
        assert [reason.name for reason in decision.reasons] == line["reasons"]


@pytest.mark.parametrize(("policy", "line"), list(cases()))
def test_decisions_answer_as_the_cases_say(policy: str, line: dict[str, Any]) -> None:
    """Value, unknown, row, missing names and reasons."""
    name = line.get("decide", "answer")
    arguments = (line["given"], line.get("at"), line.get("state"), line.get("known"))

    check(loaded(policy).decide(name, *arguments), line)
    check(Question(loaded(policy).program, name).decide(*arguments), line)


def test_decimals_of_a_host_answer_like_its_floats() -> None:
    """A Decimal leaves the straight code and answers the same."""
    policy = loaded(yaml.safe_load(FILES[0].read_text("utf-8"))[0]["policy"])

    assert policy.decide("answer", {"amount": Decimal("49.999"), "urgent": True}).value == "urgent"
    assert policy.decide("answer", {"amount": 50.0, "urgent": True}).value == "high"
