"""What checking finds in expressions and cells, word for word, and what it has to leave alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from relflow import feel
from relflow.diagnostics import Diagnostic
from relflow.feel import Checked, Scope

FOLDER = Path(__file__).parents[2] / "cases" / "feel"
ORDER = feel.RecordType(
    (("amount", feel.NumberType("CNY")), ("on", feel.DATE), ("product line", feel.STRING)), name="order"
)
NAMES = {
    "amount": feel.NumberType("CNY", 0, 1_000_000_000),
    "cost": feel.NumberType("USD"),
    "years": feel.NUMBER,
    "tier": feel.StringType(levels=("strategic", "key", "regular"), scheme="tier"),
    "industry": feel.StringType(one_of=("oil", "gas", "coal")),
    "name": feel.STRING,
    "vip": feel.BOOLEAN,
    "since": feel.DATE,
    "seen": feel.DATE_TIME,
    "gap": feel.DAYS_DURATION,
    "rhythm": feel.MONTHS_DURATION,
    "orders": feel.ListType(ORDER),
    "tags": feel.ListType(feel.STRING),
    "年采购额": feel.NUMBER,
}
SCOPE = Scope.of(NAMES)


def cases(file: str) -> list[Any]:
    """The cases of a file, named by their text."""
    return [pytest.param(case, id=case["text"]) for case in yaml.safe_load((FOLDER / file).read_text("utf-8"))]


def checked(case: dict[str, Any]) -> Checked:
    """The case's text, checked where it stands."""
    if "cell_of" in case:
        return feel.check_tests(case["text"], SCOPE, {**NAMES, "best order": ORDER}[case["cell_of"]])
    return feel.check_expression(case["text"], SCOPE, feel.BOOLEAN if case.get("condition") else None)


def told(found: Diagnostic) -> dict[str, str]:
    """A finding as the case files have it."""
    whole = {
        "name": found.name,
        "underlined": found.span.text,
        "en": found.text(),
        "zh": found.text("zh"),
        "help": found.help(),
        "help_zh": found.help("zh"),
    }
    return {key: value for key, value in whole.items() if value is not None}


@pytest.mark.parametrize("case", cases("findings.yaml"))
def test_finding(case: dict[str, Any]) -> None:
    """Each finding has its name, its words in both languages, its remedy and its place."""
    assert [told(found) for found in checked(case).diagnostics] == case["findings"]


@pytest.mark.parametrize("case", cases("accepted.yaml"))
def test_no_false_alarm(case: dict[str, Any]) -> None:
    """Nothing is found in what can work."""
    result = checked(case)

    assert result.diagnostics == ()
    assert result.ok


def test_an_open_scope_refuses_nothing_but_grammar() -> None:
    """Without declarations no operation is refused, and unknown names are null."""
    for text in ('1 + "a"', "nobody > 5", "nothing(1)", "not(5)", '@"x"', "[5..1]", "x.y.z"):
        assert feel.check(text) == ()


def test_all_findings_come_in_one_pass() -> None:
    """Several mistakes in one text are all reported."""
    found = feel.check('amout > 5 and tier = "ky" and since > 5', SCOPE)

    assert [each.name for each in found] == ["unknown-name", "unknown-name", "wrong-type"]


def test_places_are_those_of_the_file() -> None:
    """A fragment that was cut out of a file reports the file's line and column."""
    whole = feel.expression.Fragment.of("a: 1\nwhen: amout > 5", "policy.yaml")

    found = feel.check_expression(whole.cut(11, 20), SCOPE).diagnostics[0]

    assert str(found.span) == "policy.yaml:2:7"
    assert found.span.text == "amout"
