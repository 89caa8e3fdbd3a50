"""Types: which fit where, and how they are written."""

from __future__ import annotations

import pytest

from relflow import feel
from relflow.feel import conforms, join, joins

RECORD = feel.RecordType((("a", feel.NUMBER), ("b", feel.STRING)))
NARROW = feel.RecordType((("a", feel.NUMBER),))


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (feel.NumberType("CNY", 0), "number"),
        (feel.StringType(one_of=("a",)), "string"),
        (feel.ListType(feel.DATE_TIME), "list<date and time>"),
        (RECORD, "context<a: number, b: string>"),
        (feel.RangeType(feel.DATE), "range<date>"),
        (feel.FunctionType((feel.NUMBER,), feel.ANY), "function<number> -> Any"),
        (feel.MONTHS_DURATION, "years and months duration"),
        (feel.NULL, "Null"),
    ],
)
def test_types_are_written_in_the_words_of_the_standard(type_: feel.Type, text: str) -> None:
    """`str` is the type as it stands after `instance of`."""
    assert str(type_) == text
    assert feel.parse(f"null instance of {text}").tree == feel.tree.InstanceOf(feel.tree.Null(), feel_type(text))


def feel_type(text: str) -> feel.Type:
    """The type that a text spells."""
    node = feel.parse(f"x instance of {text}").tree
    assert isinstance(node, feel.tree.InstanceOf)
    return node.type


def test_conformance_follows_the_lattice() -> None:
    """Null is below and Any above; lists go by their items, records by their fields, functions both ways."""
    assert conforms(feel.NULL, feel.NUMBER)
    assert conforms(feel.NUMBER, feel.ANY)
    assert not conforms(feel.ANY, feel.NUMBER)
    assert conforms(feel.ListType(feel.NULL), feel.ListType(feel.STRING))
    assert not conforms(feel.ListType(feel.NUMBER), feel.ListType(feel.STRING))
    assert conforms(RECORD, NARROW)
    assert not conforms(NARROW, RECORD)
    wide = feel.FunctionType((feel.ANY,), feel.NUMBER)
    assert conforms(wide, feel.FunctionType((feel.STRING,), feel.ANY))
    assert not conforms(feel.FunctionType((feel.STRING,), feel.NUMBER), wide)


def test_only_values_of_one_kind_can_be_equal() -> None:
    """`joins` asks for kinds, not for units or allowed texts."""
    assert joins(feel.NumberType("CNY"), feel.NumberType("USD"))
    assert joins(feel.ANY, feel.DATE)
    assert joins(feel.ListType(feel.NULL), feel.ListType(feel.DATE))
    assert not joins(feel.DATE, feel.DATE_TIME)
    assert not joins(feel.DAYS_DURATION, feel.MONTHS_DURATION)
    assert not joins(RECORD, feel.RecordType((("a", feel.STRING),)))


def test_joining_keeps_what_both_sides_share() -> None:
    """The narrowest common type: units that agree, all texts of both, fields of both."""
    assert join(feel.NumberType("CNY"), feel.NumberType("CNY", 0)) == feel.NumberType("CNY")
    assert join(feel.NumberType("CNY"), feel.NumberType("USD")) == feel.NUMBER
    assert join(feel.StringType(one_of=("a",)), feel.StringType(one_of=("b", "a"))) == feel.StringType(
        one_of=("a", "b")
    )
    assert join(feel.NULL, feel.DATE) == feel.DATE
    assert join(feel.DATE, feel.NUMBER) == feel.ANY
    joined = join(RECORD, NARROW)
    assert isinstance(joined, feel.RecordType)
    assert joined.field("a") == feel.NUMBER
    assert joined.field("b") is None
    assert joined.open


def test_trees_compare_without_places_and_can_be_walked() -> None:
    """Nodes know where they stood, and that does not count."""
    first, second = feel.parse("a + 1").tree, feel.parse("a   +   1").tree

    assert first == second
    assert (first.start, first.end, second.end) == (0, 5, 9)
    assert [type(node).__name__ for node in feel.tree.walk(first)] == ["Arithmetic", "Name", "Number"]
