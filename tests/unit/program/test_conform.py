"""Values of a host against declared types."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import pytest

from relflow.feel import BOOLEAN, DATE, DATE_TIME, NUMBER, STRING, ListType, NumberType, RecordType, StringType, Type
from relflow.program import DURATION, ConformError, conform
from relflow.values import Duration, YearsMonthsDuration


class Stage(StrEnum):
    """A host's own text."""

    NEW = "new"


class Rank(IntEnum):
    """A host's own number."""

    ONE = 1


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        (None, NUMBER, None),
        (float("nan"), NUMBER, None),
        (Decimal("NaN"), NUMBER, None),
        (Rank.ONE, NUMBER, 1),
        (Stage.NEW, StringType(one_of=("new", "old")), "new"),
        (True, BOOLEAN, True),
        (date(2026, 1, 1), DATE, date(2026, 1, 1)),
        (datetime(2026, 1, 1, tzinfo=UTC), DATE_TIME, datetime(2026, 1, 1, tzinfo=UTC)),
        (timedelta(days=3), DURATION, timedelta(days=3)),
        (Duration.of("3 months"), DURATION, YearsMonthsDuration(3)),
        ((1, 2.5), ListType(NUMBER), [1, 2.5]),
        ({"a": 1, "more": 2}, RecordType((("a", NUMBER), ("b", STRING))), {"a": 1, "b": None}),
    ],
)
def test_values_that_fit_come_out_as_expressions_see_them(value: Any, type_: Type, expected: Any) -> None:
    """Subclasses become plain values, NaN nothing, fields that are not declared stay outside."""
    found = conform(value, type_)

    assert found == expected
    assert found.__class__ is expected.__class__


@pytest.mark.parametrize(
    ("value", "type_", "reason"),
    [
        ("1", NUMBER, "type"),
        (True, NUMBER, "type"),
        (1, BOOLEAN, "type"),
        (1, STRING, "type"),
        ("x", StringType(one_of=("new", "old")), "one-of"),
        (5, NumberType(minimum=6), "bounds"),
        (7, NumberType(maximum=6), "bounds"),
        (float("inf"), NUMBER, "bounds"),
        (datetime(2026, 1, 1), DATE_TIME, "naive"),
        (datetime(2026, 1, 1, tzinfo=UTC), DATE, "type"),
        (3, DURATION, "type"),
        ("ab", ListType(STRING), "type"),
        ([1, "2"], ListType(NUMBER), "type"),
        ({"a": "x"}, RecordType((("a", NUMBER),)), "type"),
        (object(), NUMBER, "type"),
    ],
)
def test_values_that_do_not_fit_say_why(value: Any, type_: Type, reason: str) -> None:
    """In both languages, without the value."""
    with pytest.raises(ConformError) as caught:
        conform(value, type_)

    assert caught.value.reason == reason
    assert caught.value.text("en") != caught.value.text("zh")
