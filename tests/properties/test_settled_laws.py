"""Laws of conditions that are called settled: what is claimed of them holds for every value."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from relflow.compiler.expressions import Expressions
from relflow.diagnostics import Diagnostic, Fragment
from relflow.feel.types import BOOLEAN, NUMBER, STRING
from relflow.program import Broken, Code

NUMBERS = st.integers(0, 4)
TEXTS = st.sampled_from(["p", "q"])
COMPARISONS = st.builds("{} {} {}".format, st.just("a"), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), NUMBERS)
TURNED = st.builds("{} {} a".format, NUMBERS, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]))
RANGES = st.builds("a in {}{}..{}{}".format, st.sampled_from("[("), NUMBERS, NUMBERS, st.sampled_from("])"))
BETWEENS = st.builds("a between {} and {}".format, NUMBERS, NUMBERS)
NAMES = st.builds('t {} "{}"'.format, st.sampled_from(["=", "!="]), TEXTS)
LISTS = st.builds('t in ("{}", "{}")'.format, TEXTS, TEXTS)
LEAVES = st.one_of(
    COMPARISONS, TURNED, RANGES, BETWEENS, NAMES, LISTS, st.sampled_from(["f", "a = null", "a != null", "t = null"])
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not({})".format, inner),
    ),
    max_leaves=6,
)
VALUES = [*(Decimal(number) / 2 for number in range(-1, 10)), None]


OPERATORS = ["=", "!=", "<", "<=", ">", ">="]
SIMPLE = [f"a {operator} {number}" for operator in OPERATORS for number in (1, 2)]


def compiled(text: str) -> tuple[Code | Broken, list[Diagnostic]]:
    """A condition over a number, a text and a boolean, and what was found in it."""
    expressions = Expressions([], (), {"a": NUMBER, "t": STRING, "f": BOOLEAN})
    return expressions.condition(Fragment.of(text)), expressions.diagnostics


@pytest.mark.parametrize("word", ["and", "or"])
def test_two_comparisons_are_settled_exactly_when_no_number_tells(word: str) -> None:
    """Each pair of comparisons with two bounds: whatever is settled is told, and nothing else is."""
    for one, other in product(SIMPLE, SIMPLE):
        code, found = compiled(f"{one} {word} {other}")
        assert isinstance(code, Code)
        answers = {code.call(None, value) for value in VALUES if value is not None}
        told = {"never-true"} if answers == {False} else {"always-true"} if answers == {True} else set()
        assert {finding.name for finding in found} == told, (one, other)


@settings(max_examples=300)
@given(CONDITIONS)
@example("(a > 3 and a < 2)")
@example("(a <= 3 or a > 3)")
@example("(a != 0 and a = null)")
@example("(not(t = null) or t = null)")
@example("((a = 1 or a = 2) and not(a < 3))")
def test_what_is_called_settled_is_settled(text: str) -> None:
    """A whole condition called never true is true for no values, one called always true is false for none."""
    code, found = compiled(text)
    assume(isinstance(code, Code))  # a range from above to below is refused
    assert isinstance(code, Code)
    whole = {one.name for one in found if one.span.end_column - one.span.column >= len(text) - 2}
    for name in whole & {"never-true", "always-true"}:
        for values in product(VALUES, ["p", "q", "r", None], [True, False, None]):
            known = dict(zip("atf", values, strict=True))
            answer = code.call(None, *[known[one] for one in code.reads])
            assert answer is not (name == "never-true"), known
