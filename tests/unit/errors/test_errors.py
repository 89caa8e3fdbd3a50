"""The tree of errors."""

from __future__ import annotations

import pickle
import re

import pytest

from relflow import errors
from relflow.diagnostics import Message, Severity, Source, Span
from relflow.errors import FactError, FeelError, PolicyError, RefusedError, RelflowError

SPAN = Span(Source("f.yaml", "x\n"), 1, 1, 1, 2)
ERROR = Message.of("some-error", Severity.ERROR, "wrong", "有误")
HINT = Message.of("some-hint", Severity.HINT, "look", "注意")
CLASSES = [getattr(errors, name) for name in errors.__all__]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_is_ours_and_in_the_drawn_tree(kind: type[RelflowError]) -> None:
    """Catching RelflowError catches all, and the module's docstring draws each of them."""
    assert issubclass(kind, RelflowError)
    assert kind.__name__ in (errors.__doc__ or "")
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.default_reason)


def test_an_error_speaks_both_languages_and_pickles() -> None:
    """Reason, details and both texts survive a trip to another process."""
    error = RefusedError.of("role", "not yours", "无权操作", event="accept")
    again = pickle.loads(pickle.dumps(error))

    assert (again.reason, again.details, again.text("zh"), str(again)) == (
        "role",
        {"event": "accept"},
        "无权操作",
        "not yours",
    )
    assert type(again) is RefusedError


def test_the_reason_defaults_to_the_kind() -> None:
    """Without a reason of its own an error has that of its kind."""
    assert FactError("no number").reason == "fact"


@pytest.mark.parametrize("kind", [PolicyError, FeelError])
def test_findings_are_all_kept_and_the_errors_said(kind: type[PolicyError | FeelError]) -> None:
    """The exception's text holds the errors; hints stay in its diagnostics, ordered."""
    error = kind([HINT.at(SPAN), ERROR.at(SPAN)])
    again = pickle.loads(pickle.dumps(error))

    assert [found.name for found in again.diagnostics] == ["some-error", "some-hint"]
    assert "some-hint" not in str(error)
    assert error.text("zh").startswith("f.yaml:1:1: 错误[some-error]：有误")
