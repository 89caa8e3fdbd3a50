"""Findings as data."""

from __future__ import annotations

import pickle

import pytest

from relflow.diagnostics import Message, Severity, Source, Span, nearest, sort_key
from relflow.text import Text

SOURCE = Source("a.yaml", "x\ny\n")
SPAN = Span(SOURCE, 1, 1, 1, 2)
MESSAGE = Message.of("unknown-name", Severity.ERROR, "`{x}` is none of {known}", "`{x}` 不在 {known} 之内")


def test_fields_are_filled_as_each_language_writes_them() -> None:
    """A list of names has commas in English and the Chinese comma in Chinese; a text speaks the language."""
    label = Text((("en", "tier"), ("zh", "级别")))
    finding = MESSAGE.at(SPAN, x=label, known=("a", "b"))

    assert finding.text("en") == "`tier` is none of a, b"
    assert finding.text("zh") == "`级别` 不在 a、b 之内"


def test_braces_in_values_stay() -> None:
    """What a user wrote is never taken for a slot."""
    assert MESSAGE.at(SPAN, x="{known}", known=("{x}",)).text() == "`{known}` is none of {x}"


def test_a_finding_may_bring_its_own_remedy() -> None:
    """The remedy of the place wins over the message's."""
    own = Text((("en", "did you mean `{near}`?"), ("zh", "是否想写 `{near}`？")))

    assert MESSAGE.at(SPAN).help() is None
    assert MESSAGE.at(SPAN, help=own, near="b").help("zh") == "是否想写 `b`？"


def test_a_finding_is_json_and_pickles() -> None:
    """Programs get name, severity, place and texts; a finding survives a trip to another process."""
    finding = MESSAGE.at(SPAN, x="z", known=("a",))

    assert pickle.loads(pickle.dumps(finding)) == finding
    assert finding.to_dict() == {
        "name": "unknown-name",
        "severity": "error",
        "file": "a.yaml",
        "line": 1,
        "column": 1,
        "message": "`z` is none of a",
        "help": None,
    }


def test_findings_stand_in_order_of_file_place_and_weight() -> None:
    """File first, then line and column; at one place the worst comes first."""
    hint = Message.of("hint", Severity.HINT, "a", "甲")
    other = Span(Source("b.yaml", "x"), 1, 1, 1, 2)
    findings = [hint.at(other), hint.at(SPAN), MESSAGE.at(Span(SOURCE, 2, 1, 2, 2)), MESSAGE.at(SPAN)]
    ordered = sorted(findings, key=sort_key)

    assert [(f.span.source.name, f.span.line, f.name) for f in ordered] == [
        ("a.yaml", 1, "unknown-name"),
        ("a.yaml", 1, "hint"),
        ("a.yaml", 2, "unknown-name"),
        ("b.yaml", 1, "hint"),
    ]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("stratgic", "strategic"),
        ("Strategic", "strategic"),
        ("years-active", "years_active"),
        ("years active", "years_active"),
        ("年采购", "年采购额"),
        ("zzz", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_found(word: str, expected: str | None) -> None:
    """Typing slips, capitals, hyphens and blanks lead to the name that was meant; nothing like it leads nowhere."""
    assert nearest(word, ["strategic", "key", "years_active", "年采购额"]) == expected


@pytest.mark.parametrize("severity", list(Severity))
def test_severities_have_words(severity: Severity) -> None:
    """Each severity has its word in both languages."""
    assert severity.label("en") == severity.value
    assert severity.label("zh") != severity.value
