"""Parts that stand twice in an expression are computed once, and only where that is sure to be right."""

from __future__ import annotations

import pytest

from relflow import feel
from relflow.feel import Emitter, Pool, Scope
from relflow.feel.sharing import shared_parts

SCOPE = Scope.of({"xs": feel.ListType(feel.NUMBER), "a": feel.NUMBER, "r": feel.RecordType((("n", feel.NUMBER),))})


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("if sum(xs) > 5 then 1 else if sum(xs) > 3 then 2 else 3", 1),
        ("sum(xs) * sum(xs) + sum(xs)", 1),
        ("sum(xs) > 1 and sum(xs) < 5", 1),
        ("r.n + r.n", 1),
        ("count(xs[item > 1]) + count(xs[item > 1])", 1),
        ("if a > 1 then sum(xs) else sum(xs)", 0),
        ("a > 1 and sum(xs) > 1 or sum(xs) < 5", 0),
        ("for x in xs return x + sum(xs)", 0),
        ("sum(xs) + count(xs[item > sum(xs)])", 0),
        ("sum(xs) + 1", 0),
        ("min(if a > 1 then 0 else sum(xs), sum(xs))", 0),
        ("a > sum(xs) or sum(xs) > 3", 0),
        ("max(sum(xs), if a > 1 then sum(xs) else 0)", 1),
        ("a + a", 0),
    ],
)
def test_what_is_shared(text: str, count: int) -> None:
    """Only parts of which the first is computed in any case, outside of loops and filters."""
    tree = feel.check_expression(text, SCOPE).tree

    assert tree is not None
    assert len(set(map(id, shared_parts(tree).values()))) == count


@pytest.mark.parametrize("safe", [True, False])
def test_a_shared_part_is_computed_once(safe: bool) -> None:
    """The source holds one call, and its value is used again."""
    checked = feel.check_expression("if sum(xs) > 5 then sum(xs) else sum(xs) - 1", SCOPE)
    emitter = Emitter(Pool(), {"xs": "xs"}, safe=safe)

    source = emitter.value(checked)

    assert source.count("_sum(") == 1
    function = emitter.pool.build("f", ("xs",), source)
    assert [function([2, 4]), function([1, 1]), function(None)] == [6, 1, None]
