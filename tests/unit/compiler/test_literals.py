"""Literals of declared types, as analysts write them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relflow.compiler import read
from relflow.diagnostics import Diagnostic, Fragment
from relflow.feel import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    NUMBER,
    STRING,
    TIME,
    ListType,
    NumberType,
    RecordType,
    StringType,
    Type,
)
from relflow.model import Fields, Items, Value
from relflow.program import DURATION
from relflow.values import WorkingDuration, YearsMonthsDuration

SHANGHAI = ZoneInfo("Asia/Shanghai")


def value(text: str) -> Value:
    """A scalar as the reader gives it."""
    return Value.of(Fragment.of(text))


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ("5000万", NUMBER, 50_000_000),
        ("1.5亿", NUMBER, 150_000_000),
        ("80%", NUMBER, Decimal("0.8")),
        ("49_999_999", NUMBER, 49_999_999),
        ("-0.5", NUMBER, Decimal("-0.5")),
        ("true", BOOLEAN, True),
        ("no", STRING, "no"),
        ('"quoted"', STRING, "quoted"),
        ("key", StringType(levels=("key", "other"), scheme="tier"), "key"),
        ("2026-07-01", DATE, date(2026, 7, 1)),
        ("2026-07-01T09:30", DATE_TIME, datetime(2026, 7, 1, 9, 30, tzinfo=SHANGHAI)),
        ("09:30", TIME, time(9, 30)),
        ("24 hours", DURATION, timedelta(hours=24)),
        ("6 个月", DURATION, YearsMonthsDuration(6)),
        ("1 working day", DURATION, WorkingDuration(Decimal(1))),
        ("a, b", ListType(STRING), ["a", "b"]),
        ("[1, 2万]", ListType(NUMBER), [1, 20_000]),
        ("null", NUMBER, None),
        ("", STRING, None),
        ("12", ANY, 12),
        ("2026-07-01", ANY, date(2026, 7, 1)),
        ("hello", ANY, "hello"),
    ],
)
def test_literals_are_read_by_the_type_of_their_place(text: str, type_: Type, expected: Any) -> None:
    """The same text means what its place declares."""
    found = read(value(text), type_, SHANGHAI)

    assert found == expected
    assert found.__class__ is expected.__class__


@pytest.mark.parametrize(
    ("text", "type_", "name"),
    [
        ("ten", NUMBER, "wrong-type"),
        ("50,000", NUMBER, "wrong-type"),
        ("5", NumberType(minimum=6), "out-of-bounds"),
        ("7", NumberType(maximum=6), "out-of-bounds"),
        ("yes", BOOLEAN, "wrong-type"),
        ("2026-13-01", DATE, "wrong-type"),
        ("kee", StringType(levels=("key", "other"), scheme="tier"), "unknown-name"),
        ("fax", StringType(one_of=("mail", "phone")), "unknown-name"),
        ("3m", DURATION, "ambiguous-duration"),
    ],
)
def test_wrong_literals_are_findings_at_their_place(text: str, type_: Type, name: str) -> None:
    """They name the text and say what is expected, in both languages."""
    found = read(value(text), type_)

    assert isinstance(found, Diagnostic)
    assert (found.name, found.span.column) == (name, 1)
    assert found.text("en") != found.text("zh")


def test_lists_and_records_are_read_item_by_item() -> None:
    """A wrong item is found where it stands; a field that is not declared is named with the likely one."""
    order = RecordType((("amount", NUMBER), ("on", DATE)), "order")
    span = Fragment.of("").span
    good = Fields(((Fragment.of("amount"), value("5")), (Fragment.of("on"), value("2026-01-01"))), span)
    typo = Fields(((Fragment.of("amuont"), value("5")),), span)

    assert read(Items((good,), span), ListType(order)) == [{"amount": 5, "on": date(2026, 1, 1)}]
    wrong = read(Items((typo,), span), ListType(order))
    assert isinstance(wrong, Diagnostic)
    assert wrong.help("en") == "did you mean `amount`?"
    assert isinstance(read(good, NUMBER), Diagnostic)
    assert isinstance(read(Items((good,), span), NUMBER), Diagnostic)
