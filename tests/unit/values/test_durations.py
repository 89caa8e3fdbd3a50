"""Durations: what is read, how it is said, what is refused, and how kinds keep apart."""

from __future__ import annotations

import csv
import pickle
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from relflow.diagnostics import Fragment
from relflow.errors import FactError
from relflow.values import Duration, DurationKind, Refusal, WorkingDuration, YearsMonthsDuration, read_duration

CASES = Path(__file__).parents[2] / "cases" / "values"
KINDS = {"days": DurationKind.DAYS, "months": DurationKind.MONTHS, "working": DurationKind.WORKING}


def rows() -> list[dict[str, str]]:
    """The durations that are read."""
    with (CASES / "durations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def refused() -> Any:
    """The texts that are refused."""
    return yaml.load((CASES / "refused_durations.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["text"])
def test_durations_are_read_and_said(row: dict[str, str]) -> None:
    """A text is a duration of a kind and an amount, and says itself in English and in both Chinese scripts."""
    found = read_duration(row["text"])
    assert isinstance(found, Duration)

    amount = Duration(
        KINDS[row["kind"]],
        months=int(row["months"] or 0),
        time=timedelta(hours=float(row["hours"] or 0)),
        working_days=Decimal(row["working_days"] or 0),
    )
    assert found == amount
    assert [found.text(lang) for lang in ("en", "zh", "zh_TW")] == [row["english"], row["chinese"], row["traditional"]]


@pytest.mark.parametrize("case", refused(), ids=lambda case: case["text"][:30] or "empty")
def test_durations_are_refused_with_a_reason(case: dict[str, Any]) -> None:
    """What can be misread is refused: the finding's name, both languages, and texts that would be read."""
    found = read_duration(case["text"])
    assert isinstance(found, Refusal)

    assert found.message.name == case["name"]
    assert [found.text(), found.help(), found.text("zh"), found.help("zh")] == case["says"]
    assert list(found.suggestions) == case["suggestions"]
    assert all(isinstance(read_duration(suggestion), Duration) for suggestion in found.suggestions)


def test_a_refusal_is_a_finding_at_its_place() -> None:
    """A reader shows the refusal where the text stands; a host gets it as an error."""
    found = read_duration("3m")
    assert isinstance(found, Refusal)
    finding = found.at(Fragment.of("3m", "site.yaml").span)

    assert (finding.name, str(finding.span)) == ("ambiguous-duration", "site.yaml:1:1")
    with pytest.raises(FactError) as caught:
        Duration.of("3m")
    assert caught.value.text() == "`m` in `3m` can be read in more than one way; say which: `3 months`, `3 minutes`"
    assert caught.value.details["suggestions"] == ("3 months", "3 minutes")


def test_the_unit_is_no_part_of_the_value() -> None:
    """24 hours are 1 day, 12 months are 1 year, however they were written."""
    assert Duration.of("24 hours") == Duration.of("1 day") == Duration.of("P1D")
    assert hash(Duration.of("12 months")) == hash(Duration.of("1 year"))
    assert str(Duration.of("24 hours")) != str(Duration.of("1 day"))


@pytest.mark.parametrize(
    ("first", "second", "sign"),
    [
        ("24 hours", "1 day", 0),
        ("25 hours", "1 day", 1),
        ("1 year", "13 months", -1),
        ("1 month", "30 days", None),
        ("1 working day", "8 working hours", None),
        ("1 working day", "1 working day 1 working hour", -1),
        ("2 working days", "1 working day 1 working hour", None),
        ("1 working day", "24 hours", None),
        ("4 working hours", "240 working minutes", 0),
        ("0 days", "0 months", None),
    ],
)
def test_kinds_never_compare(first: str, second: str, sign: int | None) -> None:
    """Durations compare within a kind, working days and working hours only where one outweighs the other in both."""
    assert Duration.of(first).compare(Duration.of(second)) == sign
    assert Duration.of(second).compare(Duration.of(first)) == (None if sign is None else -sign)


@pytest.mark.parametrize(
    ("text", "number", "product"),
    [
        ("24 hours", Decimal("0.5"), "12 hours"),
        ("2 weeks", 1.5, "3 weeks"),
        ("1 day", 0.1, "2 hours 24 minutes"),
        ("1 month", 3, "3 months"),
        ("1 year", 0.5, "6 months"),
        ("1 working day", 0.5, "0.5 working days"),
        ("3 working days", Decimal(1) / 3, "1 working day"),
        ("4 working hours", 1.25, "5 working hours"),
        ("1 working day 2 working hours", 2, "2 working days 4 working hours"),
        ("6 个月", 0, "0 months"),
    ],
)
def test_durations_are_multiplied(text: str, number: Any, product: str) -> None:
    """A number times a duration keeps its kind and its unit."""
    assert str(Duration.of(text).times(number)) == product


@pytest.mark.parametrize(
    ("text", "number"), [("1 month", 0.5), ("1 day", -1), ("1 day", float("nan")), ("1 day", Decimal("Infinity"))]
)
def test_products_that_are_no_duration(text: str, number: Any) -> None:
    """Half a month, and negative or endless times, are refused."""
    with pytest.raises(FactError) as caught:
        Duration.of(text).times(number)

    assert caught.value.reason == "duration"


def test_values_of_expressions() -> None:
    """A duration goes into expressions as the value of its kind, and comes back from it."""
    values = {
        "2 weeks": timedelta(weeks=2),
        "1 year 6 months": YearsMonthsDuration(18),
        "1 working day 4 working hours": WorkingDuration(Decimal(1), timedelta(hours=4)),
    }
    for text, value in values.items():
        assert Duration.of(text).value() == value
        assert Duration.of_value(value) == Duration.of(text)
    for wrong in (timedelta(days=-1), YearsMonthsDuration(-1), 3, None):
        with pytest.raises(FactError):
            Duration.of_value(wrong)


def test_working_time_as_a_value() -> None:
    """Working time in expressions is multiplied, compared with its own kind, and says itself."""
    day, hours = WorkingDuration(Decimal(1)), WorkingDuration(time=timedelta(hours=8))

    assert day.times(2).compare(day) == 1
    assert day.compare(hours) is None
    assert day.compare(WorkingDuration(Decimal("1.0"))) == 0
    assert (str(day), hours.text("zh")) == ("1 working day", "8 个工作小时")
    assert day
    assert not day.times(0)


def test_durations_are_values() -> None:
    """Durations pickle and print what they are."""
    duration = Duration.of("1 working day 4 working hours")

    assert pickle.loads(pickle.dumps(duration)) == duration
    assert str(pickle.loads(pickle.dumps(duration))) == "1 working day 4 working hours"
