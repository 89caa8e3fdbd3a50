"""Names in the order of what they need, however deep that goes, and decisions as deep as they may go."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from relflow.policy import Policy, build
from relflow.program import MAX_CHAIN, in_order
from relflow.reader import read_text

GRAPHS = st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 8), max_size=4))


def row_of(count: int) -> Policy:
    """A policy with so many names in a row: a fact, then decisions that each add one to the one before."""
    lines = ["policy: x", "version: 1", "facts: {a: {type: number}, b: {type: number}}", "decisions:"]
    for number in reversed(range(1, count)):
        before = f"d{number - 1}" if number > 1 else "a"
        lines.append(
            f"  d{number}: {{output: {{type: number}}, expression: if {before} = null then b else {before} + 1}}"
        )
    return build(*read_text("\n".join(lines)))


@given(GRAPHS)
def test_each_name_stands_behind_what_it_needs(graph: dict[int, list[int]]) -> None:
    """Every reachable name once; behind each of its needs, unless these lead back to it."""
    needs = {str(name): [str(one) for one in found] for name, found in graph.items()}

    order = in_order(needs, lambda name: needs.get(name, []))

    assert sorted(order) == sorted({*needs, *(one for found in needs.values() for one in found)})
    for name, found in needs.items():
        for one in found:
            around = in_order([one], lambda inner: needs.get(inner, []))
            assert name in around or order.index(one) < order.index(name)


def test_the_longest_row_that_loads_is_decided_and_explained() -> None:
    """Straight code, the general run (a fact is missing) and the recording one go as deep as a policy may."""
    policy = row_of(MAX_CHAIN)
    last = f"d{MAX_CHAIN - 1}"

    assert policy.decide(last, {"a": 1, "b": 0}).value == MAX_CHAIN
    assert policy.decide(last, {"b": 5}).value == 5 + MAX_CHAIN - 2
    assert policy.decide(last, {}).unknown
    assert policy.explain(last, {"b": 5}).text()
    assert policy.decide(last, {"b": 5}).trace().steps
