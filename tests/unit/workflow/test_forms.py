"""What people type becomes the data of an event, or a sentence at the field."""

from __future__ import annotations

from datetime import date

from relflow.values import WorkingDuration
from relflow.workflow import parse
from tests.strategies.scripts import compiled

FLOW = """
workflow: form
version: 1
roles: [seller]
records: {action: {title: {type: string}}}
data:
  amount: {type: number, min: 0}
  day: {type: date}
  time: {type: duration}
  kind: {type: string, one_of: [big, small]}
  kinds: {type: [string], one_of: [big, small]}
  free: {type: string}
  done: {type: boolean}
  actions: {type: [action]}
initial: a
states: {a: {final: true}}
"""


def test_each_field_is_read_as_its_type() -> None:
    """Numbers with 万, dates, durations in words, choices, truth, texts as they are."""
    form = parse(
        compiled(FLOW),
        {
            "amount": "5000万",
            "day": "2026-03-02",
            "time": "2 working days",
            "kind": "big",
            "kinds": ["big", "small"],
            "free": "= 1 + 1",
            "done": "true",
        },
    )

    assert form.ok
    assert form.data["amount"] == 50_000_000
    assert form.data["day"] == date(2026, 3, 2)
    assert form.data["time"] == WorkingDuration(2)  # type: ignore[arg-type]
    assert (form.data["kind"], form.data["kinds"]) == ("big", ["big", "small"])
    assert (form.data["free"], form.data["done"]) == ("= 1 + 1", True)


def test_an_empty_field_says_nothing() -> None:
    """Nothing entered is null, whatever the type."""
    form = parse(compiled(FLOW), {"amount": "", "kinds": [], "free": ""})

    assert (form.ok, form.data) == (True, {"amount": None, "kinds": None, "free": None})


def test_every_bad_field_gets_its_sentence() -> None:
    """All problems at once, each with its remedy, in both languages; the good fields are kept."""
    form = parse(
        compiled(FLOW),
        {"amount": "many", "day": "02.03.2026", "time": "3m", "kind": "bigg", "other": "x", "free": "kept"},
    )

    assert sorted(form.problems) == ["amount", "day", "kind", "other", "time"]
    assert form.data == {"free": "kept"}
    assert form.problems["kind"].text("en") == (
        "`bigg` is none of the values that may stand here (big, small); did you mean `big`?"
    )
    assert form.problems["kind"].text("zh") == "`bigg` 不在允许的取值之内（big、small）；是否想写 `big`？"
    assert form.problems["other"].text("zh") == "没有声明"


def test_a_text_is_a_text_even_if_it_says_null() -> None:
    """A customer may be called null."""
    assert parse(compiled(FLOW), {"free": "null"}).data == {"free": "null"}
