"""The model is plain data."""

from __future__ import annotations

import dataclasses
import inspect
import pickle
from pathlib import Path

import pytest

import relflow.model
from relflow.diagnostics import Fragment
from relflow.model import Choice, Choices, Fields, Value, Wording
from relflow.reader import read_policy

CLASSES = [item for _, item in inspect.getmembers(relflow.model, inspect.isclass) if dataclasses.is_dataclass(item)]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_class_is_frozen_and_slotted(cls: type) -> None:
    """Nobody changes a model that others share, and none of its parts carries a dictionary."""
    assert cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert not hasattr(cls, "__dict__") or "__slots__" in vars(cls)


def test_model_survives_pickling() -> None:
    """A policy can be sent to another process, places included."""
    model, _ = read_policy(Path("tests/cases/reader/full"))

    assert pickle.loads(pickle.dumps(model)) == model


@pytest.mark.parametrize(
    ("text", "formula", "rest"),
    [
        ("= a + b", True, "a + b"),
        ("=a", True, "a"),
        ("30 days", False, "30 days"),
        ("a = b", False, "a = b"),
        ("", False, ""),
    ],
)
def test_value_is_a_formula_if_it_begins_with_an_equals_sign(text: str, formula: bool, rest: str) -> None:
    """As in a spreadsheet; the text of a formula is what follows the sign."""
    value = Value.of(Fragment.of(text))

    assert (value.formula, value.text.text) == (formula, rest)


def test_formula_keeps_its_place() -> None:
    """The place of a formula is the expression's, so that a finding inside it underlines the right characters."""
    value = Value.of(Fragment.of("=  amount * 2", "cell"))

    assert value.span.text == "amount * 2"
    assert value.text.at(9, 10).text == "2"


@pytest.mark.parametrize(
    ("text", "quoted", "null"),
    [("", False, True), ("null", False, True), ("~", False, True), ("null", True, False), ("nil", False, False)],
)
def test_null_is_written_without_quotes(text: str, quoted: bool, null: bool) -> None:
    """`null` says nothing, `"null"` is a text."""
    assert Value(Fragment.of(text), quoted=quoted).null is null


def test_fields_are_found_by_name() -> None:
    """Names keep their order and their places."""
    one, two = Value(Fragment.of("1")), Value(Fragment.of("2"))
    fields = Fields(((Fragment.of("a"), one), (Fragment.of("b"), two)), Fragment.of("").span)

    assert fields.get("b") is two
    assert fields.get("c") is None
    assert [name.text for name in fields.names()] == ["a", "b"]


def test_choices_know_their_labels() -> None:
    """Values in order, with what people call them where the policy says so."""
    label = Wording((("en", Fragment.of("High")),), Fragment.of("").span)
    choices = Choices((Choice(Fragment.of("high"), label), Choice(Fragment.of("low"))), False, Fragment.of("").span)

    assert choices.names() == ("high", "low")
    assert choices.labels() == {"high": label}
    assert label.text.text("en") == "High"
