"""Generated source: what a larger function is fused from, and what its guards promise."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from relflow import feel
from relflow.feel import Emitter, Pool, Scope

NAMES = {
    "amount": feel.NumberType("CNY", 0),
    "years": feel.NUMBER,
    "tier": feel.StringType(levels=("strategic", "key", "regular"), scheme="tier"),
    "vip": feel.BOOLEAN,
    "since": feel.DATE,
    "limit": feel.NUMBER,
}
SCOPE = Scope.of(NAMES)
LOCALS = {name: name for name in NAMES}


def emitted(text: str, kind: str = "truth", **options: Any) -> str:
    """The straight source of a condition over the names."""
    emitter = Emitter(Pool(), LOCALS, safe=False, **options)
    return str(getattr(emitter, kind)(feel.check_expression(text, SCOPE)))


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("amount >= 5000万", "(amount is not None and amount >= 50000000)"),
        ("years < 0.5", "(years is not None and years < 0.5)"),
        ('tier = "key"', "(tier == 'key')"),
        ('tier != "key"', "(tier != 'key')"),
        ("vip", "vip"),
        ("not(vip)", "(vip is False)"),
        ("years = null", "(years is None)"),
        ("vip and years > 3", "(vip and (years is not None and years > 3))"),
        ("years in [1..5)", "(years is not None and (1 <= years < 5))"),
        ("2 + 3 * 4 > years", "(years is not None and 14 > years)"),
        ("if vip then true else years > 3", "(True if vip else (years is not None and years > 3))"),
    ],
)
def test_straight_conditions(text: str, source: str) -> None:
    """A condition on guarded values is the comparison that a person would write."""
    assert emitted(text) == source


def test_three_answers_where_they_are_asked_for() -> None:
    """Null comes through where more than truth matters, and not where it cannot arise."""
    assert emitted("years > 3", "ternary") == "(None if years is None else years > 3)"
    assert emitted('tier = "key"', "ternary") == "(tier == 'key')"
    assert emitted("years > 3", "ternary", nullable=()) == "(years > 3)"
    assert emitted("years > 3", "truth", nullable=()) == "(years > 3)"


def test_guards_ask_for_what_the_code_relies_on() -> None:
    """Comparisons need a finite number, arithmetic a small one; texts and booleans need their class."""
    emitter = Emitter(Pool(), LOCALS, safe=False)
    emitter.truth(feel.check_expression('years > 3 and amount + 1 > 2 and tier = "key" and vip', SCOPE))
    guards = {name: emitter.guard(name, type_, name) for name, type_ in NAMES.items()}
    passing: dict[str, list[Any]] = {
        "years": [None, 5, 10**40, 0.5],
        "amount": [None, 5, 0.5],
        "tier": [None, "key"],
        "vip": [None, True],
        "since": [None, date(2026, 1, 1)],
    }
    stopping: dict[str, list[Any]] = {
        "years": [True, "5", Decimal(5), float("nan"), float("inf")],
        "amount": [10**15, float("nan"), False],
        "tier": [5],
        "vip": [1, "true"],
        "since": ["2026-01-01"],
    }
    pool = Pool()

    for wanted, table in ((True, passing), (False, stopping)):
        for name, values in table.items():
            guard = pool.build("guard", (name,), guards[name])
            assert [bool(guard(value)) for value in values] == [wanted] * len(values), name


def test_constants_are_folded_away() -> None:
    """A name with a value known now leaves no variable behind."""
    source = emitted("years + limit * 2 >= limit", constants={"limit": 5})

    assert "limit" not in source
    assert source == "((_x1 := (years + 10 if years.__class__ is _int else _add(years, 10))) is not None and _x1 >= 5)"
    assert emitted("limit * 2 + 0.5 > years", constants={"limit": 5}) == "(years is not None and 10.5 > years)"
    assert emitted("limit / 0 = null", constants={"limit": 5}) == "(_divide(5, 0) is None)"


def test_cells_become_tests_of_a_local() -> None:
    """A cell is emitted against the source of its input value."""
    emitter = Emitter(Pool(), LOCALS, safe=False)

    cell = feel.check_tests("strategic, key", SCOPE, NAMES["tier"])
    source = emitter.truth(cell, input="v0")

    function = emitter.pool.build("cell", ("v0",), source)
    assert [bool(function(value)) for value in ("key", "regular", None)] == [True, False, False]


def test_several_expressions_share_a_pool_that_pickles() -> None:
    """Source and pool together can be built again elsewhere."""
    pool = Pool()
    emitter = Emitter(pool, LOCALS)
    sources = [
        emitter.value(feel.check_expression(text, SCOPE))
        for text in ("amount * 0.1", 'since + @"P1D"', "sum([amount, years])", "[for i in 1..2 return i + years]")
    ]
    body = f"({', '.join(sources)})"

    again = pickle.loads(pickle.dumps(pool)).build("f", ("_now", *NAMES), body)

    values = (None, 5, 3, "key", True, date(2026, 1, 1), 0)
    assert again(*values) == (Decimal("0.5"), date(2026, 1, 2), 8, [[4, 5]])
    assert again(*values) == pool.build("f", ("_now", *NAMES), body)(*values)


def test_checked_expressions_pickle_with_their_types() -> None:
    """The straight code is the same on the other side."""
    checked = feel.check_expression('years > 3 and tier = "key"', SCOPE)

    copy = pickle.loads(pickle.dumps(checked))

    sources = [Emitter(Pool(), LOCALS, safe=False).truth(each) for each in (checked, copy)]
    assert sources[0] == sources[1]
    assert copy.reads == checked.reads


def test_an_expression_with_errors_is_not_emitted() -> None:
    """What was refused cannot be compiled by mistake."""
    with pytest.raises(ValueError, match="errors"):
        Emitter(Pool(), LOCALS).value(feel.check_expression("amout", SCOPE))


@pytest.mark.parametrize("text", ['"{x}"', '"{}"', '"%s{0}"', '{"a{b}": 1}', '{"}": "{"}', 'name["{" in (">".."~")]'])
def test_braces_in_texts_are_only_text(text: str) -> None:
    """User text inside templates of generated code stays text."""
    scope = Scope.of({"name": feel.STRING, "{odd}": feel.NUMBER}, open=True)
    safe = feel.parse(text, scope).evaluate({"name": "n"})

    checked = feel.check_expression(text, Scope.of({"name": feel.STRING}))
    emitter = Emitter(Pool(), {"name": "name"}, safe=False)

    assert emitter.pool.build("f", ("name",), emitter.value(checked))("n") == safe
