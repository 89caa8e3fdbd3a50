"""Laws of the expression language: its interpreters agree, and what checks does not fail by type."""

from __future__ import annotations

import pickle
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relflow import feel
from relflow.errors import FeelError
from relflow.feel import Checked, Emitter, Pool, Scope, check_expression, check_tests, entered, reasons, record, show
from relflow.values import identical, kind_of, same_number
from tests.strategies import feel as made

RELAXED = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
BY_TYPE = {
    reasons.NOT_COMPARABLE,
    reasons.NO_OPERATION,
    reasons.NOT_A_CONDITION,
    reasons.NO_FIELD,
    reasons.NO_NAME,
    reasons.NOT_A_FUNCTION,
    reasons.WRONG_ARGUMENTS,
    reasons.UNKNOWN_KIND,
}


def same(first: Any, second: Any) -> bool:
    """Whether two results are the same value."""
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if kind_of(first) == kind_of(second) == "number":
        return same_number(first, second)
    return bool(identical(first, second))


def build(checked: Checked, kind: str, *, safe: bool, constants: dict[str, Any] | None = None) -> Any:
    """A function of the facts made from generated source, and its guard."""
    pool = Pool()
    names = {name: f"v{index}" for index, name in enumerate(made.FACTS)}
    emitter = Emitter(pool, names, constants, safe=safe)
    body = getattr(emitter, kind)(checked, input="v_in")
    guarded = [name for name in checked.reads if name not in (constants or {})]
    guards = [emitter.guard(name, made.FACTS[name], names[name]) for name in guarded]
    if checked.input is not None:
        guards.append(emitter.guard("?", checked.input, "v_in"))
    parameters = ("_now", "v_in", *names.values())
    function = pool.build("f", parameters, body)
    guard = pool.build("g", parameters, " and ".join(guards) or "True")
    return function, guard


def agree(checked: Checked, facts: dict[str, Any], value: Any = None) -> None:
    """General code, fast code behind its guard, and the recording twin give the same."""
    given_values = (None, entered(value), *(entered(facts[name]) for name in made.FACTS))
    general, _ = build(checked, "value", safe=True)
    expected = general(*given_values)
    twin = record(checked, facts, input=value)
    assert same(twin.value, expected)
    for kind in ("value", "ternary", "truth"):
        fast, guard = build(checked, kind, safe=False)
        slow, _ = build(checked, kind, safe=True)
        wanted = slow(*given_values)
        scalar = {name: not isinstance(type_, feel.ListType | feel.RecordType) for name, type_ in made.FACTS.items()}
        raw = (None, value, *(facts[name] if scalar[name] else entered(facts[name]) for name in made.FACTS))
        got = fast(*raw) if guard(*raw) else wanted
        if kind == "truth":
            assert bool(got) is (expected is True)
            assert bool(wanted) is (expected is True)
        elif kind == "ternary":
            assert got is wanted
        else:
            assert same(got, expected)


@RELAXED
@given(text=made.expressions(), facts=made.records)
def test_interpreters_agree_on_expressions(text: str, facts: dict[str, Any]) -> None:
    """Straight code, general code and the recording twin of an expression give one value."""
    agree(check_expression(text, made.SCOPE), facts)


@RELAXED
@given(text=made.conditions(2), facts=made.records)
def test_interpreters_agree_on_conditions(text: str, facts: dict[str, Any]) -> None:
    """They agree on conditions, also where only truth matters."""
    agree(check_expression(text, made.SCOPE, feel.BOOLEAN), facts)


@RELAXED
@given(text=made.cells(1), facts=made.records, value=made.number_values)
def test_interpreters_agree_on_cells(text: str, facts: dict[str, Any], value: Any) -> None:
    """They agree on cells of unary tests."""
    agree(check_tests(text, made.SCOPE, feel.NUMBER), facts, value)


