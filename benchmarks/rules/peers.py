"""The same workload in the languages of other engines; an engine that is not installed is left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module, metadata
from typing import Any

from rules.floor import BIG_COLUMNS, CADENCE, Record, big_rows

__all__ = ["Peer", "peers"]

Decide = Callable[[Record], Any]
Test = tuple[str, str, Any]

NULLABLE = {
    "annual_volume_t",
    "annual_amount_cny",
    "strategic_importance",
    "payment_delay_days",
    "order_trend_pct",
    "credit_rating",
}
VOLUME, AMOUNT, IMPORTANCE = "annual_volume_t", "annual_amount_cny", "strategic_importance"
INFLUENCE, YEARS, CREDIT = "industry_influence", "years_active", "credit_rating"
TIER: list[tuple[list[Test], str]] = [
    ([(CREDIT, "in", ["D"])], "watch"),
    ([(VOLUME, ">=", 5000), (IMPORTANCE, ">=", 8), (CREDIT, "in", ["A", "B"])], "strategic"),
    ([(VOLUME, ">=", 5000), (AMOUNT, ">=", 20_000_000), (YEARS, ">=", 3)], "strategic"),
    ([(VOLUME, ">=", 2000), (AMOUNT, ">=", 10_000_000), (IMPORTANCE, ">=", 9), (INFLUENCE, ">=", 7)], "strategic"),
    ([(AMOUNT, ">=", 50_000_000), (CREDIT, "in", ["A", "B", "C"])], "strategic"),
    ([(VOLUME, ">=", 2000), (IMPORTANCE, ">=", 6)], "key"),
    ([(VOLUME, ">=", 500), (VOLUME, "<", 2000), (AMOUNT, ">=", 5_000_000), (YEARS, ">=", 2)], "key"),
    ([(IMPORTANCE, ">=", 8), (INFLUENCE, ">=", 8), (CREDIT, "in", ["A", "B"])], "key"),
    ([(VOLUME, ">=", 500), (VOLUME, "<", 2000), (INFLUENCE, ">=", 9), (YEARS, ">=", 5)], "key"),
    ([(VOLUME, "<", 50), (AMOUNT, "<", 200_000), (IMPORTANCE, "<", 3)], "watch"),
    ([(YEARS, "<", 1), (CREDIT, "null", None)], "watch"),
]
SCORE: list[tuple[str, int, str, list[tuple[int, int]], int]] = [
    (VOLUME, 0, ">=", [(5000, 250), (2000, 200), (500, 150), (100, 100)], 50),
    (AMOUNT, 0, ">=", [(20_000_000, 200), (5_000_000, 140), (1_000_000, 80)], 20),
    (IMPORTANCE, 40, ">=", [(9, 200), (7, 160), (5, 100), (3, 60)], 20),
    (INFLUENCE, 0, ">=", [(8, 150), (5, 90)], 30),
    (YEARS, 0, ">=", [(10, 100), (5, 70), (2, 40)], 10),
    ("payment_delay_days", 30, "<=", [(0, 100), (7, 80), (15, 50), (30, 20)], 0),
]
ATTACKED: Test = ("competitor_activity", "true", None)
RISKS: list[tuple[str, int, list[Any]]] = [
    ("late_payment", 3, [("payment_delay_days", ">", 30)]),
    ("late_and_weak_credit", 2, [("payment_delay_days", ">", 15), (CREDIT, "in", ["C", "D"])]),
    ("orders_collapsing", 3, [("order_trend_pct", "<=", -20.3)]),
    ("orders_shrinking_under_attack", 2, [("order_trend_pct", "<=", -9.9), ATTACKED]),
    ("many_complaints", 2, [("complaint_count_90d", ">=", 3)]),
    ("complaint_from_vip", 2, [("complaint_count_90d", ">=", 1), [(IMPORTANCE, ">=", 8), (INFLUENCE, ">=", 8)]]),
    ("new_and_courted", 1, [ATTACKED, (YEARS, "<", 2)]),
    ("credit_unknown_or_bad", 1, [[(CREDIT, "null", None), (CREDIT, "in", ["D"])]]),
    ("few_big_orders", 1, [("orders_per_year", "<=", 2), (AMOUNT, ">=", 1_000_000)]),
    (
        "fading_remote",
        1,
        [[(VOLUME, "null", None), (VOLUME, "<", 50)], ("region", "in", ["northeast", "northwest"]), (YEARS, ">=", 5)],
    ),
]
POINTS = {name: points for name, points, _ in RISKS}
CHAIN: list[tuple[list[Test], str]] = [
    ([(CREDIT, "in", ["D"])], "watch"),
    ([("score", ">=", 800)], "strategic"),
    ([("score", ">=", 700), (IMPORTANCE, ">=", 9)], "strategic"),
    ([("score", ">=", 550)], "key"),
    ([("score", ">=", 300)], "regular"),
]


@dataclass(frozen=True, slots=True)
class Peer:
    """Another engine: what it can do of the workload, ready to be called."""

    name: str
    tier: Decide
    full: Decide | None = None
    big: Callable[[int], Decide] | None = None


def peers() -> Iterator[Peer]:
    """Every engine that is installed here."""
    for make in (_datalogic, _zen, _cel):
        try:
            yield make()
        except ModuleNotFoundError as missing:
            print(f"left out: {missing.name} is not installed (pip install -e '.[bench]')")


def _label(distribution: str, language: str) -> str:
    return f"{distribution} {metadata.version(distribution)} ({language})"


# JSONLogic: null counts as 0 there, so a field that may be missing is guarded
def _logic(test: Any) -> Any:
    if isinstance(test, list):
        return {"or": [_logic(part) for part in test]}
    field, operator, value = test
    value_of = {"var": field}
    if operator == "null":
        return {"===": [value_of, None]}
    if operator == "true":
        return value_of
    if operator == "in":
        return {"in": [value_of, value]}
    compared = {operator: [value_of, value]}
    return {"and": [{"!==": [value_of, None]}, compared]} if field in NULLABLE else compared


def _all(tests: list[Any]) -> Any:
    return _logic(tests[0]) if len(tests) == 1 else {"and": [_logic(test) for test in tests]}


def _first(rows: Any, default: Any) -> Any:
    return {"if": [part for tests, answer in rows for part in (_all(tests), answer)] + [default]}


def _criterion(field: str, missing: int, operator: str, bands: list[tuple[int, int]], rest: int) -> Any:
    steps: list[Any] = [{"===": [{"var": field}, None]}, missing] if field in NULLABLE else []
    for bound, points in bands:
        steps += [{operator: [{"var": field}, bound]}, points]
    return {"if": [*steps, rest]}


def _datalogic() -> Peer:
    library = import_module("datalogic_py")
    engine = library.Engine()
    tier = engine.compile(_first(TIER, "regular"))
    score = engine.compile({"+": [_criterion(*criterion) for criterion in SCORE]})
    hits = [{"if": [_all(tests), name, ""]} for name, _, tests in RISKS]
    risks = engine.compile({"filter": [{"merge": hits}, {"var": ""}]})
    chain = engine.compile(_first(CHAIN, "watch"))
    cadence = [
        ([("chain_tier", "in", [tier_]), ("stage", "in", [stage]), ("channel", "in", [channel])], days)
        for (tier_, stage, channel), days in CADENCE.items()
    ]
    days = engine.compile(_first(cadence[:-1], cadence[-1][1]))

    def full(record: Record) -> Record:
        known = dict(record)
        known["score"] = score.evaluate(known)
        known["chain_tier"] = chain.evaluate(known)
        found = risks.evaluate(known)
        points = sum(POINTS[name] for name in found)
        return {
            "tier": tier.evaluate(known),
            "score": known["score"],
            "indicators": found,
            "level": "high" if points >= 6 else "medium" if points >= 3 else "low",
            "chain_tier": known["chain_tier"],
            "cadence_days": days.evaluate(known),
        }

    def big(count: int) -> Decide:
        rows = [
            ([(BIG_COLUMNS[0], "in", [a]), (BIG_COLUMNS[1], "in", [b]), (AMOUNT, ">=", low), (AMOUNT, "<", high),
              (BIG_COLUMNS[3], ">=", least)], answer)
            for a, b, low, high, least, answer in big_rows(count)
        ]  # fmt: skip
        decide: Decide = engine.compile(_first(rows, count - 1)).evaluate
        return decide

    return Peer(_label("datalogic-py", "JSONLogic, Rust"), tier.evaluate, full, big)


def _zen() -> Peer:
    library = import_module("zen")
    fields = (VOLUME, AMOUNT, IMPORTANCE, INFLUENCE, YEARS, CREDIT)

    def cell(tests: list[Test], field: str) -> str:
        mine = [test for test in tests if test[0] == field]
        if not mine:
            return ""
        if mine[0][1] == "in":
            return ", ".join(json.dumps(value) for value in mine[0][2])
        if mine[0][1] == "null":
            return "null"
        return " and ".join(f"{operator} {value}" for _, operator, value in mine)

    rules = [
        {"_id": str(number), **{field: cell(tests, field) for field in fields}, "out": json.dumps(answer)}
        for number, (tests, answer) in enumerate([*TIER, ([], "regular")])
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": field, "name": field, "field": field} for field in fields],
        "outputs": [{"id": "out", "name": "tier", "field": "tier"}],
        "rules": rules,
    }
    graph = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
            {"id": "t", "name": "t", "type": "decisionTableNode", "content": table, "position": {"x": 1, "y": 0}},
            {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "t", "type": "edge"},
            {"id": "2", "sourceId": "t", "targetId": "out", "type": "edge"},
        ],
    }
    decision = library.ZenEngine().create_decision(library.ZenDecisionContent(json.dumps(graph)))
    return Peer(_label("zen-engine", "JDM, Rust"), lambda record: decision.evaluate(record)["result"]["tier"])


def _cel() -> Peer:
    cel = import_module("cel_expr_python.cel")

    def text(test: Test) -> str:
        field, operator, value = test
        if operator == "null":
            return f"{field} == null"
        written = f"{field} in {json.dumps(value)}" if operator == "in" else f"{field} {operator} {value}"
        return f"({field} != null && {written})" if field in NULLABLE and operator != "in" else written

    expression = '"regular"'
    for tests, answer in reversed(TIER):
        expression = f"({' && '.join(map(text, tests))}) ? {json.dumps(answer)} : ({expression})"
    names = (VOLUME, AMOUNT, IMPORTANCE, INFLUENCE, YEARS, CREDIT)
    compiled = cel.NewEnv(variables=dict.fromkeys(names, cel.Type.DYN)).compile(expression)
    return Peer(_label("cel-expr-python", "CEL, C++"), lambda record: compiled.eval(data=record).value())
