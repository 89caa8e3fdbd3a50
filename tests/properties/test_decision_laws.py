"""Laws of decisions: straight code and general run agree, and what is known stays true whatever is supplied."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from relflow import feel
from relflow.policy import Policy
from relflow.results import Decision
from relflow.rules import Question
from tests.strategies.decisions import COLUMNS, OUTPUTS, Example, completions, records, tables


def general(policy: Policy, record: dict[str, Any]) -> Decision:
    """The answer of the general run."""
    return Question(policy.program, "answer").decide(record)


def answer(decision: Decision) -> tuple[Any, bool, int]:
    """What two ways of deciding have to agree on."""
    return decision.value, decision.unknown, decision.row


@settings(max_examples=120)
@given(tables(), records())
def test_straight_code_and_general_run_agree(table: Example, record: dict[str, Any]) -> None:
    """The function made for a table answers as the run that knows every special case."""
    policy = table.load()

    assert answer(policy.decide("answer", record)) == answer(general(policy, record))


@given(tables(), records())
def test_a_recorded_run_answers_the_same(table: Example, record: dict[str, Any]) -> None:
    """The trace, made from the values that were kept, ends in the decision's own answer."""
    decision = table.load().decide("answer", record)

    last = decision.trace().steps[-1]

    assert (last.value, last.unknown, last.row) == answer(decision)


@settings(max_examples=70)
@given(tables(null=False), records())
def test_what_is_known_is_true_for_every_completion(table: Example, record: dict[str, Any]) -> None:
    """A known answer does not change when missing facts are supplied; tables that test for null are left aside."""
    if table.no_match:
        return
    policy = table.load()
    decision = policy.decide("answer", record)
    if decision.unknown:
        return

    answers = [policy.decide("answer", complete).value for complete in completions(record)]

    assert all(found == decision.value for found in answers)


@settings(max_examples=70)
@given(tables(null=False), records())
def test_with_all_facts_nothing_is_unknown(table: Example, record: dict[str, Any]) -> None:
    """Unknown is an answer about missing facts only."""
    policy = table.load()

    assert not any(policy.decide("answer", complete).unknown for complete in completions(record)[:20])


@settings(max_examples=100)
@given(tables(), records())
def test_general_run_agrees_with_a_plain_interpreter(table: Example, record: dict[str, Any]) -> None:
    """Row by row, cell by cell, with unary tests run one by one: plain DMN, which knows no missing facts."""
    plain = Example(table.policy, table.hit_policy, table.aggregation, True, table.rows, table.default)

    assert plain.load().decide("answer", record).value == interpreted(plain, record)


def interpreted(table: Example, record: dict[str, Any]) -> Any:
    """The answer of plain DMN, worked out the slow way."""
    hits = [output for cells, output in table.rows if all(map(holds, cells, COLUMNS, [record] * len(COLUMNS)))]
    values: list[Any] = [int(hit) for hit in hits] if table.aggregation != "list" else list(hits)
    default: Any = table.default
    match table.hit_policy:
        case "first":
            return hits[0] if hits else default
        case "unique":
            return default if not hits else hits[0] if len(hits) == 1 else None
        case "any":
            return default if not hits else hits[0] if len(set(hits)) == 1 else None
        case "priority":
            return min(hits, key=OUTPUTS.index) if hits else default
        case "output_order":
            return sorted(hits, key=OUTPUTS.index)
        case _:
            ways = {"list": list, "count": len, "sum": sum, "min": min, "max": max}
            return ways[table.aggregation](values) if values or table.aggregation in ("list", "count") else None


def holds(cell: str, column: str, record: dict[str, Any]) -> bool:
    """Whether a cell holds by FEEL's unary tests; a bare word is a text."""
    text = cell
    if column == "c":
        text = ", ".join(part if part in ("-", "null") or '"' in part else f'"{part}"' for part in cell.split(", "))
    return feel.unary_test(text, record.get(column)) is True