@RELAXED
@given(
    text=made.conditions(2), facts=made.records, names=st.sets(st.sampled_from(("years", "amount", "tier", "since")))
)
def test_values_known_at_load_fold_to_the_same(text: str, facts: dict[str, Any], names: set[str]) -> None:
    """A parameter that is folded into the code gives what it gives as a variable."""
    checked = check_expression(text, made.SCOPE, feel.BOOLEAN)
    clean = {name: entered(value) for name, value in facts.items()}
    constants = {name: clean[name] for name in names if clean[name] is not None}
    given_values = (None, None, *(clean[name] for name in made.FACTS))
    expected = build(checked, "value", safe=True)[0](*given_values)

    for safe in (True, False):
        function, guard = build(checked, "value", safe=safe, constants=constants)
        truth, narrow = build(checked, "truth", safe=safe, constants=constants)
        if safe or guard(*given_values):
            assert same(function(*given_values), expected)
        if safe or narrow(*given_values):
            assert bool(truth(*given_values)) is (expected is True)


@RELAXED
@given(text=made.expressions(), facts=made.records)
def test_types_do_not_change_values(text: str, facts: dict[str, Any]) -> None:
    """An expression over declared facts gives what the same text gives where nothing is declared."""
    typed = feel.parse(text, made.SCOPE).evaluate(facts)

    untyped = feel.parse(
        text,
        Scope.of(
            dict.fromkeys(made.FACTS, feel.ANY) | {"orders": made.FACTS["orders"], "best order": made.ORDER}, open=True
        ),
    ).evaluate(facts)

    assert same(typed, untyped)


@RELAXED
@given(text=made.expressions(), facts=made.records)
def test_what_checks_does_not_fail_by_type(text: str, facts: dict[str, Any]) -> None:
    """No finding at load means that nothing becomes null at run time because of the kind of a value."""
    checked = check_expression(text, made.SCOPE)

    assert checked.ok, [found.text() for found in checked.diagnostics]
    for reason in record(checked, facts).reasons:
        assert reason.reason.message not in BY_TYPE, (text, reason.reason.message.text.text(), reason.node)


@RELAXED
@given(text=st.one_of(made.expressions(), made.conditions(3)))
def test_printing_and_parsing_give_the_tree_back(text: str) -> None:
    """`parse(str(parse(x))) == parse(x)`."""
    tree = check_expression(text, made.SCOPE).tree

    assert tree is not None
    assert check_expression(show(tree), made.SCOPE).tree == tree


@RELAXED
@given(text=made.cells(2))
def test_printing_and_parsing_give_the_cell_back(text: str) -> None:
    """The same for cells."""
    tree = check_tests(text, made.SCOPE, feel.NUMBER).tree

    assert tree is not None
    assert check_tests(show(tree), made.SCOPE, feel.NUMBER).tree == tree


@RELAXED
@given(text=made.expressions(1), facts=made.records)
def test_pickled_expressions_evaluate_alike(text: str, facts: dict[str, Any]) -> None:
    """An expression that went through pickle is equal and gives the same value."""
    expression = feel.parse(text, made.SCOPE)

    copy = pickle.loads(pickle.dumps(expression))

    assert copy == expression
    assert same(copy.evaluate(facts), expression.evaluate(facts))


_PIECES = r"""
if then else for in return some every satisfies and or not( true false null function(x) ( ) [ ] { } : , . .. + - * **
/ < <= = != >= > between instance of list< > @"P1D" "a" 1 2.5 5万 x y item partial ? date( time( sum( sort( count(
string( // /* */ \ ' | 年 🐎 .5 1..2 ]1..2[ {a:1} [1,2] context<a: number> "\u0041"
"""
_WORDS = st.sampled_from(_PIECES.split())


@given(words=st.lists(_WORDS, max_size=12), context=st.dictionaries(st.sampled_from(("x", "y")), made.number_values))
def test_no_text_raises_anything_but_the_documented_error(words: list[str], context: dict[str, Any]) -> None:
    """Whatever the text, evaluation gives a value or FeelError."""
    text = " ".join(words)
    try:
        expression = feel.parse(text, Scope.of(dict.fromkeys(context, feel.ANY), open=True))
    except FeelError:
        return
    expression.evaluate(context)
    assert feel.parse(str(expression), Scope.of(dict.fromkeys(context, feel.ANY), open=True)) == expression
